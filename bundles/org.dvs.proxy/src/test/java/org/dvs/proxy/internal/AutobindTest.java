package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seven cases of dsp-lb reference 6.4. Names finish the sentence "a node that binds by itself …". */
@Tag("R-PXY-11")
class AutobindTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 40;
    private static final int NOBODY = 50;
    private static final int COUNTING = 1;
    private static final int ALONE = 2;

    @TempDir
    Path folder;
    private TestNode node;
    private int port;
    private RawPeer peer;
    private long sequence;
    private final Queue<Command> unread = new ArrayDeque<>();
    /** Clients whose end the node has asked for. */
    private int watched;

    @BeforeEach
    void start() throws Exception {
        port = Ports.row(2);
        node = new TestNode(folder, 0, "node node0 { nodeid 0; baseport " + port + "; };\n"
                + "proxy localhost { proxyid 1; sport 1; autobind YES; batch YES; compress YES; };\n"
                + "proxy localhost2 { proxyid 2; sport 1; autobind YES; };\n");
        node.kernel.dcInit(DcSettings.of(COUNTING, "counting", DvsParameters.DEFAULT).countingGenerations());
        node.kernel.dcInit(DcSettings.of(ALONE, "alone", DvsParameters.DEFAULT));
        node.start();
        node.kernel.addNode(COUNTING, 1);
        for (int dc : new int[] {DC, COUNTING, ALONE}) {
            node.kernel.bindHandler(dc, SERVER, "server", (message, self) -> self.reply(message.source(), message,
                    TestNode.WAIT_MS, rcode -> { }));
        }
        peer = new RawPeer(port);
        peer.send(RawPeer.hello(1, 77, 1));
        assertEquals(FrameLayout.WELCOME, peer.next());
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        node.close();
    }

    private static Command ask(int dc, int source) {
        Command command = new Command();
        command.code = Command.SNDREC_MSG;
        command.dcid = dc;
        command.source = source;
        command.destination = SERVER;
        command.sourceNode = 1;
        command.destinationNode = 0;
        command.call = 5;
        command.message.source(source).type(1);
        return command;
    }

    /** Asks from an endpoint of the peer. @return why it is refused; null if it is answered */
    private ErrorCode answer(int dc, int source) throws Exception {
        peer.send(ask(dc, source), ++sequence);
        Command answer = next();
        if (answer.code == Command.PROCINFO) {
            assertEquals(source, answer.destination);
            watched++;
            answer = next();
        }
        assertEquals(source, answer.destination);
        if (answer.code == Command.SNDREC_ACK) {
            return ErrorCode.ofRcode(answer.rcode).orElseThrow();
        }
        assertEquals(Command.REPLY_MSG, answer.code);
        Command taken = ask(dc, source);
        taken.code = Command.SEND_ACK;
        taken.call = answer.call;
        peer.send(taken, ++sequence);
        return null;
    }

    private Command next() throws Exception {
        if (unread.isEmpty()) {
            assertEquals(FrameLayout.COMMAND, peer.next());
            unread.addAll(peer.commands());
        }
        return unread.remove();
    }

    private ProcessInfo bound(int dc, int number) throws DvsException {
        return node.kernel.process(dc, number);
    }

    @Test
    void takesTheFirstCallOfAClientItHasNeverHeardOf() throws Exception {
        assertNull(answer(DC, CLIENT));
        assertEquals("rclient", bound(DC, CLIENT).name());
        assertEquals(1, bound(DC, CLIENT).node());
        assertNull(answer(DC, CLIENT));
        assertEquals(1, node.link(1).autobound());
        assertEquals(1, watched);
    }

    @Test
    void forgetsAClientThatHasEnded() throws Exception {
        assertNull(answer(DC, CLIENT));
        Command ended = ask(DC, CLIENT);
        ended.code = Command.PROCUNBIND;
        ended.destination = CLIENT;
        peer.send(ended, ++sequence);
        Pair.await(() -> bound(DC, CLIENT).isFree());
        peer.send(ended, ++sequence);
        assertNull(answer(DC, CLIENT), "it has begun anew");
        assertEquals(2, node.link(1).autobound());
    }

    @Test
    void keepsAClientThatSomebodyBound() throws Exception {
        node.kernel.rmtbind(DC, CLIENT, "known", 1);
        assertNull(answer(DC, CLIENT));
        Command ended = ask(DC, CLIENT);
        ended.code = Command.PROCUNBIND;
        peer.send(ended, ++sequence);
        assertNull(answer(DC, CLIENT));
        assertEquals("known", bound(DC, CLIENT).name());
        assertEquals(0, watched);
    }

    @Test
    void followsAClientThatHasMoved() throws Exception {
        node.kernel.rmtbind(DC, CLIENT, "elsewhere", 2);
        assertNull(answer(DC, CLIENT));
        assertEquals(1, bound(DC, CLIENT).node());
    }

    @Test
    void keepsAClientThatLivesWhenAnotherNodeHasOneOfItsEndpoint() throws Exception {
        assertNull(answer(DC, CLIENT));
        try (RawPeer other = new RawPeer(port)) {
            other.send(RawPeer.hello(2, 78, 1));
            assertEquals(FrameLayout.WELCOME, other.next());
            Command theirs = ask(DC, CLIENT);
            theirs.sourceNode = 2;
            assertEquals(ErrorCode.MIGRATE.rcode(), toldTo(other, theirs, 1).rcode, "it is to call again");
            Command question = next();
            assertEquals(Command.PROCINFO, question.code);
            Command alive = ask(DC, CLIENT);
            alive.code = Command.PROCINFO | Command.ACK;
            alive.destination = CLIENT;
            alive.rcode = 1;
            alive.call = question.call;
            peer.send(alive, ++sequence);
            assertNull(answer(DC, CLIENT), "which was handled after that");
            Command refused = toldTo(other, theirs, 2);
            assertEquals(ErrorCode.SLOTUSED.rcode(), refused.rcode);
            assertEquals(1, refused.copyNode);
        }
        assertEquals(1, bound(DC, CLIENT).node());
        assertEquals(1, node.link(1).autobound());
        assertEquals(0, node.link(2).autobound());
        assertEquals(2, node.link(2).refused());
    }

    /** @return the answer to a request that is not carried out */
    private static Command toldTo(RawPeer other, Command request, long number) throws Exception {
        other.send(request, number);
        assertEquals(FrameLayout.COMMAND, other.next());
        Command told = other.command();
        assertEquals(Command.SNDREC_ACK, told.code);
        return told;
    }

    @Test
    void knowsAClientThatWasStartedAnew() throws Exception {
        int before = node.kernel.rmtbind(COUNTING, CLIENT, "before", 1);
        EndpointNumbers numbers = node.kernel.dc(COUNTING).settings().numbers();
        int after = numbers.endpoint(numbers.generation(before) + 1, CLIENT);
        assertNotEquals(before, after);
        assertNull(answer(COUNTING, after));
        assertEquals(after, bound(COUNTING, CLIENT).endpoint());
        assertEquals("rclient", bound(COUNTING, CLIENT).name());
    }

    @Test
    void bindsNoSystemEndpoint() throws Exception {
        DcSettings dc = node.kernel.dc(DC).settings();
        int lastSystem = dc.nrSysprocs() - dc.nrTasks() - 1;
        assertEquals(ErrorCode.NOTBIND, answer(DC, lastSystem));
        assertTrue(bound(DC, lastSystem).isFree());
        assertNull(answer(DC, lastSystem + 1));
        assertEquals("rclient", bound(DC, lastSystem + 1).name());
    }

    @Test
    void bindsEachOfABatch() throws Exception {
        for (boolean compress : new boolean[] {false, true}) {
            int first = compress ? 60 : 50;
            Command[] commands = new Command[6];
            for (int i = 0; i < 6; i++) {
                commands[i] = ask(DC, i == 3 ? 5 : first + i);
            }
            long number = ++sequence;
            peer.send(RawPeer.bytes(to -> assertEquals(compress, peer.encoder.commands(to, commands, commands.length, compress, number))));
            Pair.await(() -> node.link(1).commandsIn() == (compress ? 12 : 6));
            for (int i = 0; i < 6; i++) {
                // One is refused; the others are not held up by it.
                assertEquals(i == 3, bound(DC, first + i).isFree());
            }
        }
    }

    @Test
    void bindsNobodyOfANodeThatIsNoMember() throws Exception {
        assertEquals(ErrorCode.NODCNODE, answer(ALONE, CLIENT));
        assertTrue(bound(ALONE, CLIENT).isFree());
    }

    @Test
    void leavesAloneWhoLivesHere() throws Exception {
        node.kernel.bindAsync(DC, CLIENT, "mine", BindKind.SELF, EndpointNumbers.LOCALNODE).receive(EndpointNumbers.ANY,
                new Message(),
                TestNode.WAIT_MS, rcode -> { });
        assertEquals(ErrorCode.LCLPROC, answer(DC, CLIENT));
        assertEquals("mine", bound(DC, CLIENT).name());
    }

    /** A program of this node that is in a call. */
    private void mine(int dc, int endpoint, BindKind kind, int primary, Queue<Integer> ended) throws DvsException {
        node.kernel.bindAsync(dc, endpoint, "mine", kind, primary).wait4bind(NOBODY, Endpoint.FOREVER, ended::add);
    }

    @Test
    void leavesAloneWhoLivesHereInAnotherGeneration() throws Exception {
        Queue<Integer> ended = new ConcurrentLinkedQueue<>();
        node.kernel.rmtbind(COUNTING, CLIENT, "before", 1);
        node.kernel.unbind(COUNTING, CLIENT);
        EndpointNumbers numbers = node.kernel.dc(COUNTING).settings().numbers();
        int endpoint = numbers.endpoint(1, CLIENT);
        mine(COUNTING, endpoint, BindKind.SELF, EndpointNumbers.LOCALNODE, ended);
        assertEquals(ErrorCode.ENDPOINT, answer(COUNTING, CLIENT), "the one before");
        assertEquals(ErrorCode.ENDPOINT, answer(COUNTING, numbers.endpoint(2, CLIENT)), "the one after");
        assertEquals(endpoint, bound(COUNTING, CLIENT).endpoint());
        assertEquals(List.of(), List.copyOf(ended));
    }

    @Test
    void leavesAloneWhoseSlotAnEndpointThatTheDcDoesNotHaveLeadsTo() throws Exception {
        Queue<Integer> ended = new ConcurrentLinkedQueue<>();
        mine(DC, CLIENT, BindKind.SELF, EndpointNumbers.LOCALNODE, ended);
        node.kernel.rmtbind(DC, CLIENT + 1, "known", 1);
        int size = node.kernel.dc(DC).settings().numbers().size();
        assertEquals(ErrorCode.ENDPOINT, answer(DC, CLIENT + size));
        assertEquals(ErrorCode.ENDPOINT, answer(DC, CLIENT + 1 + size));
        assertEquals("mine", bound(DC, CLIENT).name());
        assertEquals("known", bound(DC, CLIENT + 1).name(), "nor a stub");
        assertEquals(List.of(), List.copyOf(ended));
    }

    @Test
    void leavesAStandByProcessAlone() throws Exception {
        Queue<Integer> ended = new ConcurrentLinkedQueue<>();
        mine(DC, CLIENT, BindKind.BACKUP, 2, ended);
        assertEquals(ErrorCode.NONODE, answer(DC, CLIENT));
        assertEquals(2, bound(DC, CLIENT).node());
        assertEquals("mine", bound(DC, CLIENT).name());
        assertEquals(List.of(), List.copyOf(ended));
    }

    @Test
    void isNotToldByALateCallThatTheNextOneHasEnded() throws Exception {
        EndpointNumbers numbers = node.kernel.dc(COUNTING).settings().numbers();
        node.kernel.addNode(COUNTING, 2);
        node.kernel.rmtbind(COUNTING, numbers.endpoint(1, CLIENT), "next", 2);
        assertEquals(ErrorCode.ENDPOINT, answer(COUNTING, CLIENT));
        assertEquals("next", bound(COUNTING, CLIENT).name());
        assertNull(answer(COUNTING, numbers.endpoint(2, CLIENT)), "of the one after that");
    }
}
