package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that takes less than is sent to it, or bit by bit. Names finish the sentence "a node …". */
@Tag("R-PXY-05")
class QueueTest {
    /** All are system processes: each may copy. */
    private static final DvsParameters PARAMETERS = new DvsParameters("dvs", 1, 2, 221, 35, 235, 65_536, 1_048_576, 0);
    private static final int COPIERS = 95;
    private static final int FIRST = 5;
    private static final int THEIRS = 105;
    private static final int BYTES = 65_536;
    private static final int HIGH = 256 << 10;

    @TempDir
    Path folder;
    private final Sockets sockets = new Sockets();
    private TestNode node;
    private RawPeer peer;

    private void start(int writeTimeoutMs, int readTimeoutMs) throws Exception {
        int port = Ports.row(2);
        node = new TestNode(folder, 0, "node node0 { nodeid 0; baseport " + port + "; };\n"
                + "proxy localhost { proxyid 1; sport 1; batch YES; sequence YES; };\n", PARAMETERS,
                Map.of("writeTimeoutMs", writeTimeoutMs, "readTimeoutMs", readTimeoutMs, "highQueuedBytes", HIGH))
                // After a word of farewell it tries again in 5 minutes, so what ended the connection stays the last fault.
                .set("silenceMs", 30_000).set("reconnectMaxMs", 600_000).start();
        peer = new RawPeer(port);
        peer.send(RawPeer.hello(1, 77, 1));
        assertEquals(FrameLayout.WELCOME, peer.next());
        Pair.await(() -> node.link(1).state().equals("up"));
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        sockets.awaitNoneInCloseWait();
        node.close();
    }

    private long counted(Fault fault) throws Exception {
        return node.link(1).faultCounts().getOrDefault(fault.word(), 0L);
    }

    /** Every program copies 64 KiB to one of the peer's. */
    private List<CompletableFuture<Integer>> copyAll() throws Exception {
        List<CompletableFuture<Integer>> ends = new ArrayList<>();
        ByteBuffer block = ByteBuffer.allocateDirect(BYTES);
        for (int i = 0; i < COPIERS; i++) {
            node.kernel.rmtbind(DC, THEIRS + i, "theirs", 1);
            AsyncEndpoint self = node.kernel.bindAsync(DC, FIRST + i, "copies", BindKind.SELF, EndpointNumbers.LOCALNODE);
            CompletableFuture<Integer> end = new CompletableFuture<>();
            self.vcopy(EndpointNumbers.SELF, self.memory().expose(block), THEIRS + i, 0, BYTES, end::complete);
            ends.add(end);
        }
        return ends;
    }

    private long queuedBytes() {
        return node.transport.connections().stream().mapToLong(each -> each.queuedBytes()).sum();
    }

    private int waiting() throws Exception {
        return node.kernel.proxy(1).queued();
    }

    /**
     * Until the peer's socket, this node's and its queue are full: what is left waits in the kernel. A full queue is one that has not
     * been emptied by half since it was, as frames go to the socket a few at a time.
     */
    private void awaitFull() {
        AtomicInteger before = new AtomicInteger(-1);
        Pair.await(() -> {
            int now = waiting();
            return now > 0 && now == before.getAndSet(now) && queuedBytes() >= HIGH / 2;
        });
    }

    @Test
    void keepsWhatAPeerDoesNotTakeWithinBoundsAndCarriesItWhenItDoes() throws Exception {
        start(60_000, 30_000);
        List<CompletableFuture<Integer>> ends = copyAll();
        awaitFull();
        assertTrue(queuedBytes() <= HIGH + BYTES + 1_024, "in the queue: " + queuedBytes());
        assertTrue(waiting() <= COPIERS, "in the kernel: " + waiting());
        for (int i = 0; i < COPIERS; i++) {
            assertEquals(FrameLayout.COMMAND, peer.next());
            Command command = peer.command();
            assertEquals(Command.COPYIN_DATA, command.code);
            Command answer = new Command();
            answer.code = Command.COPYIN_ACK;
            answer.dcid = DC;
            answer.source = command.copyDestination;
            answer.destination = command.copyRequester;
            answer.sourceNode = 1;
            answer.call = command.call;
            answer.destinationAddress = command.destinationAddress;
            answer.bytes = command.bytes;
            peer.send(answer, i + 1);
        }
        for (CompletableFuture<Integer> end : ends) {
            assertEquals(BYTES, end.get(WAIT_MS, TimeUnit.MILLISECONDS));
        }
        assertEquals(0, counted(Fault.UNSENT));
    }

