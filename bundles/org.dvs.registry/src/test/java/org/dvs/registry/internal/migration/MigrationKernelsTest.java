package org.dvs.registry.internal.migration;

import static org.awaitility.Awaitility.await;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NO_PID;
import static org.dvs.registry.internal.migration.ThreeKernels.COUNT;
import static org.dvs.registry.internal.migration.ThreeKernels.DC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.testkit.Background;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A process that moves between real kernels ... 5 lives on node0, its stand-by is on node1, a stub on node2. */
@Tag("R-CMD-14")
@Timeout(180)
class MigrationKernelsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LIMIT_MS = 60_000;
    private static final int EP = 5;
    private static final int MOVES = Integer.getInteger("dvs.moves", 8);
    private static final int SEND = 1;
    private static final int ASK = 2;

    private final ThreeKernels nodes = new ThreeKernels();
    private final List<Endpoint> both = nodes.bindMovable(EP, 0, 1);
    /** The number that either of the two took last, by sender. */
    private final Map<Integer, Integer> taken = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    /** The last number that each sender knows to have been taken. */
    private final Map<Integer, Integer> acknowledged = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private volatile boolean stopped;
    private int requests;

    MigrationKernelsTest() throws Exception {
    }

    @AfterEach
    void close() throws Exception {
        nodes.close();
    }

    private void took(int source, int number) {
        Integer before = taken.put(source, number);
        if (number != (before == null ? 1 : before + 1)) {
            wrong.add(number + " of " + source + " after " + before);
        }
    }

    private void serve(Endpoint self) throws IpcException {
        Message message = new Message();
        for (;;) {
            try {
                self.receive(ANY, message, Endpoint.FOREVER);
                int number = message.getInt(Message.M1_I1);
                took(message.source(), number);
                if (message.type() == ASK) {
                    self.reply(message.source(), message.putInt(Message.M1_I1, -number), Endpoint.FOREVER);
                }
            } catch (IpcException e) {
                if (e.code() == ErrorCode.NOTBIND || e.code() == ErrorCode.DCNOTRUN || e.code() == ErrorCode.DVSINIT) {
                    return;
                }
                // A stand-by is told after a while that it still is one.
                if (e.code() != ErrorCode.RMTPROC) {
                    throw e;
                }
            }
        }
    }

    private void call(Endpoint self, int type) throws IpcException {
        Message message = new Message();
        for (int number = 1; !stopped; number++) {
            message.type(type).putInt(Message.M1_I1, number);
            if (type == SEND) {
                self.send(EP, message, LIMIT_MS);
            } else {
                self.sendrec(EP, message, LIMIT_MS);
                assertEquals(-number, message.getInt(Message.M1_I1));
            }
            acknowledged.put(self.number(), number);
        }
    }

    /** One that sends and one that asks, on each node. */
    private void clients() throws DvsException {
        for (int node = 0; node < COUNT; node++) {
            Endpoint sender = nodes.bind(node, 10 + node);
            Endpoint asker = nodes.bind(node, 20 + node);
            running.add(Background.run(() -> call(sender, SEND)));
            running.add(Background.run(() -> call(asker, ASK)));
        }
    }

    /** Ends the clients; what each knows to have been taken was taken once and in order. */
    private void nothingLostOrDoubled() throws Exception {
        stopped = true;
        for (CompletableFuture<Void> each : running) {
            each.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        }
        // Who sends goes on when its message has been taken: that the other one has noted it may come later.
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertEquals(new TreeMap<>(acknowledged), new TreeMap<>(taken)));
        assertEquals(List.of(), wrong);
    }

    private ProcessInfo at(int node) throws DvsException {
        return nodes.kernel(node).process(DC, EP);
    }

    private void livesOn(int node) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> nodes.cluster.state().list("migration/of/").isEmpty());
        await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
            for (int id = 0; id < COUNT; id++) {
                assertEquals(node, at(id).node(), "as node" + id + " has it");
                int flags = at(id).flags() & (ProcessFlags.REMOTE | ProcessFlags.MIGRATING);
                assertEquals(id == node ? 0 : ProcessFlags.REMOTE, flags, "as node" + id + " has it");
                assertEquals(0, at(id).misc() & ProcessFlags.NEEDMIG);
            }
        });
    }

    private void move(int asked, int target) throws Exception {
        nodes.table(asked).move(DC, EP, target, NO_PID, "r" + requests++, LIMIT);
    }

    private void awaitMore(int each) {
        Map<Integer, Integer> before = Map.copyOf(acknowledged);
        await().atMost(60, TimeUnit.SECONDS).until(() -> acknowledged.size() == 2 * COUNT && acknowledged.entrySet().stream()
                .allMatch(now -> now.getValue() >= before.getOrDefault(now.getKey(), 0) + each));
    }

    @Test
    void losesAndDoublesNothingOfWhatIsSentAndAskedOnAllNodesMeanwhile() throws Exception {
        for (Endpoint each : both) {
            Background.run(() -> serve(each));
        }
        clients();
        awaitMore(5);
        for (int moved = 0; moved < MOVES; moved++) {
            int target = (moved + 1) % 2;
            move(requests % COUNT, target);
            livesOn(target);
            awaitMore(2);
        }
        System.out.println("MigrationKernelsTest: " + MOVES + " moves, messages " + acknowledged);
        nothingLostOrDoubled();
    }

    @Test
    void isCalledFromAThirdNodeThatNeverKnewIt() throws Exception {
        for (Endpoint each : both) {
            Background.run(() -> serve(each));
        }
        nodes.kernel(2).unbind(DC, EP);
        Endpoint asker = nodes.bind(2, 20);
        Message message = new Message(ASK).putInt(Message.M1_I1, 1);
        assertEquals(ErrorCode.DEADSRCDST, code(() -> asker.sendrec(EP, message, LIMIT_MS)));
        move(0, 1);
        livesOn(1);
        asker.sendrec(EP, message, LIMIT_MS);
        assertEquals(-1, message.getInt(Message.M1_I1));
        assertEquals("p5", at(2).name());
    }

    private static ErrorCode code(Executable call) {
        return assertThrows(DvsException.class, call).code();
    }

    /** It waits for one process alone, so that what others send stays queued. @return ends that wait */
    private Background.Body waitsForOneAlone() throws DvsException {
        Endpoint one = nodes.bind(0, 25);
        CompletableFuture<Void> waits = Background.run(() -> both.get(0).receive(one.number(), new Message(), LIMIT_MS));
        await().atMost(60, TimeUnit.SECONDS).until(() -> (at(0).flags() & ProcessFlags.RECEIVING) != 0);
        return () -> {
            one.send(EP, new Message(SEND), LIMIT_MS);
            waits.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        };
    }

    /** One on each node that sends a message. */
    private List<CompletableFuture<Void>> senders() throws DvsException {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int node = 0; node < COUNT; node++) {
            Endpoint sender = nodes.bind(node, 10 + node);
            all.add(Background.run(() -> sender.send(EP, new Message(SEND), LIMIT_MS)));
        }
        return all;
    }

    /** It lives there and takes the message of each, once. */
    private void takesAll(int node, List<CompletableFuture<Void>> senders) throws Exception {
        livesOn(node);
        Message message = new Message();
        Set<Integer> sources = new TreeSet<>();
        for (int i = 0; i < COUNT; i++) {
            both.get(node).receive(ANY, message, LIMIT_MS);
            sources.add(message.source());
        }
        assertEquals(Set.of(10, 11, 12), sources);
        for (CompletableFuture<Void> each : senders) {
            each.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        }
        assertEquals(ErrorCode.AGAIN, code(() -> both.get(node).receive(ANY, message, Endpoint.NOWAIT)));
    }

    @Test
    void isTakenBackOnAllNodesWhenOneRefuses() throws Exception {
        Background.Body goOn = waitsForOneAlone();
        List<CompletableFuture<Void>> senders = senders();
        nodes.kernel(2).delNode(DC, 1);
        DvsException refused = assertThrows(DvsException.class, () -> move(1, 1));
        assertEquals(ErrorCode.NODCNODE, refused.code());
        assertEquals("it was rolled back: node2: node 1 is not a member here", refused.getMessage());
        livesOn(0);
        goOn.run();
        takesAll(0, senders);
    }

    @Test
    void isTakenBackOnAllNodesWhenTheNewOneDoesNotTakeOver() throws Exception {
        Background.Body goOn = waitsForOneAlone();
        List<CompletableFuture<Void>> senders = senders();
        assertEquals(ErrorCode.BADPID, code(() -> nodes.table(2).move(DC, EP, 1, 4_711, "r1", LIMIT)));
        livesOn(0);
        goOn.run();
        takesAll(0, senders);
    }

    @Test
    void holdsWhoCallsItFromItsStartOnUntilItIsCommitted() throws Exception {
        waitsForOneAlone();
        nodes.table(2).start(DC, EP, 1, "r1", LIMIT, LIMIT);
        List<CompletableFuture<Void>> senders = senders();
        assertEquals(ErrorCode.TIMEDOUT, code(() -> nodes.bind(1, 20).send(EP, new Message(SEND), 50)));
        assertEquals(ErrorCode.TIMEDOUT, code(() -> nodes.bind(2, 21).send(EP, new Message(SEND), 50)));
        assertEquals(ErrorCode.AGAIN, code(() -> nodes.bind(0, 22).send(EP, new Message(SEND), Endpoint.NOWAIT)));
        assertEquals(List.of(), senders.stream().filter(CompletableFuture::isDone).toList());
        nodes.table(0).commit(DC, EP, NO_PID, "r2", LIMIT);
        takesAll(1, senders);
    }

    @Test
    void goesOnWhereItIsWhenItsStartIsTakenBack() throws Exception {
        Background.Body goOn = waitsForOneAlone();
        nodes.table(2).start(DC, EP, 1, "r1", LIMIT, LIMIT);
        List<CompletableFuture<Void>> senders = senders();
        nodes.table(1).rollback(DC, EP, "r2", LIMIT);
        livesOn(0);
        goOn.run();
        takesAll(0, senders);
    }

    private void isToMove() {
        await().atMost(60, TimeUnit.SECONDS).until(() -> (at(0).misc() & ProcessFlags.NEEDMIG) != 0);
    }

    @Test
    void waitsUntilItHasGivenTheAnswersThatItOwes() throws Exception {
        Endpoint asker = nodes.bind(2, 20);
        Message message = new Message(ASK);
        CompletableFuture<Void> asked = Background.run(() -> asker.sendrec(EP, message, LIMIT_MS));
        Message request = new Message();
        both.get(0).receive(ANY, request, LIMIT_MS);
        CompletableFuture<Void> moved = Background.run(() -> move(2, 1));
        isToMove();
        List<CompletableFuture<Void>> senders = senders();
        both.get(0).reply(20, request.putInt(Message.M1_I1, 7), LIMIT_MS);
        asked.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        assertEquals(7, message.getInt(Message.M1_I1));
        Background.run(() -> serve(both.get(0)));
        moved.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        takesAll(1, senders);
    }

    @Test
    void isTakenBackWhenItOwesAnAnswerForTooLong() throws Exception {
        Endpoint asker = nodes.bind(2, 20);
        Message message = new Message(ASK);
        CompletableFuture<Void> asked = Background.run(() -> asker.sendrec(EP, message, LIMIT_MS));
        Message request = new Message();
        both.get(0).receive(ANY, request, LIMIT_MS);
        DvsException late = assertThrows(DvsException.class,
                () -> nodes.table(1).move(DC, EP, 1, NO_PID, "r", Duration.ofSeconds(1)));
        assertEquals(ErrorCode.TIMEDOUT, late.code());
        assertTrue(late.getMessage().matches(".*; it is in start and waits for node0(, node.)*: either that does not answer, or the "
                + "process there made no call, or owed an answer all the time"), late.getMessage());
        livesOn(0);
        List<CompletableFuture<Void>> senders = senders();
        both.get(0).reply(20, request.putInt(Message.M1_I1, 7), LIMIT_MS);
        asked.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        takesAll(0, senders);
    }
}
