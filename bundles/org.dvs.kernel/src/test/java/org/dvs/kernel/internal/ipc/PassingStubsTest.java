package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a stub that nobody bound on purpose …". The server is on node 0, its clients on node 1 and 2. */
@Tag("R-CMD-14")
@Tag("R-PXY-11")
class PassingStubsTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 40;
    private static final int STANDBY = 12;

    private final Nodes nodes = new Nodes(3);
    private final KernelCore kernel = nodes.kernel(0);
    private final Program server = nodes.bind(0, SERVER);

    PassingStubsTest() throws DvsException {
    }

    /** A client of another node that has called once. */
    private Program client(int node, int endpoint) throws DvsException {
        Program client = nodes.bindHere(node, endpoint, BindKind.SELF, EndpointNumbers.LOCALNODE);
        kernel.autobind(Nodes.DC, client.number(), "rclient", node);
        nodes.settle();
        Heard asked = client.sendrec(SERVER, 1);
        Heard received = server.receive();
        nodes.settle();
        received.brings(client.number(), 1);
        server.reply(client.number(), 2);
        nodes.settle();
        asked.brings(SERVER, 2);
        return client;
    }

    private boolean isFree(int endpoint) throws DvsException {
        return kernel.process(Nodes.DC, endpoint).isFree();
    }


    // ---- the end of the process

    @Test
    void goesWhenItsProgramEnds() throws DvsException {
        Program client = client(1, CLIENT);
        assertFalse(isFree(CLIENT));
        client.close();
        nodes.settle();
        assertTrue(isFree(CLIENT));
    }

    @Test
    void neverFillsTheSlotsHoweverManyClientsComeAndGo() throws DvsException {
        for (int i = 0; i < 10_000; i++) {
            client(1 + i % 2, CLIENT + i % (DvsParameters.DEFAULT.nrProcs() - CLIENT)).close();
            nodes.settle();
        }
        assertEquals(List.of(SERVER), kernel.processes(Nodes.DC).stream().map(info -> info.endpoint()).toList());
    }

    @Test
    void goesThoughItsProgramEndedBeforeItCouldBeAskedFor() throws DvsException {
        Program client = nodes.bindHere(1, CLIENT, BindKind.SELF, EndpointNumbers.LOCALNODE);
        client.close();
        kernel.autobind(Nodes.DC, CLIENT, "rclient", 1);
        nodes.settle();
        assertTrue(isFree(CLIENT));
    }

    @Test
    void takesWhatItsProgramHadUnderWayWithIt() throws DvsException {
        Program client = client(1, CLIENT);
        client.sendrec(SERVER, 1);
        Heard received = server.receive();
        nodes.settle();
        received.brings(CLIENT, 1);
        Heard answer = server.receive(CLIENT).waits();
        client.close();
        nodes.settle();
        answer.fails(ErrorCode.SRCDIED);
        server.reply(CLIENT, 2).fails(ErrorCode.DSTDIED);
        assertTrue(isFree(CLIENT));
    }

    @Test
    void staysForACallThatMayMeetWhoeverHasBeenBoundSince() throws DvsException {
        Program first = client(1, STANDBY);
        nodes.link(0, 1).hold(0);
        first.close();
        nodes.settle();
        nodes.link(0, 1).hold(1);
        Heard sent = server.send(STANDBY, 3);
        nodes.settle();
        assertEquals(1, nodes.link(0, 1).held(1), "the message is on its way when the end is heard of");
        nodes.link(0, 1).release(0);
        nodes.settle();
        sent.waits();

        Program next = nodes.bindHere(1, STANDBY, BindKind.SELF, EndpointNumbers.LOCALNODE);
        nodes.link(0, 1).release(1);
        nodes.settle();
        Heard received = next.receive();
        nodes.settle();
        received.brings(SERVER, 3);
        sent.ok();
        assertFalse(isFree(STANDBY), "of the next one now");
        next.close();
        nodes.settle();
        assertTrue(isFree(STANDBY));
    }

    @Test
    void goesWhenTheDcEndsOnItsNode() throws DvsException {
        client(1, CLIENT);
        nodes.kernel(1).dcEnd(Nodes.DC);
        nodes.settle();
        assertTrue(isFree(CLIENT));
    }

    @Test
    void isOfTheNextProgramWithItsEndpointToo() throws DvsException {
        client(1, CLIENT).close();
        nodes.settle();
        Program next = client(1, CLIENT);
        nodes.settle();
        assertEquals(1, kernel.process(Nodes.DC, CLIENT).node());
        next.close();
        nodes.settle();
        assertTrue(isFree(CLIENT));
    }

    @Test
    void isNotOneThatSomebodyBound() throws DvsException {
        client(1, CLIENT);
        Program known = nodes.bind(1, CLIENT + 1);
        kernel.rmtbind(Nodes.DC, CLIENT, "mine", 1);
        assertEquals("mine", kernel.process(Nodes.DC, CLIENT).name(), "bound on purpose after it had called");
        known.close();
        nodes.kernel(1).dcEnd(Nodes.DC);
        nodes.settle();
        assertFalse(isFree(CLIENT + 1));
        assertFalse(isFree(CLIENT));
    }

    // ---- connections

    @Test
    void goesWhenTheNodesMeetAgainAfterItsProgramEndedUnheard() throws DvsException {
        Program gone = client(1, CLIENT);
        Program stays = client(1, CLIENT + 1);
        nodes.link(0, 1).drop();
        gone.close();
        nodes.settle();
        assertFalse(isFree(CLIENT), "nobody could say so");
        nodes.link(0, 1).connect();
        nodes.settle();
        assertTrue(isFree(CLIENT));
        assertFalse(isFree(CLIENT + 1), "lives");
        stays.close();
        nodes.settle();
        assertTrue(isFree(CLIENT + 1));
    }

    @Test
    void goesWhenItsNodeHasBegunAnew() throws DvsException {
        client(1, CLIENT);
        nodes.link(0, 1).drop();
        nodes.kernel(1).dcEnd(Nodes.DC);
        nodes.link(0, 1).connect();
        nodes.settle();
        assertTrue(isFree(CLIENT), "the DC is not there yet");
        client(2, CLIENT + 1);
        nodes.link(0, 2).drop();
        nodes.kernel(2).dcEnd(Nodes.DC);
        nodes.kernel(2).dcInit(DcSettings.of(Nodes.DC, "dc0", DvsParameters.DEFAULT));
        nodes.kernel(2).addNode(Nodes.DC, 0);
        nodes.link(0, 2).connect();
        nodes.settle();
        assertTrue(isFree(CLIENT + 1), "the DC is there, empty");
    }

    @Test
    void goesWhenItsNodeDoesNotSayWhetherItsProgramHasEnded() throws DvsException {
        client(1, CLIENT);
        nodes.kernel(1).delNode(Nodes.DC, 0);
        nodes.link(0, 1).drop();
        nodes.link(0, 1).connect();
        nodes.settle();
        assertTrue(isFree(CLIENT), "nobody would tell of its end");
    }

    @Test
    void isNotTheEndOfItsProgramWhenItsNodeDoesNotSay() throws DvsException {
        Program program = client(1, STANDBY);
        Heard asked = server.sendrec(STANDBY, 1);
        program.receive();
        nodes.settle();
        Command unsaid = new Command();
        unsaid.code = Command.PROCUNBIND;
        unsaid.source = STANDBY;
        unsaid.sourceNode = 1;
        unsaid.rcode = ErrorCode.NODCNODE.rcode();
        nodes.link(0, 1).pairOf(0).put2lcl(unsaid);
        asked.fails(ErrorCode.UNKNOWNOUTCOME);
        assertTrue(isFree(STANDBY));
    }

    @Test
    void goesWhenItsNodeIsNotHeardForHalfAMinute() throws DvsException {
        client(1, CLIENT);
        client(2, CLIENT + 1);
        nodes.link(0, 1).drop();
        nodes.pass(PassingStubs.UNHEARD_MS - 1);
        assertFalse(isFree(CLIENT));
        nodes.pass(1);
        assertTrue(isFree(CLIENT));
        assertFalse(isFree(CLIENT + 1), "of another node");
    }

    @Test
    void staysWhenItsNodeIsHeardAgainInTime() throws DvsException {
        client(1, CLIENT);
        nodes.link(0, 1).drop();
        nodes.pass(PassingStubs.UNHEARD_MS - 1);
        nodes.link(0, 1).connect();
        nodes.settle();
        nodes.pass(PassingStubs.UNHEARD_MS);
        assertFalse(isFree(CLIENT));
    }

    // ---- migration

    @Test
    void followsAProgramThatMoves() throws DvsException {
        Program client = client(1, CLIENT);
        nodes.kernel(2).rmtbind(Nodes.DC, SERVER + 1, "other", 1);
        Program standBy = nodes.bindHere(2, CLIENT, BindKind.BACKUP, 1);
        client.wait4bind(STANDBY + 1, 60_000);
        for (int node = 0; node < 3; node++) {
            nodes.kernel(node).migrateStart(Nodes.DC, CLIENT);
        }
        nodes.kernel(2).migrateCommit(100, Nodes.DC, CLIENT, 2);
        nodes.kernel(1).migrateCommit(EndpointNumbers.NO_PID, Nodes.DC, CLIENT, 2);
        kernel.migrateCommit(EndpointNumbers.NO_PID, Nodes.DC, CLIENT, 2);
        nodes.settle();
        client.close();
        nodes.settle();
        assertEquals(2, kernel.process(Nodes.DC, CLIENT).node(), "what stays at the old node is not its end");
        assertEquals(2, nodes.kernel(1).process(Nodes.DC, CLIENT).node());
        standBy.close();
        nodes.settle();
        assertTrue(isFree(CLIENT));
        assertTrue(nodes.kernel(1).process(Nodes.DC, CLIENT).isFree(), "nor does its old node keep it");
    }

    // ---- stand-by processes

    @Test
    void isLeftByAStandByProcessForAsLongAsItsPrimaryLives() throws DvsException {
        Program primary = nodes.bindHere(1, STANDBY, BindKind.SELF, EndpointNumbers.LOCALNODE);
        Program standBy = nodes.bindHere(0, STANDBY, BindKind.BACKUP, 1);
        Heard asked = server.sendrec(STANDBY, 1);
        nodes.settle();
        standBy.close();
        nodes.settle();
        primary.receive().brings(SERVER, 1);
        primary.reply(SERVER, 2);
        nodes.settle();
        asked.brings(STANDBY, 2);
        primary.close();
        nodes.settle();
        assertTrue(isFree(STANDBY));
    }

    @Test
    void isTakenOverByTheNextStandByProcess() throws DvsException {
        Program primary = nodes.bindHere(1, STANDBY, BindKind.SELF, EndpointNumbers.LOCALNODE);
        nodes.bindHere(0, STANDBY, BindKind.BACKUP, 1).close();
        Heard asked = server.sendrec(STANDBY, 1);
        nodes.settle();
        TestKernels.refused(ErrorCode.SLOTUSED, () -> nodes.bindHere(0, STANDBY, BindKind.BACKUP, 2));
        TestKernels.refused(ErrorCode.SLOTUSED, () -> nodes.bindHere(0, STANDBY, BindKind.SELF, EndpointNumbers.LOCALNODE));
        Program next = nodes.bindHere(0, STANDBY, BindKind.BACKUP, 1);
        assertEquals(ProcessFlags.RMTBACKUP, next.info().misc());
        primary.receive().brings(SERVER, 1);
        primary.reply(SERVER, 2);
        nodes.settle();
        asked.brings(STANDBY, 2);
        next.close();
        nodes.settle();
        assertFalse(isFree(STANDBY));
        primary.close();
        nodes.settle();
        assertTrue(isFree(STANDBY));
    }

    @Test
    void isNotLeftByAStandByProcessThatTookTheStubThatSomebodyBound() throws DvsException {
        Program primary = nodes.bindHere(1, STANDBY, BindKind.SELF, EndpointNumbers.LOCALNODE);
        kernel.rmtbind(Nodes.DC, STANDBY, "mine", 1);
        Privileges given = kernel.privileges(Nodes.DC, STANDBY);
        given = new Privileges(given.id(), given.level(), SERVER, given.ipcTo(), given.allowed());
        kernel.privileges(Nodes.DC, STANDBY, given);
        TestKernels.refused(ErrorCode.SLOTUSED, () -> nodes.bindHere(0, STANDBY, BindKind.BACKUP, 2));
        TestKernels.refused(ErrorCode.SLOTUSED, () -> kernel.rmtbind(Nodes.DC, STANDBY, "again", 1));
        Heard asked = server.sendrec(STANDBY, 1);
        nodes.settle();
        Program standBy = nodes.bindHere(0, STANDBY, BindKind.BACKUP, 1);
        assertEquals(ProcessFlags.RMTBACKUP, standBy.info().misc());
        assertEquals(SERVER, kernel.privileges(Nodes.DC, STANDBY).warn(), "what it may do stays");
        primary.receive().brings(SERVER, 1);
        primary.reply(SERVER, 2);
        nodes.settle();
        asked.brings(STANDBY, 2);
        standBy.close();
        nodes.settle();
        primary.close();
        nodes.settle();
        assertEquals("mine", kernel.process(Nodes.DC, STANDBY).name(), "bound on purpose, as before");
        kernel.unbind(Nodes.DC, STANDBY);
        assertTrue(isFree(STANDBY));
    }

    @Test
    void isLeftByAStandByProcessThatWasThePrimaryMeanwhile() throws DvsException {
        Program first = nodes.bindHere(1, STANDBY, BindKind.SELF, EndpointNumbers.LOCALNODE);
        kernel.rmtbind(Nodes.DC, STANDBY, "mine", 1);
        Program second = nodes.bindHere(0, STANDBY, BindKind.BACKUP, 1);
        first.receive();
        for (int to = 0; to < 2; to++) {
            for (int node = 0; node < 2; node++) {
                nodes.kernel(node).migrateSoon(Nodes.DC, STANDBY);
            }
            nodes.kernel(to).migrateCommit(EndpointNumbers.NO_PID, Nodes.DC, STANDBY, to);
            nodes.kernel(1 - to).migrateCommit(EndpointNumbers.NO_PID, Nodes.DC, STANDBY, to);
            nodes.settle();
            second.receive();
        }
        assertEquals(1, kernel.process(Nodes.DC, STANDBY).node());
        second.close();
        first.close();
        nodes.settle();
        assertTrue(isFree(STANDBY));
    }

    @Test
    void isNotLeftWhenThereIsNoPrimary() throws DvsException {
        nodes.bindHere(0, STANDBY, BindKind.BACKUP, 1).close();
        nodes.settle();
        assertTrue(isFree(STANDBY));
    }

    // ---- what is carried

    @Test
    void costsOneCommandWhenItIsMadeAndOneWhenItGoes() throws DvsException {
        Program client = client(1, CLIENT);
        nodes.link(0, 1).delivered(0);
        nodes.link(0, 1).delivered(1);
        client.close();
        nodes.settle();
        assertEquals(List.of(Command.PROCUNBIND), nodes.link(0, 1).delivered(0));
        assertEquals(List.of(), nodes.link(0, 1).delivered(1));
        client(1, CLIENT);
        assertEquals(List.of(Command.PROCINFO, Command.REPLY_MSG), nodes.link(0, 1).delivered(1));
    }
}
