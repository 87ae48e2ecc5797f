package org.dvs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulated cluster keeps what cluster.api promises, or tests built on it prove nothing. */
class SimulatedClusterTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Writes down what a node hears. */
    private static final class Recorder implements Receiver {
        final SimulatedNode node;
        final List<String> heard = new ArrayList<>();
        final List<String> direct = new ArrayList<>();
        Channel channel;
        int sent;

        Recorder(SimulatedNode node) {
            this.node = node;
            try {
                channel = node.open("test", this);
            } catch (DvsException e) {
                throw new AssertionError(e);
            }
        }

        void send() {
            try {
                channel.multicast((node.local().id() + "." + node.incarnation() + "." + sent++).getBytes(StandardCharsets.UTF_8));
            } catch (DvsException e) {
                assertEquals(ErrorCode.NOTREADY, e.code());
            }
        }

        @Override
        public void multicast(Delivery delivery) {
            assertTrue(node.alive() && !node.paused, "nothing is delivered to a node that is down or paused");
            heard.add(text(delivery));
        }

        @Override
        public void direct(Delivery delivery) {
            assertTrue(node.view().contains(delivery.source()), "only members are heard");
            direct.add(delivery.source() + ":" + text(delivery));
        }

        @Override
        public void view(View view) {
            heard.add("view " + view.id());
        }

        List<String> messages() {
            return heard.stream().filter(each -> !each.startsWith("view")).toList();
        }

        private static String text(Delivery delivery) {
            return new String(delivery.payload(), StandardCharsets.UTF_8);
        }
    }

    private static void trouble(SimulatedCluster cluster, Random random, int size, List<Recorder> recorders) {
        int id = random.nextInt(size);
        boolean alive = cluster.node(id).alive();
        switch (random.nextInt(8)) {
            case 0 -> {
                if (alive && cluster.alive().size() > 1) {
                    cluster.crash(id);
                }
            }
            case 1 -> {
                if (!alive) {
                    recorders.add(new Recorder(cluster.start(id)));
                }
            }
            case 2 -> {
                Set<Integer> half = new HashSet<>();
                Set<Integer> rest = new HashSet<>();
                for (int i = 0; i < size; i++) {
                    (random.nextBoolean() ? half : rest).add(i);
                }
                cluster.partition(List.of(half, rest));
            }
            case 3 -> cluster.heal();
            case 4 -> {
                if (alive) {
                    cluster.pause(id);
                    cluster.time().after(random.nextLong(50_000_000), () -> cluster.resume(id));
                }
            }
            default -> recorders.forEach(Recorder::send);
        }
    }

    @Test
    @Tag("R-CMD-02")
    void ordersMulticastsAlikeBetweenTheSameViewsUnderEveryFault() {
        Seeds.each(300, seed -> {
            Random random = new Random(seed);
            int size = 2 + random.nextInt(4);
            SimulatedCluster cluster = new SimulatedCluster(seed, size);
            List<Recorder> recorders = new ArrayList<>();
            for (int id = 0; id < size; id++) {
                recorders.add(new Recorder(cluster.node(id)));
            }
            cluster.time().run(Duration.ofMillis(10));
            for (int i = 0; i < 40; i++) {
                trouble(cluster, random, size, recorders);
                cluster.time().run(Duration.ofNanos(random.nextLong(30_000_000)));
            }
            cluster.heal();
            for (int id = 0; id < size; id++) {
                cluster.resume(id);
            }
            cluster.time().run(LONG);

            // Those who go from one view to the same next one heard the same in between.
            Map<String, List<String>> between = new HashMap<>();
            for (Recorder recorder : recorders) {
                assertEquals(recorder.messages().size(), new HashSet<>(recorder.messages()).size(), "no message twice");
                String from = null;
                List<String> messages = new ArrayList<>();
                for (String each : recorder.heard) {
                    if (each.startsWith("view")) {
                        if (from != null) {
                            List<String> other = between.putIfAbsent(from + " to " + each, List.copyOf(messages));
                            assertEquals(other == null ? messages : other, messages, from + " to " + each);
                        }
                        from = each;
                        messages.clear();
                    } else {
                        messages.add(each);
                    }
                }
                assertFifo(recorder.messages());
            }
            // All who are there in the end are together, and hear the same from then on.
            recorders.removeIf(recorder -> !recorder.node.alive());
            View last = recorders.get(0).node.view();
            recorders.forEach(Recorder::send);
            cluster.time().run(LONG);
            List<String> end = tail(recorders.get(0).heard, last);
            assertTrue(end.size() >= recorders.size(), "the last messages of all arrive");
            recorders.forEach(recorder -> {
                assertEquals(last, recorder.node.view());
                assertEquals(end, tail(recorder.heard, last));
            });
        });
    }

    private static List<String> tail(List<String> heard, View view) {
        return heard.subList(heard.lastIndexOf("view " + view.id()) + 1, heard.size());
    }

    /** Messages of one sender come in the order in which they were sent, perhaps with gaps after a crash or partition. */
    private static void assertFifo(List<String> messages) {
        Map<String, Integer> last = new HashMap<>();
        for (String message : messages) {
            int dot = message.lastIndexOf('.');
            int number = Integer.parseInt(message.substring(dot + 1));
            Integer before = last.put(message.substring(0, dot), number);
            assertTrue(before == null || before < number, message + " after " + before);
        }
    }

    @Test
    void letsMessagesOfDifferentSendersOvertakeEachOtherAndGivesTheSameRunForTheSameSeed() {
        Set<List<String>> orders = new HashSet<>();
        for (long seed = 1; seed <= 20; seed++) {
            List<String> first = order(seed);
            assertEquals(first, order(seed), "same seed, same run");
            orders.add(first);
        }
        assertTrue(orders.size() > 1, "different seeds give different orders");
    }

    private static List<String> order(long seed) {
        SimulatedCluster cluster = new SimulatedCluster(seed, 3);
        List<Recorder> recorders = cluster.alive().stream().map(Recorder::new).toList();
        cluster.time().run(Duration.ofMillis(20));
        recorders.forEach(Recorder::send);
        cluster.time().run(Duration.ofMillis(20));
        return recorders.get(2).messages();
    }

    @Test
    void keepsWhatIsSentWhileAChannelIsClosedForWhoOpensItNext() throws Exception {
        SimulatedCluster cluster = new SimulatedCluster(7, 2);
        Recorder sender = new Recorder(cluster.node(0));
        Recorder before = new Recorder(cluster.node(1));
        cluster.time().run(Duration.ofMillis(20));
        sender.send();
        cluster.time().run(Duration.ofMillis(20));
        before.channel.close();
        sender.send();
        sender.channel.send(1, new byte[] {'d'});
        cluster.time().run(Duration.ofMillis(20));
        Recorder after = new Recorder(cluster.node(1));
        sender.send();
        cluster.time().run(Duration.ofMillis(20));
        assertEquals(sender.messages().subList(0, 1), before.messages());
        assertEquals(sender.messages().subList(1, 3), after.messages());
        assertEquals(List.of("0:d"), after.direct);
        assertTrue(after.heard.get(0).startsWith("view"), "the view comes first");
    }

    @Test
    void keepsDirectMessagesInOrderForEachPair() throws Exception {
        SimulatedCluster cluster = new SimulatedCluster(7, 2);
        List<Recorder> recorders = cluster.alive().stream().map(Recorder::new).toList();
        cluster.time().run(Duration.ofMillis(20));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            recorders.get(0).channel.send(1, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
            expected.add("0:" + i);
        }
        cluster.time().run(LONG);
        assertEquals(expected, recorders.get(1).direct);
        assertEquals(ErrorCode.DSTNOTRCH,
                assertThrows(DvsException.class, () -> recorders.get(0).channel.send(5, new byte[1])).code());
    }

    @Test
    void tellsJoinDisconnectPartitionAndMergeApart() {
        SimulatedCluster cluster = new SimulatedCluster(3, 3);
        List<String> events = new ArrayList<>();
        cluster.node(0).listen(event -> events.add(event.kind() + " " + event.changed().stream().map(m -> m.name()).toList()));
        cluster.time().run(LONG);
        cluster.crash(2);
        cluster.time().run(LONG);
        cluster.start(2);
        cluster.time().run(LONG);
        cluster.partition(List.of(Set.of(0, 2), Set.of(1)));
        cluster.time().run(LONG);
        cluster.heal();
        cluster.time().run(LONG);
        assertEquals(List.of("JOIN [node1, node2]", "DISCONNECT [node2]", "JOIN [node2]", "PARTITION [node1]", "MERGE [node1]"),
                events);
    }

    @Test
    @Tag("R-CMD-19")
    void agreesOnOneStateAndRefusesChangesOnTheMinoritySide() {
        SimulatedCluster cluster = new SimulatedCluster(11, 3);
        cluster.time().run(LONG);
        assertEquals(1, done(cluster, cluster.node(1).state().commit(new Change().expectAbsent("a").put("a", new byte[] {1}))));
        assertEquals(ErrorCode.CONFLICT, refused(cluster, cluster.node(2).state().commit(new Change().expectAbsent("a"))));
        cluster.partition(List.of(Set.of(0, 1), Set.of(2)));
        cluster.time().run(LONG);
        assertEquals(ErrorCode.NOTREADY, refused(cluster, cluster.node(2).state().commit(new Change().remove("a"))));
        assertEquals(2, done(cluster, cluster.node(0).state().commit(new Change().expect("a", 1).put("a", new byte[] {2}))));
        assertEquals(1, cluster.node(2).state().get("a").orElseThrow().value()[0], "the minority lags");
        assertNotEquals(Duration.ZERO, cluster.node(2).state().age());
        cluster.heal();
        cluster.time().run(LONG);
        for (SimulatedNode node : cluster.alive()) {
            assertEquals(2, node.state().get("a").orElseThrow().value()[0]);
            assertEquals(Duration.ZERO, node.state().age());
        }
    }

    private static <T> T done(SimulatedCluster cluster, CompletableFuture<T> future) {
        assertTrue(cluster.time().runUntil(future::isDone, LONG));
        return future.join();
    }

    private static ErrorCode refused(SimulatedCluster cluster, CompletableFuture<?> future) {
        assertTrue(cluster.time().runUntil(future::isDone, LONG));
        return ((DvsException) assertThrows(CompletionException.class, future::join).getCause()).code();
    }

    @Test
    void saysTheMinorityIsNotPrimaryAndLetsANewNodeLearnUntilItIsAdmitted() {
        SimulatedCluster cluster = new SimulatedCluster(5, 3);
        cluster.time().run(LONG);
        cluster.partition(List.of(Set.of(0), Set.of(1, 2)));
        cluster.time().run(LONG);
        assertFalse(cluster.node(0).view().primary());
        assertTrue(cluster.node(1).view().primary());
        cluster.heal();
        cluster.start(3);
        cluster.time().run(LONG);
        assertEquals(Collections.nCopies(3, "VOTER"), roles(cluster).subList(0, 3));
        assertEquals("LEARNER", roles(cluster).get(3));
        assertEquals(3, done(cluster, cluster.node(0).admit(3)).member().id());
        assertEquals("VOTER", roles(cluster).get(3));
    }

    private static List<String> roles(SimulatedCluster cluster) {
        return cluster.node(0).nodes().stream().map(standing -> standing.role().name()).toList();
    }
}
