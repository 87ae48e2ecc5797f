package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Arrivals;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two clients, on node 1 and node 2, with the same endpoint and a server on node 0. Names finish the sentence "a client that calls
 * with an endpoint which has a stub of another node …".
 */
@Tag("R-CMD-14")
@Tag("R-PXY-11")
class ClaimsTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 40;

    private Nodes nodes;
    private KernelCore kernel;
    private Program server;
    private int count;
    /** A node whose words do not get to node 0 now. */
    private int silent;
    private int refused;

    ClaimsTest() throws DvsException {
        on(new Nodes(4), 4);
    }

    private void on(Nodes those, int size) throws DvsException {
        nodes = those;
        count = size;
        kernel = nodes.kernel(0);
        server = nodes.bind(0, SERVER);
    }

    private Program program(int node) throws DvsException {
        return nodes.bindHere(node, CLIENT, BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    /** As the proxies with {@code autobind} on: what comes to node 0 from clients that are not bound there binds them. */
    private void settle() {
        for (int node = 1; node < count; node++) {
            ProxyPair out = nodes.link(0, node).pairOf(node);
            ProxyPair in = nodes.link(0, node).pairOf(0);
            Command command = new Command();
            while (node != silent && out.poll(command)) {
                in.put2lcl(new Command().set(command), new Binding(in));
            }
        }
        nodes.settle();
    }

    private final class Binding implements Arrivals {
        private final ProxyPair pair;

        Binding(ProxyPair pair) {
            this.pair = pair;
        }

        @Override
        public boolean next(Command into) {
            return false;
        }

        @Override
        public void refused(int rcode) {
            refused++;
        }

        @Override
        public int unbound(Command command, int rcode) {
            autobind(command.source, command.sourceNode);
            return pair.put2lcl(command);
        }
    }

    private boolean autobind(int client, int node) {
        try {
            kernel.autobind(Nodes.DC, client, "rclient", node);
            return true;
        } catch (DvsException e) {
            assertTrue(List.of(ErrorCode.AGAIN, ErrorCode.SLOTUSED).contains(e.code()), e.getMessage());
            return false;
        }
    }

    private Heard asks(Program client, int number) {
        Heard asked = client.sendrec(SERVER, number);
        carry();
        return asked;
    }

    /** Lets time pass in which calls that are to be made again are, some times. */
    private void carry() {
        settle();
        for (int i = 0; i < 6; i++) {
            nodes.pass(Migrations.RETRY_MS);
            settle();
        }
    }

    private void isServed(Heard asked, int client, int number) {
        Heard received = server.receive();
        settle();
        received.brings(client, number);
        server.reply(client, -number);
        settle();
        asked.brings(SERVER, -number);
    }

    private Program served(int node) throws DvsException {
        Program client = program(node);
        isServed(asks(client, 1), client.number(), 1);
        return client;
    }

    private int node() throws DvsException {
        return kernel.process(Nodes.DC, CLIENT).node();
    }

    // ---- its process lives

    @Test
    void isRefusedWhileTheOtherOneLivesWhoseCallGoesOn() throws DvsException {
        Program running = served(1);
        Heard asked = running.sendrec(SERVER, 2);
        Heard received = server.receive();
        settle();
        received.brings(CLIENT, 2);
        Program other = program(2);
        Heard refused = asks(other, 3);
        refused.fails(ErrorCode.SLOTUSED);
        Proc caller = ((LoopEndpoint) other.self).proc();
        assertEquals(": node 0, where it lives, serves a program of node 1 that has the caller's endpoint, 40, and has not ended",
                caller.dc.explanation.ofCall(refused.rcode(), caller, SERVER));
        asks(other, 4).fails(ErrorCode.SLOTUSED);
        asked.waits();
        server.reply(CLIENT, -2);
        settle();
        asked.brings(SERVER, -2);
        assertEquals(1, node());
        running.close();
        isServed(asks(other, 5), CLIENT, 5);
        assertEquals(2, node());
    }

    @Test
    void isRefusedWhoeverElseCallsMeanwhileAndHoweverLongThatIs() throws DvsException {
        served(1);
        Program second = program(2);
        Program third = program(3);
        for (int i = 0; i < 5; i++) {
            asks(second, 2).fails(ErrorCode.SLOTUSED);
            asks(third, 3).fails(ErrorCode.SLOTUSED);
            nodes.pass(i * Claims.HOLDS_MS / 2);
        }
        assertEquals(1, node());
    }

    @Test
    void isRefusedWhereTheOtherNodeDoesNotSayInTime() throws DvsException {
        served(1);
        nodes.link(0, 1).hold(1);
        Program other = program(2);
        Heard asked = asks(other, 2).waits();
        nodes.pass(Claims.ANSWER_MS);
        carry();
        asked.fails(ErrorCode.SLOTUSED);
        assertEquals(1, node());
    }

    @Test
    void isRefusedWhereItsGenerationIsALaterOne() throws DvsException {
        on(new Nodes(3, DvsParameters.DEFAULT, DcSettings::countingGenerations), 3);
        Program running = served(1);
        program(2).close();
        Program later = program(2);
        assertTrue(later.number() > running.number());
        asks(later, 2).fails(ErrorCode.SLOTUSED);
        running.close();
        isServed(asks(later, 3), later.number(), 3);
    }

    // ---- its process has ended

    @Test
    void isTakenWhenTheWordOfTheOthersEndIsStillUnderWay() throws DvsException {
        Program ended = served(1);
        nodes.link(0, 1).hold(0);
        silent = 1;
        ended.close();
        Program next = program(2);
        Heard asked = asks(next, 2).waits();
        silent = 0;
        nodes.link(0, 1).release(0);
        carry();
        isServed(asked, CLIENT, 2);
        assertEquals(2, node());
    }

    @Test
    void isTakenWhereSomebodyBoundTheOtherOneWhichIsNotThere() throws DvsException {
        kernel.rmtbind(Nodes.DC, CLIENT, "elsewhere", 1);
        Program next = program(2);
        assertFalse(autobind(CLIENT, 2));
        isServed(asks(next, 2), CLIENT, 2);
        assertEquals(2, node());
    }

    @Test
    void isTakenWhereNodesSendEachOtherAfterAProcessThatNoneHas() throws DvsException {
        kernel.rmtbind(Nodes.DC, CLIENT, "elsewhere", 1);
        nodes.kernel(1).rmtbind(Nodes.DC, CLIENT, "elsewhere", 2);
        nodes.kernel(2).rmtbind(Nodes.DC, CLIENT, "elsewhere", 1);
        Program next = program(3);
        Heard asked = asks(next, 2);
        carry();
        carry();
        isServed(asked, CLIENT, 2);
        assertEquals(3, node());
    }

    @Test
    void isTakenWhereTheOtherNodeIsNotConnected() throws DvsException {
        Program running = served(1);
        nodes.link(0, 1).drop();
        Program next = program(2);
        assertTrue(autobind(CLIENT, 2));
        isServed(asks(next, 2), CLIENT, 2);
        nodes.link(0, 1).connect();
        asks(running, 3).fails(ErrorCode.SLOTUSED);
    }

    @Test
    void isTakenWhereTheOtherNodeIsLostBeforeItAnswers() throws DvsException {
        served(1);
        nodes.link(0, 1).hold(1);
        Program next = program(2);
        Heard asked = asks(next, 2).waits();
        nodes.link(0, 1).drop();
        carry();
        isServed(asked, CLIENT, 2);
    }

    // ---- it has moved

    private Program standBy() throws DvsException {
        Program standBy = nodes.bindHere(2, CLIENT, BindKind.BACKUP, 1);
        for (int node = 1; node < 3; node++) {
            nodes.kernel(node).migrateStart(Nodes.DC, CLIENT);
        }
        nodes.kernel(2).migrateCommit(100, Nodes.DC, CLIENT, 2);
        return standBy;
    }

    @Test
    void isFollowedWhereNobodyKnewThatItMoved() throws DvsException {
        served(1).wait4bind(CLIENT + 1, 60_000);
        Program moved = standBy();
        Heard asked = asks(moved, 2).waits();
        assertEquals(1, node(), "its old node has yet to hear of it");
        nodes.kernel(1).migrateCommit(EndpointNumbers.NO_PID, Nodes.DC, CLIENT, 2);
        carry();
        isServed(asked, CLIENT, 2);
        assertEquals(2, node());
        moved.close();
        settle();
        assertTrue(kernel.process(Nodes.DC, CLIENT).isFree(), "its new node says when it ends");
    }

    @Test
    void isRefusedWhereTheOtherOneHasMovedToAThirdNode() throws DvsException {
        served(1).wait4bind(CLIENT + 1, 60_000);
        Program moved = standBy();
        nodes.kernel(1).migrateCommit(EndpointNumbers.NO_PID, Nodes.DC, CLIENT, 2);
        Program other = program(3);
        asks(other, 2).fails(ErrorCode.SLOTUSED);
        assertEquals(2, node());
        isServed(asks(moved, 3), CLIENT, 3);
    }

    // ---- what is carried

    @Test
    void costsOneQuestionAndItsAnswer() throws DvsException {
        served(1);
        nodes.link(0, 1).delivered(0);
        nodes.link(0, 1).delivered(1);
        Program other = program(2);
        asks(other, 2).fails(ErrorCode.SLOTUSED);
        assertTrue(refused > 0, "it is counted");
        assertEquals(List.of(Command.PROCINFO), nodes.link(0, 1).delivered(1));
    }

    @Test
    void isNotHeldUpByAnAnswerThatNobodyAwaits() throws DvsException {
        served(1);
        Command answer = new Command();
        answer.code = Claims.ANSWER;
        answer.source = CLIENT;
        answer.destination = CLIENT;
        answer.sourceNode = 1;
        answer.rcode = 2;
        answer.call = 7;
        assertEquals(ErrorCode.ACKDST.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(answer));
        asks(program(2), 2).fails(ErrorCode.SLOTUSED);
        assertEquals(ErrorCode.ACKDST.rcode(), nodes.link(0, 1).pairOf(0).put2lcl(answer), "nor by one of another call");
        assertEquals(1, node());
    }
}
