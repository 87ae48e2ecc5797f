package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.ErrorCode;
import org.dvs.config.internal.BlockFilesComponent;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.internal.config.ProxyConfig;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.link.Link;
import org.dvs.registry.api.LocalKernel;
import org.dvs.testkit.Configured;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Tls;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundle goes and comes while programs talk, and connections break under them. */
@Tag("R-PXY-05")
class ReplaceTest {
    private static final int SERVER = 10;
    private static final int MUTE = 11;
    private static final int CLIENT = 40;

    @TempDir
    Path folder;

    private static Endpoint programs(Pair pair) throws Exception {
        pair.nodes[1].kernel.bindHandler(DC, SERVER, "echo",
                (message, self) -> self.reply(message.source(), message, WAIT_MS, rcode -> { }));
        pair.nodes[0].kernel.rmtbind(DC, SERVER, "echo", 1);
        return pair.nodes[0].kernel.bind(DC, CLIENT, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    private static List<String> connections(TestNode node) {
        return node.transport.connections().stream().filter(each -> each.protocol().equals(Proxies.PROTOCOL))
                .map(ConnectionInfo::peer).map(peer -> peer.address()).toList();
    }

    private static String connection(TestNode node) {
        return connections(node).stream().findFirst().orElse("none");
    }

    /** Of two that both ends have made at once one ends, maybe a little later than they are up. */
    private static String theOneConnection(Pair pair) {
        Pair.await(() -> connections(pair.nodes[0]).size() == 1 && connections(pair.nodes[1]).size() == 1);
        pair.awaitUp();
        return connection(pair.nodes[0]);
    }

    @Test
    void twentyReplacementsLoseNothingAndCutNoConnection() throws Exception {
        try (Pair pair = new Pair(folder, "batch YES; autobind YES; sequence YES;").start()) {
            Endpoint client = programs(pair);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger done = new AtomicInteger();
            AtomicLong longest = new AtomicLong();
            CompletableFuture<Void> talk = CompletableFuture.runAsync(() -> {
                Message message = new Message();
                try {
                    while (!over.get()) {
                        long begin = System.nanoTime();
                        int number = done.get();
                        client.sendrec(SERVER, message.type(1).putInt(Message.M1_I1, number), WAIT_MS);
                        assertEquals(number, message.getInt(Message.M1_I1));
                        longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
                        done.incrementAndGet();
                    }
                } catch (IpcException e) {
                    throw new IllegalStateException(e);
                }
            });
            Pair.await(() -> done.get() > 100 || talk.isDone());
            String before = theOneConnection(pair);
            for (int i = 0; i < 20; i++) {
                TestNode node = pair.nodes[i % 2];
                int at = done.get();
                node.stop();
                assertEquals(7, node.kernel.proxy(1 - node.id).flags(), "the pair stays connected");
                node.start();
                Pair.await(() -> done.get() > at + 10 || talk.isDone());
            }
            over.set(true);
            talk.get(WAIT_MS, TimeUnit.MILLISECONDS);
            System.out.println("20 replacements during " + done.get() + " round trips: the longest took "
                    + TimeUnit.NANOSECONDS.toMillis(longest.get()) + " ms");
            assertEquals(before, connection(pair.nodes[0]));
            assertEquals(0, pair.nodes[0].link(1).faults() + pair.nodes[1].link(0).faults());
        }
    }

    private static void replaceWith(TestNode node, String key, Object value) throws Exception {
        node.stop();
        node.set(key, value).start();
    }

    @Test
    void anOptionThatBothEndsMustWantCountsFromTheNextConnectionOn() throws Exception {
        try (Pair pair = new Pair(folder, "batch YES; sequence YES;").start()) {
            String before = theOneConnection(pair);
            for (TestNode node : pair.nodes) {
                replaceWith(node, "compress", true);
                Pair.await(() -> node.link(1 - node.id).differences().equals("compress yes here, no there"));
                assertEquals("up", node.link(1 - node.id).state());
                assertFalse(node.link(1 - node.id).options().contains("compress"), node.link(1 - node.id).options());
            }
            assertEquals(before, connection(pair.nodes[0]));
            pair.nodes[0].proxies.disconnect(1);
            pair.nodes[0].proxies.connect(1);
            for (TestNode node : pair.nodes) {
                Pair.await(() -> node.link(1 - node.id).state().equals("up")
                        && node.link(1 - node.id).options().contains("compress"));
                assertEquals("", node.link(1 - node.id).differences());
            }
        }
    }

    @Test
    void anOptionThatOneEndCanSettleCountsAsSoonAsItsFileIsChanged() throws Exception {
        try (Pair pair = new Pair(folder, "batch YES; sequence YES;").start()) {
            replaceWith(pair.nodes[0], "digest", DigestKind.XXHASH64);
            Pair.await(() -> pair.nodes[0].link(1).faultCounts().containsKey("changed"));
            Pair.await(() -> pair.nodes[1].link(0).options().contains("xxhash64"));
            pair.awaitUp();
            assertEquals("digest xxhash64 here, crc32c there", pair.nodes[0].link(1).differences());
            assertEquals("digest crc32c here, xxhash64 there", pair.nodes[1].link(0).differences());
        }
    }

    private static boolean shows(TestNode node, String option, String state) throws Exception {
        // Between two versions of a pair there is none for a moment.
        return node.proxies.links().get(WAIT_MS, TimeUnit.MILLISECONDS).stream()
                .anyMatch(link -> link.options().contains(option) && link.state().equals(state));
    }

    @Test
    @Tag("R-CMD-13")
    void aDrainedPairStaysDrainedWhateverIsSetUntilItIsConnectedOrAnother() throws Exception {
        try (Pair pair = new Pair(folder, "batch YES; compress NO;").start()) {
            TestNode node = pair.nodes[0];
            node.proxies.drain(1);
            Pair.await(() -> node.link(1).state().equals("drained"));
            node.edit("compress NO", "compress YES");
            Pair.await(() -> shows(node, "compress", "drained"));
            replaceWith(node, "heartbeatMs", 2_000);
            assertEquals("drained", node.link(1).state());
            assertEquals("drained", node.link(1).lastFault());
            node.proxies.connect(1);
            pair.awaitUp();
            replaceWith(node, "heartbeatMs", 3_000);
            pair.awaitUp();
            node.proxies.disconnect(1);
            node.edit("proxy localhost", "proxy 127.0.0.1");
            Pair.await(() -> node.proxies.links().get(WAIT_MS, TimeUnit.MILLISECONDS).stream()
                    .anyMatch(link -> link.name().equals("127.0.0.1") && link.state().equals("up")));
        }
    }

    @Test
    void anOptionOfOneEndCountsOverTheConnectionThatIsThere() throws Exception {
        try (Pair pair = new Pair(folder, "compress YES;", "compress NO;").start()) {
            String before = theOneConnection(pair);
            replaceWith(pair.nodes[0], "autobind", false);
            replaceWith(pair.nodes[0], "heartbeatMs", 3_500);
            Pair.await(() -> pair.nodes[0].link(1).state().equals("up"));
            assertFalse(pair.nodes[0].link(1).options().contains("autobind"), pair.nodes[0].link(1).options());
            assertEquals("compress yes here, no there; heartbeat 3500 ms here, 3000 ms there",
                    pair.nodes[0].link(1).differences());
            assertEquals("compress no here, yes there", pair.nodes[1].link(0).differences());
            assertEquals(before, connection(pair.nodes[0]));
            assertEquals(0, pair.nodes[1].link(0).faults());
        }
    }

    @Test
    void aPairThatNobodyTakesOverKeepsNobodyWaiting() throws Exception {
        try (Pair pair = new Pair(folder, "autobind YES;").start()) {
            pair.nodes[0].stop();
            pair.nodes[0].kernel.proxyPair(1).leave(100);
            Pair.await(() -> pair.nodes[0].kernel.proxy(1).flags() == ProxyFlags.IN_USE);
            pair.nodes[0].start();
            pair.awaitUp();
        }
    }

    /** Else it opened what the next version has closed, or said where that does not listen. */
    @Test
    void aLookThatHasBegunIsOverWhenTheBundleHasGone() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch gone = new CountDownLatch(1);
        AtomicBoolean over = new AtomicBoolean();
        try (TestNode node = new TestNode(folder, 0, "")) {
            LocalKernel slow = new LocalKernel() {
                @Override
                public Kernel get() {
                    begun.countDown();
                    if (begun.getCount() == 0) {
                        over.set(isThere());
                    }
                    return node.kernel;
                }

                /** Told to end, it has something to finish. @return whether the bundle is still there then */
                private boolean isThere() {
                    try {
                        return !gone.await(WAIT_MS, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
                        while (gone.getCount() > 0 && System.nanoTime() - end < 0) {
                            Thread.onSpinWait();
                        }
                        return gone.getCount() > 0;
                    }
                }

                @Override
                public CompletableFuture<Void> align() {
                    return node.align();
                }
            };
            ProxyComponent proxies = new ProxyComponent(node.transport, node.cluster, slow, new BlockFilesComponent(), folder,
                    Configured.settings(ProxyConfig.class, Map.of("basePort", 0)), Tls.NONE);
            assertTrue(begun.await(WAIT_MS, TimeUnit.MILLISECONDS));
            proxies.stop();
            gone.countDown();
            assertTrue(over.get());
        }
    }

    /** The next version gets what the one before it has dialed, and has no use for it. */
    @Test
    void aConnectionThatIsBeingMadeMeanwhileEndsAtOnce() throws Exception {
        for (int seed = 1; seed <= 20; seed++) {
            SimulatedDvs world = new SimulatedDvs(seed);
            SimulatedDvsNode node = world.nodes[seed % 2];
            while (node.link().link().state() != Link.State.DIALING) {
                world.run(Duration.ofNanos(1_000));
            }
            node.park();
            node.resume(0);
            assertTrue(world.joins());
            // Sooner than a peer takes silence for death.
            world.run(Duration.ofSeconds(3));
            for (SimulatedDvsNode each : world.nodes) {
                assertEquals(1, each.connections.stream().filter(SimulatedConnection::isOpen).count(), "of node " + each.id);
            }
        }
    }

    @Test
    @Tag("R-CMD-13")
    void whoWaitsIsToldOfABreakAndTheLinkComesBack() throws Exception {
        try (Pair pair = new Pair(folder, "autobind YES; sequence YES;")) {
            for (TestNode node : pair.nodes) {
                // A sign of life would say of what is under way that it has arrived, and leave nothing to settle.
                node.set("heartbeatMs", 60_000).set("silenceMs", 600_000);
            }
            pair.start();
            Endpoint client = programs(pair);
            Message message = new Message();
            client.sendrec(SERVER, message.type(1), WAIT_MS);
            // One that keeps what it gets.
            pair.nodes[1].kernel.bindAsync(DC, MUTE, "mute", BindKind.SELF, EndpointNumbers.LOCALNODE);
            pair.nodes[0].kernel.rmtbind(DC, MUTE, "mute", 1);
            CompletableFuture<ErrorCode> ended = CompletableFuture.supplyAsync(() -> {
                try {
                    client.sendrec(MUTE, message.type(1), WAIT_MS);
                    return ErrorCode.GENERIC;
                } catch (IpcException e) {
                    return e.code();
                }
            });
            Pair.await(() -> pair.nodes[0].link(1).commandsOut() >= 3);
            pair.nodes[0].proxies.disconnect(1);
            assertEquals(ErrorCode.UNKNOWNOUTCOME, ended.get(WAIT_MS, TimeUnit.MILLISECONDS));
            assertEquals("drained", pair.nodes[0].link(1).state());
            assertEquals("disconnected", pair.nodes[0].link(1).lastFault());
            assertEquals(1, pair.nodes[0].link(1).faultCounts().get("disconnected"));
            Pair.await(() -> pair.nodes[1].link(0).lastFault().equals("drained"));
            assertEquals(1, pair.nodes[1].link(0).faultCounts().get("drained"));
            assertEquals(ErrorCode.NOTCONN, assertThrows(IpcException.class,
                    () -> client.sendrec(SERVER, message, WAIT_MS)).code());
            pair.nodes[0].proxies.connect(1);
            pair.awaitUp();
            ProxyLink settled = pair.nodes[0].link(1);
            assertEquals(0, settled.unknown() + settled.underWay(), settled.toString());
            assertTrue(settled.delivered() + settled.failed() >= 1, settled.toString());
            pair.nodes[0].proxies.drain(1);
            Pair.await(() -> pair.nodes[0].link(1).state().equals("drained"));
            assertEquals("drained", pair.nodes[0].link(1).lastFault());
            assertEquals(1, pair.nodes[0].link(1).faultCounts().get("drained"));
        }
    }
}