    @Test
    void givesUpAPeerThatTakesNothingAndTellsEverybodyWhoWaits() throws Exception {
        start(8_000, 30_000);
        List<CompletableFuture<Integer>> ends = copyAll();
        awaitFull();
        Map<ErrorCode, Integer> told = new EnumMap<>(ErrorCode.class);
        for (CompletableFuture<Integer> end : ends) {
            told.merge(ErrorCode.ofRcode(end.get(WAIT_MS, TimeUnit.MILLISECONDS)).orElseThrow(), 1, Integer::sum);
        }
        System.out.println("a peer that took nothing: " + told);
        assertEquals(COPIERS, told.getOrDefault(ErrorCode.UNKNOWNOUTCOME, 0) + told.getOrDefault(ErrorCode.NOTCONN, 0));
        assertTrue(told.containsKey(ErrorCode.NOTCONN), "what never left is known not to have arrived");
        assertEquals(1, counted(Fault.UNSENT));
        assertEquals(0, waiting());
    }

    private static Command question(int call) {
        Command question = new Command();
        question.code = Command.SNDREC_MSG;
        question.dcid = DC;
        question.source = THEIRS;
        question.destination = FIRST;
        question.sourceNode = 1;
        question.call = call;
        question.message.source(THEIRS).type(1);
        return question;
    }

    /** Each of its questions has an answer at once, as nobody is bound there; the deadline of writing is far away. */
    @Test
    void givesUpAPeerThatAsksWithoutEndAndTakesNoAnswer() throws Exception {
        start(60_000, 30_000);
        Command[] questions = new Command[FrameLayout.MAX_BATCH];
        for (int i = 0; i < questions.length; i++) {
            questions[i] = question(i);
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3 * WAIT_MS);
        assertThrows(IOException.class, () -> {
            for (long sequence = 1; System.nanoTime() - end < 0; sequence++) {
                long number = sequence;
                // Many at a time, as one by one takes too long where a machine has much else to do.
                peer.send(RawPeer.bytes(to -> peer.encoder.commands(to, questions, questions.length, false, number)));
                for (Command question : questions) {
                    question.call += questions.length;
                }
            }
        }, "it may still ask");
        Pair.await(() -> counted(Fault.UNSENT) == 1);
        assertEquals(0, waiting());
    }

    /** The deadline of writing is longer than a test waits for anything. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsNoConnectionOfAPeerThatGoesAndHasNotTakenAll(boolean saysSo) throws Exception {
        start(60_000, 30_000);
        List<CompletableFuture<Integer>> ends = copyAll();
        awaitFull();
        if (saysSo) {
            peer.send(RawPeer.bytes(to -> peer.encoder.end(to, Fault.DRAINED, 0)));
        }
        peer.shutdownOutput();
        for (CompletableFuture<Integer> end : ends) {
            assertTrue(end.get(WAIT_MS, TimeUnit.MILLISECONDS) < 0);
        }
        Pair.await(() -> node.transport.connections().isEmpty());
        assertEquals(saysSo ? "drained" : "lost", node.link(1).lastFault());
        sockets.awaitNoneInCloseWait();
    }

    @Test
    void endsASessionWhoseFramesComeDripByDrip() throws Exception {
        start(2_000, 1_000);
        Command command = new Command();
        command.code = Command.SNDREC_MSG;
        command.sourceNode = 1;
        ByteBuffer frame = peer.bytes(command, 1);
        peer.raw(ByteBuffer.allocate(4).putInt(frame.limit()).array());
        boolean ended = false;
        for (int i = 0; i < frame.limit() && !ended; i++) {
            try {
                peer.raw(new byte[] {frame.get(i)});
            } catch (IOException e) {
                ended = true;
            }
            ended |= peer.ended(60);
        }
        assertTrue(ended);
        Pair.await(() -> counted(Fault.SILENT) == 1);
        assertEquals(0, node.link(1).commandsIn());
    }
}
