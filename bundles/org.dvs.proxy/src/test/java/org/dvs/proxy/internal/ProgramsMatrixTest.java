package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.apps.Running;
import org.dvs.apps.latency.Figures;
import org.dvs.apps.latency.Latency;
import org.dvs.apps.m3ftp.FileClient;
import org.dvs.apps.m3ftp.FileServer;
import org.dvs.apps.m3ftp.Progress;
import org.dvs.apps.m3ftp.Transfer;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.proxy.internal.frame.Options;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The programs <em>latency</em> and <em>m3ftp</em> themselves, servers on node 1 and clients on node 0, with every combination of
 * options. Names finish the sentence "programs on two nodes, whatever the options of their pair, …".
 */
@Tag("R-PXY-06")
@Tag("R-PXY-14")
class ProgramsMatrixTest {
    /** Server of latency with a thread, the one that is called with each message, and that of m3ftp. */
    private static final int THREAD = 10;
    private static final int HANDLER = 11;
    private static final int FILES = 20;
    /** The first of three clients. */
    private static final int USER = 40;
    private static final int LOOPS = 50;
    private static final int BLOCK = 16_384;
    /** Nine blocks and a part of one. */
    private static final int BYTES = 150_001;
    /** So many like text, as many by chance, and so on: LZ4 makes some blocks shorter, among them the first, and others not. */
    private static final int PART = 25_000;
    private static final long LIMIT_MS = 60_000;

    @TempDir
    Path folder;
    private byte[] bytes;
    private Path served;
    private Path file;

    @BeforeEach
    void writeAFile() throws Exception {
        bytes = new byte[BYTES];
        Random random = new Random(1);
        random.nextBytes(bytes);
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = i / PART % 2 == 0 ? (byte) ('a' + i % 7) : bytes[i];
        }
        served = Files.createDirectories(folder.resolve("served"));
        file = Files.write(folder.resolve("file"), bytes);
    }

    /** Programs on node 1, each with a thread; node 0 is told of them. */
    private static final class Servers implements AutoCloseable {
        private final Pair pair;
        private final List<Endpoint> endpoints = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();

        Servers(Pair pair) {
            this.pair = pair;
        }

        void start(int number, DvsProgram program) throws Exception {
            Endpoint self = bind(pair.nodes[1], number);
            endpoints.add(self);
            Thread thread = new Thread(() -> Running.quietly(program, self), "server-" + number);
            thread.start();
            threads.add(thread);
            tell(number);
        }

        void tell(int number) throws Exception {
            pair.nodes[0].kernel.rmtbind(DC, number, "server", 1);
        }

        @Override
        public void close() throws Exception {
            endpoints.forEach(Endpoint::close);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static Endpoint bind(TestNode node, int number) throws Exception {
        return node.kernel.bind(DC, number, "program", BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    /** Without autobind node 1 is told of it by hand. */
    private static Endpoint client(Pair pair, Options options, int number) throws Exception {
        if (!options.autobind()) {
            pair.nodes[1].kernel.rmtbind(DC, number, "client", 0);
        }
        return bind(pair.nodes[0], number);
    }

    @ParameterizedTest
    @MethodSource("org.dvs.proxy.internal.EveryOption#combinations")
    void answerEachRequestAndBringFilesAsTheyAre(Options options) throws Exception {
        try (Pair pair = new Pair(folder, EveryOption.block(options)).start(); Servers servers = new Servers(pair)) {
            servers.start(THREAD, Latency.server());
            pair.nodes[1].kernel.bindHandler(DC, HANDLER, "server", Latency.handler());
            servers.tell(HANDLER);
            servers.start(FILES, new FileServer(served, true));
            askAtOnce(pair, options);
            bringThereAndBack(pair, options);
            assertEquals(options.autobind() ? 3 : 0, pair.nodes[1].link(0).autobound());
            EveryOption.assertCounted(options, pair.nodes[0].link(1));
            EveryOption.assertPacked(options, pair.nodes[1].link(0));
        }
    }

    /** Node 0's loop stands still until both clients have asked, so the two requests lie in its queue together. */
    private static void askAtOnce(Pair pair, Options options) throws Exception {
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(1);
        try (Endpoint one = client(pair, options, USER); Endpoint other = client(pair, options, USER + 1)) {
            pair.nodes[0].proxies.proxies().loop().execute(() -> {
                stands.countDown();
                await(both);
            });
            assertTrue(stands.await(LIMIT_MS, TimeUnit.MILLISECONDS));
            CompletableFuture<Figures> ofThread = asking(one, THREAD);
            CompletableFuture<Figures> ofHandler = asking(other, HANDLER);
            Pair.await(() -> isQueued(pair, one) && isQueued(pair, other));
            both.countDown();
            assertEquals(LOOPS, ofThread.get(2 * LIMIT_MS, TimeUnit.MILLISECONDS).loops());
            assertEquals(LOOPS, ofHandler.get(2 * LIMIT_MS, TimeUnit.MILLISECONDS).loops());
        } finally {
            both.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isQueued(Pair pair, Endpoint client) throws Exception {
        return (pair.nodes[0].kernel.process(DC, client.number()).flags() & ProcessFlags.RMTOPER) != 0;
    }

    /** On a thread of its own. */
    private static CompletableFuture<Figures> asking(Endpoint self, int server) {
        CompletableFuture<Figures> figures = new CompletableFuture<>();
        new Thread(() -> {
            try {
                figures.complete(Latency.ask(self, server, LOOPS, LIMIT_MS, LIMIT_MS));
            } catch (Exception e) {
                figures.completeExceptionally(e);
            }
        }, "client-" + self.number()).start();
        return figures;
    }

    private void bringThereAndBack(Pair pair, Options options) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        Path back = folder.resolve("back");
        try (Endpoint self = client(pair, options, USER + 2);
                FileClient client = new FileClient(self, FILES, BLOCK, LIMIT_MS)) {
            Transfer put = client.put(file, "copy", false, Progress.NONE);
            assertEquals(BYTES, put.bytes());
            assertArrayEquals(digest, put.digest());
            assertArrayEquals(bytes, Files.readAllBytes(served.resolve("copy")));
            Transfer got = client.get("copy", back, false, Progress.NONE);
            assertEquals(BYTES, got.bytes());
            assertArrayEquals(digest, got.digest());
            assertArrayEquals(bytes, Files.readAllBytes(back));
        }
    }
}
