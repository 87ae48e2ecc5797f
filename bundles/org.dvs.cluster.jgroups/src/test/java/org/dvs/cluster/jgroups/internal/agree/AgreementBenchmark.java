package org.dvs.cluster.jgroups.internal.agree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import org.dvs.cluster.api.Change;

/**
 * Commits per second of one node and of three (the leader proposes, all in this JVM, one disk), beside one thread that appends
 * to a file, with a checksum and one force for all that waits. Prints; judges nothing. Run its {@code main}; the first
 * argument is a folder on the disk to measure.
 */
final class AgreementBenchmark {
    private static final long WARM_MS = 2000;
    private static final long RUN_MS = 3000;

    private AgreementBenchmark() {
    }

    public static void main(String[] args) throws Exception {
        Path root = Files.createTempDirectory(Path.of(args.length > 0 ? args[0] : "."), "benchmark");
        System.out.printf("%d processors, Java %s%n", Runtime.getRuntime().availableProcessors(), Runtime.version());
        System.out.printf("%6s %9s | %10s %8s | %10s %8s %6s | %10s %8s %6s%n", "bytes", "in flight", "file op/s", "p50 us",
                "1 op/s", "p50 us", "ratio", "3 op/s", "p50 us", "ratio");
        List<String> three = List.of("node0", "node1", "node2");
        try (TestNode one = TestNode.start("one", "node0", List.of("node0"), root.resolve("1"));
                TestNode a = TestNode.start("three", "node0", three, root.resolve("3"));
                TestNode b = TestNode.start("three", "node1", three, root.resolve("3"));
                TestNode c = TestNode.start("three", "node2", three, root.resolve("3"));
                Plain plain = new Plain(root.resolve("plain"))) {
            one.agreement.ready().get(20, TimeUnit.SECONDS);
            for (TestNode node : List.of(a, b, c)) {
                node.agreement.ready().get(20, TimeUnit.SECONDS);
            }
            TestNode leader = Stream.of(a, b, c).filter(node -> node.agreement.leader().orElse("").equals(node.name)).findFirst()
                    .orElseThrow();
            for (int bytes : new int[] {64, 1024, 16 * 1024}) {
                for (int inFlight : new int[] {1, 16, 256}) {
                    Result base = measure(inFlight, value -> plain.append(new byte[bytes]));
                    Result single = measure(inFlight, i -> one.state().commit(new Change().put("key" + i % 1000,
                            new byte[bytes])));
                    Result triple = measure(inFlight, i -> leader.state().commit(new Change().put("key" + i % 1000,
                            new byte[bytes])));
                    System.out.printf("%6d %9d | %10.0f %8d | %10.0f %8d %6.2f | %10.0f %8d %6.2f%n", bytes, inFlight, base.rate,
                            base.p50,
                            single.rate, single.p50, single.rate / base.rate, triple.rate, triple.p50, triple.rate / single.rate);
                }
            }
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted((x, y) -> y.compareTo(x)).toList()) {
                Files.delete(file);
            }
        }
    }

    private record Result(double rate, long p50) {
    }

    private static Result measure(int inFlight, Function<Integer, CompletableFuture<?>> operation) throws InterruptedException {
        Semaphore permits = new Semaphore(inFlight);
        AtomicInteger count = new AtomicInteger();
        long[] micros = new long[2_000_000];
        AtomicLong from = new AtomicLong(System.nanoTime() + WARM_MS * 1_000_000);
        long end = from.get() + RUN_MS * 1_000_000;
        for (int i = 0; System.nanoTime() < end; i++) {
            permits.acquire();
            long start = System.nanoTime();
            operation.apply(i).whenComplete((done, failure) -> {
                permits.release();
                if (failure == null && start > from.get()) {
                    int at = count.getAndIncrement();
                    if (at < micros.length) {
                        micros[at] = (System.nanoTime() - start) / 1000;
                    }
                }
            });
        }
        permits.acquire(inFlight);
        int counted = Math.min(count.get(), micros.length);
        Arrays.sort(micros, 0, counted);
        return new Result(count.get() * 1000.0 / RUN_MS, counted == 0 ? 0 : micros[counted / 2]);
    }

    /** One writer, group commit, nothing else. */
    private static final class Plain implements AutoCloseable {
        private record Write(byte[] bytes, CompletableFuture<Void> done) {
        }

        private final ArrayBlockingQueue<Write> queue = new ArrayBlockingQueue<>(1024);
        private final FileChannel file;
        private final Thread writer = new Thread(this::run, "benchmark-plain");

        Plain(Path path) throws Exception {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            writer.start();
        }

        CompletableFuture<Void> append(byte[] bytes) {
            Write write = new Write(bytes, new CompletableFuture<>());
            if (!queue.offer(write)) {
                write.done.completeExceptionally(new IllegalStateException("full"));
            }
            return write.done;
        }

        private void run() {
            List<Write> batch = new ArrayList<>();
            CRC32C crc = new CRC32C();
            try {
                while (true) {
                    batch.add(queue.take());
                    queue.drainTo(batch);
                    ByteBuffer out = ByteBuffer.allocate(batch.stream().mapToInt(write -> write.bytes.length + 8).sum());
                    for (Write write : batch) {
                        crc.reset();
                        crc.update(write.bytes);
                        out.putInt(write.bytes.length).putInt((int) crc.getValue()).put(write.bytes);
                    }
                    out.flip();
                    while (out.hasRemaining()) {
                        file.write(out);
                    }
                    file.force(false);
                    batch.forEach(write -> write.done.complete(null));
                    batch.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                System.out.println("the file failed: " + e);
            }
        }

        @Override
        public void close() throws Exception {
            writer.interrupt();
            writer.join(5000);
            file.close();
        }
    }
}
