package org.dvs.cluster.jgroups.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;
import org.dvs.cluster.jgroups.internal.engine.TestNodes.Node;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine, with real links and logs. */
class EngineTest {
    private static final long SEED = Long.getLong("dvs.seed", System.nanoTime());

    @TempDir
    Path folder;

    private static ErrorCode code(CompletableFuture<?> future) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS));
        return ((DvsException) failed.getCause()).code();
    }

    private static void eventually(String what, java.util.concurrent.Callable<Boolean> condition) {
        await(what).atMost(TestNodes.LONG).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    private static long commit(Node node, Change change) throws Exception {
        return node.engine.state().commit(change).get(20, TimeUnit.SECONDS);
    }

    @Test
    void isAClusterOfOneWithoutAnyConfiguration() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 1)) {
            Node early = nodes.make(0);
            assertEquals(ErrorCode.NOTREADY, assertThrows(DvsException.class, () -> early.say("too early")).code());
            assertEquals(ErrorCode.NOTREADY, code(early.engine.state().commit(new Change().put("a", new byte[1]))));
            assertFalse(early.engine.view().primary());
            long begin = System.nanoTime();
            early.engine.start();
            View view = early.engine.joined().get(60, TimeUnit.SECONDS);
            System.out.println("one node ready after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            assertTrue(view.primary());
            assertEquals("[0]", early.ids());
            early.say("hello");
            eventually("its own multicast", () -> early.heard.equals(List.of("view [0]", "0:hello")));
            commit(early, new Change().put("dvs/x", new byte[] {1}));
            eventually("registered", () -> early.engine.nodes().get(0).address().endsWith(":" + nodes.port(0)));
            Standing standing = early.engine.nodes().get(0);
            assertTrue(standing.leader() && standing.present());
            assertEquals(Standing.Role.VOTER, standing.role());
        }
    }

    @Test
    void formsOneViewOfThreeThatStartTogether() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            long begin = System.nanoTime();
            List<Node> all = nodes.startAll();
            System.out.println("three nodes together after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            for (Node node : all) {
                assertTrue(node.kinds(0).stream().allMatch(kind -> kind.startsWith("JOIN")), "no merge: " + node.kinds(0));
            }
            List<Long> micros = new ArrayList<>();
            Node asker = all.get(1);
            for (int i = 0; i < 500; i++) {
                long sent = System.nanoTime();
                int size = asker.heard.size();
                asker.say("x");
                while (asker.heard.size() == size) {
                    Thread.onSpinWait();
                }
                micros.add((System.nanoTime() - sent) / 1_000);
            }
            micros.sort(null);
            System.out.println("multicast and back, µs: median " + micros.get(250) + ", 99 % " + micros.get(495));
            begin = System.nanoTime();
            for (int i = 0; i < 10_000; i++) {
                asker.say("y");
            }
            eventually("all there", () -> all.stream().allMatch(node -> node.messages().size() == 10_500));
            System.out.println("10 000 multicasts to 3 nodes: " + (System.nanoTime() - begin) / 1_000_000 + " ms");
        }
    }

    @Test
    @Tag("R-CMD-02")
    void deliversInOneOrderEverywhereThoughMessagesAreLostAndSwapped() throws Exception {
        System.out.println("dvs.seed=" + SEED);
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            List<Weather> weather = IntStream.range(0, 3).mapToObj(id -> new Weather(SEED + id)).toList();
            List<Node> all = new ArrayList<>();
            for (int id = 0; id < 3; id++) {
                all.add(nodes.make(id, nodes.authority.node(id), nodes.settings(id, nodes.founders()), weather.get(id).above()));
            }
            List<List<Channel>> channels = new ArrayList<>();
            List<List<Recorder>> recorders = new ArrayList<>();
            for (Node node : all) {
                List<Recorder> heard = List.of(new Recorder(), new Recorder(), new Recorder());
                recorders.add(heard);
                channels.add(List.of(node.engine.open("first", heard.get(0)), node.engine.open("second", heard.get(1)),
                        node.engine.open("third", heard.get(2))));
            }
            TestNodes.join(all);
            weather.forEach(each -> each.bad(0.03));
            int each = 300;
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            for (List<Channel> own : channels) {
                senders.add(CompletableFuture.runAsync(() -> {
                    try {
                        for (int i = 0; i < each; i++) {
                            own.get(i % 3).multicast(Integer.toString(i).getBytes(UTF_8));
                        }
                    } catch (DvsException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            senders.forEach(CompletableFuture::join);
            eventually("all delivered", () -> recorders.stream().flatMap(List::stream).allMatch(one -> one.heard.size() == each));
            for (List<Recorder> heard : recorders) {
                for (int channel = 0; channel < 3; channel++) {
                    assertEquals(recorders.get(0).get(channel).heard, heard.get(channel).heard, "dvs.seed=" + SEED);
                }
            }
        }
    }

    private static final class Recorder implements Receiver {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void multicast(Delivery delivery) {
            heard.add(delivery.source() + ":" + new String(delivery.payload(), UTF_8));
        }

        @Override
        public void direct(Delivery delivery) {
            heard.add("direct");
        }

        @Override
        public void view(View view) {
            // Views need not come in the same number everywhere.
        }
    }

    @Test
    void sendsToOneInOrderAndSaysWhatCannotBeSent() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 2)) {
            List<Node> all = nodes.startAll();
            Channel from = all.get(0).channel;
            for (int i = 0; i < 500; i++) {
                byte[] payload = new byte[20_000];
                payload[0] = (byte) i;
                from.send(1, payload);
                from.send(0, new byte[] {(byte) i});
            }
            byte[] largest = new byte[Channel.MAX_PAYLOAD];
            from.send(1, largest);
            eventually("all there", () -> all.get(1).directs.size() == 501 && all.get(0).directs.size() == 500);
            for (int i = 0; i < 500; i++) {
                assertEquals((byte) i, all.get(1).directs.get(i).payload()[0]);
                assertEquals((byte) i, all.get(0).directs.get(i).payload()[0]);
                assertEquals(0, all.get(1).directs.get(i).source());
            }
            assertEquals(ErrorCode.TOOBIG,
                    assertThrows(DvsException.class, () -> from.multicast(new byte[largest.length + 1])).code());
            assertEquals(ErrorCode.DSTNOTRCH, assertThrows(DvsException.class, () -> from.send(7, new byte[1])).code());
            assertEquals(ErrorCode.RSCBUSY,
                    assertThrows(DvsException.class, () -> all.get(0).engine.open("test", all.get(0))).code());
            from.close();
            Node again = all.get(0);
            again.forget();
            again.channel = again.engine.open("test", again);
            eventually("view first", () -> again.heard.equals(List.of("view [0, 1]")));
        }
    }

    @Test
    void slowsSendersDownWhenAReceiverHangsAndGoesOnWithoutItAfterAWhile() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 2)) {
            List<Node> all = nodes.startAll();
            CountDownLatch release = new CountDownLatch(1);
            all.get(1).engine.open("stuck", new Receiver() {
                @Override
                public void multicast(Delivery delivery) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void direct(Delivery delivery) {
                    multicast(delivery);
                }

                @Override
                public void view(View view) {
                    // Only its messages are stuck.
                }
            });
            Channel sender = all.get(0).engine.open("stuck", all.get(0));
            byte[] large = new byte[Channel.MAX_PAYLOAD];
            long begin = System.nanoTime();
            long longest = 0;
            int refused = 0;
            for (int i = 0; i < 30; i++) {
                long before = System.nanoTime();
                try {
                    sender.multicast(large);
                } catch (DvsException e) {
                    assertEquals(ErrorCode.AGAIN, e.code());
                    refused++;
                }
                longest = Math.max(longest, System.nanoTime() - before);
            }
            assertTrue(longest > TimeUnit.MILLISECONDS.toNanos(500), "it was slowed down");
            assertTrue(longest < TimeUnit.MILLISECONDS.toNanos(20_000), "but never for much longer than 5 s");
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(120) && refused < 5,
                    "others are not stopped for ever");
            all.get(1).say("alive");
            eventually("the other channel", () -> all.get(0).messages().contains("1:alive"));
            release.countDown();
        }
    }

    @Test
    @Tag("R-CMD-18")
    void tellsALeaveAndAnEndFromAPartitionAndAMergeFromAJoin() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            List<Weather> weather = IntStream.range(0, 3).mapToObj(id -> new Weather(SEED + id)).toList();
            List<Node> all = new ArrayList<>();
            for (int id = 0; id < 3; id++) {
                all.add(nodes.make(id, nodes.authority.node(id), nodes.settings(id, nodes.founders()), weather.get(id).above()));
            }
            TestNodes.join(all);
            // Else one that is cut off and killed first may never be.
            eventually("registered", () -> all.stream().allMatch(node -> node.engine.nodes().stream()
                    .noneMatch(known -> known.address().isEmpty())));
            Node a = all.get(0);
            Node b = all.get(1);
            Node c = all.get(2);
            int before = a.events.size();
            int beforeC = c.events.size();

            weather.get(2).cutOff(0, 1);
            weather.get(0).cutOff(2);
            weather.get(1).cutOff(2);
            eventually("parted", () -> a.ids().equals("[0, 1]") && c.ids().equals("[2]"));
            assertTrue(a.engine.view().primary());
            assertFalse(c.engine.view().primary(), "one of three is no majority");
            // The leader may have been on the other side: then the first try finds none yet.
            eventually("agreed by the majority", () -> a.engine.state().commit(new Change().put("dvs/while", new byte[] {7}))
                    .handle((version, why) -> why == null).get(20, TimeUnit.SECONDS));
            ErrorCode refused = code(c.engine.state().commit(new Change().put("dvs/minority", new byte[1])));
            assertEquals(ErrorCode.NOTREADY, refused);
            a.say("only here");

            weather.forEach(Weather::mend);
            TestNodes.together(all);
            eventually("events of a", () -> a.kinds(before).equals(List.of("PARTITION[2]", "MERGE[2]")));
            eventually("events of c", () -> c.kinds(beforeC).stream().filter(kind -> kind.startsWith("MERGE")).toList()
                    .equals(List.of("MERGE[0, 1]")));
            assertTrue(c.kinds(beforeC).get(0).startsWith("PARTITION"), c.kinds(beforeC).toString());
            c.engine.state().sync().get(20, TimeUnit.SECONDS);
            assertEquals(7, c.engine.state().get("dvs/while").orElseThrow().value()[0]);
            assertFalse(c.messages().contains("0:only here"));

            int beforeKill = b.events.size();
            long begin = System.nanoTime();
            TestNodes.kill(c);
            eventually("noticed", () -> b.ids().equals("[0, 1]"));
            System.out.println("end of a process noticed after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            eventually("events of b", () -> b.kinds(beforeKill).equals(List.of("DISCONNECT[2]")));

            int beforeLeave = b.events.size();
            a.engine.close();
            eventually("left", () -> b.ids().equals("[1]"));
            eventually("events of b", () -> b.kinds(beforeLeave).equals(List.of("DISCONNECT[0]")));
            assertEquals(List.of(0, 1, 2), b.engine.nodes().stream().map(node -> node.member().id()).toList(),
                    "known though down");
            assertEquals(1, b.engine.nodes().stream().filter(Standing::present).count());
        }
    }

    @Test
    @Tag("R-CMD-02")
    void leavesSurvivorsWithTheSameMessagesWhenTheSequencerIsKilled() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            List<Node> all = nodes.startAll();
            List<Node> survivors = all.subList(1, 3);
            List<CompletableFuture<Integer>> senders = new ArrayList<>();
            CountDownLatch underWay = new CountDownLatch(200);
            for (Node node : survivors) {
                senders.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        int sent = 0;
                        while (sent < 3_000 || node.engine.view().contains(0)) {
                            node.say(Integer.toString(sent++));
                            underWay.countDown();
                        }
                        return sent;
                    } catch (DvsException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            assertTrue(underWay.await(20, TimeUnit.SECONDS));
            TestNodes.kill(all.get(0));
            int sent = senders.stream().mapToInt(CompletableFuture::join).sum();
            eventually("all delivered, and the end of the sequencer too", () -> survivors.stream()
                    .allMatch(node -> node.messages().size() >= sent && node.heard.contains("view [1, 2]")));
            List<String> one = survivors.get(0).heard;
            List<String> other = survivors.get(1).heard;
            int from = one.indexOf("view [0, 1, 2]");
            assertEquals(one.subList(from, one.size()), other.subList(other.indexOf("view [0, 1, 2]"), other.size()));
            assertTrue(one.contains("view [1, 2]"));
        }
    }

    @Test
    void refusesAnIdThatIsInUse() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 2)) {
            List<Node> all = nodes.startAll();
            Node second = nodes.make(3, nodes.authority.node(1), nodes.impatient(3), UnaryOperator.identity());
            second.engine.start();
            assertEquals(ErrorCode.NODEBUSY, code(second.engine.joined()));
            assertEquals("[0, 1]", all.get(0).ids());
            assertEquals("[0, 1]", all.get(1).ids());
            assertFalse(second.engine.view().primary());
        }
    }

    @Test
    void dropsWhatIsSentInTheNameOfAnotherNode() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 1)) {
            Node honest = nodes.startAll().get(0);
            Node pretender = nodes.make(1, nodes.authority.pretender(1, 2), nodes.settings(1, List.of()),
                    UnaryOperator.identity());
            pretender.engine.start();
            eventually("dropped", () -> honest.engine.counters().get("impersonated") > 2);
            assertEquals("[0]", honest.ids());
            assertFalse(pretender.engine.joined().isDone());
        }
    }

    /** One more byte of the first record of a handshake, which is said to be long; closes the socket when nobody listens. */
    private static void drip(Socket socket) {
        try {
            socket.setSoTimeout(1);
            socket.getOutputStream().write(new byte[] {22, 3, 1, 16, 1});
            if (socket.getInputStream().read() < 0) {
                socket.close();
            }
        } catch (SocketTimeoutException e) {
            // It is still listened to.
        } catch (IOException e) {
            assertDoesNotThrow(socket::close);
        }
    }

    @Test
    void refusesACertificateOfAnotherClusterAndNoneAtAll() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 2)) {
            List<Node> all = nodes.startAll();
            Node stranger = nodes.make(2, new TestAuthority("test").node(2), nodes.impatient(2), UnaryOperator.identity());
            stranger.engine.start();
            assertEquals(ErrorCode.BADCERT, code(stranger.engine.joined()));
            assertEquals("[0, 1]", all.get(0).ids());

            InetAddress loopback = InetAddress.getLoopbackAddress();
            try (Socket nobody = nodes.authority.withoutCertificate(loopback, nodes.port(0))) {
                nobody.setSoTimeout(5_000);
                assertThrows(IOException.class, () -> {
                    nobody.getOutputStream().write("bela".getBytes(UTF_8));
                    nobody.getOutputStream().flush();
                    if (nobody.getInputStream().read() < 0) {
                        throw new IOException("closed");
                    }
                });
            }
            List<Socket> strangers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                strangers.add(new Socket(loopback, nodes.port(0)));
            }
            ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
            drip.scheduleAtFixedRate(() -> strangers.forEach(EngineTest::drip), 0, 200, TimeUnit.MILLISECONDS);
            Node third = nodes.make(2, nodes.authority.node(2), nodes.settings(3, List.of()), UnaryOperator.identity());
            third.engine.start();
            try {
                eventually("joins though others connect and say next to nothing", () -> all.get(0).ids().equals("[0, 1, 2]"));
                eventually("they are sent away", () -> strangers.stream().allMatch(Socket::isClosed));
            } finally {
                drip.shutdownNow();
            }
            stranger.engine.close();
        }
    }

    @Test
    @Tag("R-CMD-19")
    void keepsWhatWasAgreedOverARestartAndKnowsTheRestartedNode() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            List<Node> all = nodes.startAll();
            commit(all.get(2), new Change().put("dvs/kept", new byte[] {42}));
            TestNodes.kill(all.get(2));
            Node again = nodes.start(2);
            again.engine.joined().get(60, TimeUnit.SECONDS);
            assertFalse(again.engine.incarnation() == all.get(2).engine.incarnation());
            again.engine.state().sync().get(20, TimeUnit.SECONDS);
            assertEquals(42, again.engine.state().get("dvs/kept").orElseThrow().value()[0]);
            TestNodes.together(List.of(all.get(0), all.get(1), again));
        }
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            List<Node> all = nodes.startAll();
            all.get(0).engine.state().sync().get(20, TimeUnit.SECONDS);
            assertEquals(42, all.get(0).engine.state().get("dvs/kept").orElseThrow().value()[0]);
        }
    }

    @Test
    @Tag("R-CMD-12")
    void admitsALearnerAndExpelsIt() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 1)) {
            Node a = nodes.startAll().get(0);
            assertEquals(ErrorCode.BADNODEID, code(a.engine.admit(1)));
            assertEquals(ErrorCode.INVAL, code(a.engine.expel(0)));
            Node b = nodes.make(1, nodes.authority.node(1), nodes.settings(1, List.of()), UnaryOperator.identity());
            b.engine.start();
            b.engine.joined().get(60, TimeUnit.SECONDS);
            eventually("both", () -> a.ids().equals("[0, 1]"));
            assertEquals(Standing.Role.LEARNER, a.engine.nodes().get(1).role());
            Standing admitted = a.engine.admit(1).get(20, TimeUnit.SECONDS);
            assertEquals(Standing.Role.VOTER, admitted.role());
            commit(b, new Change().put("dvs/by/b", new byte[1]));

            a.engine.expel(1).get(20, TimeUnit.SECONDS);
            eventually("gone", () -> a.ids().equals("[0]"));
            assertEquals(1, a.engine.nodes().size());
            assertTrue(a.engine.view().primary());
            assertEquals(ErrorCode.NONODE, code(b.engine.state().commit(new Change().put("dvs/x", new byte[1]))));
            eventually("b hears that it is alone", () -> b.heard.get(b.heard.size() - 1).equals("view [1]"));
            assertFalse(b.engine.view().primary());
            b.engine.close();
            Node back = nodes.make(1, nodes.authority.node(1), nodes.impatient(1), UnaryOperator.identity());
            back.engine.start();
            assertEquals(ErrorCode.NONODE, code(back.engine.joined()));
            assertEquals(ErrorCode.BADNODEID, code(a.engine.admit(1)), "may come again, but is not there yet");
            eventually("back", () -> a.ids().equals("[0, 1]"));
            assertEquals(Standing.Role.VOTER, a.engine.admit(1).get(20, TimeUnit.SECONDS).role());
        }
    }

    @Test
    void staysOutWhenItsLogIsDamagedAndSaysWhere() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 1)) {
            Node node = nodes.startAll().get(0);
            for (int i = 0; i < 20; i++) {
                commit(node, new Change().put("dvs/" + i, new byte[100]));
            }
        }
        Path segment = file("log0", "segment");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[600] ^= 1;
        Files.write(segment, bytes);
        try (TestNodes nodes = new TestNodes(folder, 1)) {
            Node node = nodes.start(0);
            ExecutionException failed = assertThrows(ExecutionException.class,
                    () -> node.engine.joined().get(60, TimeUnit.SECONDS));
            DvsException why = (DvsException) failed.getCause();
            assertEquals(ErrorCode.LOGDAMAGED, why.code());
            assertTrue(why.getMessage().contains(segment.getFileName().toString()), why.getMessage());
            assertEquals(ErrorCode.LOGDAMAGED, code(node.engine.state().commit(new Change().put("a", new byte[1]))));
            assertFalse(node.engine.view().primary());
            assertEquals(ErrorCode.NOTREADY, assertThrows(DvsException.class, () -> node.say("x")).code());
        }
    }

    private Path file(String log, String start) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(log))) {
            return files.filter(file -> file.getFileName().toString().startsWith(start)).findFirst().orElseThrow();
        }
    }

    @Test
    void stopsItsThreadsAndSocketsSoon() throws Exception {
        long begin;
        try (TestNodes nodes = new TestNodes(folder, 2)) {
            List<Node> all = nodes.startAll();
            begin = System.nanoTime();
            all.get(1).engine.close();
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(15));
            Node waiting = nodes.make(2, nodes.authority.node(2), nodes.settings(2, List.of()), UnaryOperator.identity());
            all.get(0).engine.close();
            waiting.engine.start();
            begin = System.nanoTime();
            waiting.engine.close();
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(15));
        }
        await("no thread left").atMost(TestNodes.LONG).untilAsserted(() -> {
            Thread[] threads = new Thread[1_000];
            int count = Thread.enumerate(threads);
            assertEquals(List.of(),
                    Arrays.stream(threads, 0, count).map(Thread::getName).filter(name -> name.contains("dvs-")).toList());
        });
    }
}
