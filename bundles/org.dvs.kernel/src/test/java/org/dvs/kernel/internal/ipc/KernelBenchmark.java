package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;

/**
 * IPC within one container, beside what plain Java does and what was printed for the original. Prints; judges nothing.
 * Run its {@code main}; the first argument is the number of rounds. Measures that are compared take turns in each round, and the
 * median of the rounds counts, because machines have other work too; what one thread does alone is also given by its processor
 * time.
 */
final class KernelBenchmark {
    private static final int DC = TestKernels.DC;
    private static final long ROUND_NANOS = 200_000_000;
    private static final int BATCH = 1000;
    private static final int BLOCK = 64 * 1024;
    private static final int BOUND = 10_000;
    private static final DvsHandler ANSWERS = (message, self) -> self.reply(message.source(), message);
    private static final DvsHandler HEARS = (message, self) -> { };

    private final TestKernels kernels = new TestKernels();
    private final int rounds;

    private KernelBenchmark(int rounds) {
        this.rounds = rounds;
    }

    public static void main(String[] args) throws Exception {
        new KernelBenchmark(args.length > 0 ? Integer.parseInt(args[0]) : 15).run();
    }

    private void run() throws Exception {
        System.out.printf("%d processors, Java %s, %d rounds of %d ms%n", Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                rounds, ROUND_NANOS / 1_000_000);
        System.out.printf("%-44s %14s %14s%n", "one thread", "per s", "per s of CPU");
        alone("sendrec to a handler, round trips", handlers());
        alone("notify to a handler", notifications(HEARS));
        alone("notify to a process that runs", notifications(null));
        beside("64 KiB, GB/s", BLOCK / 1e9, "vcopy", copies(), "ByteBuffer.put", puts());
        try (Threads threads = new Threads(kernels.kernel()); Queues queues = new Queues()) {
            beside("two threads, thousand round trips/s", 1e-3, "sendrec and reply", threads, "SynchronousQueue", queues);
        }
        memory();
        upstream();
        kernels.close();
    }

    // ---- measuring

    /** Something done again and again; the caller's thread does it or waits for it. */
    @FunctionalInterface
    private interface Work {
        void times(int count) throws Exception;
    }

    private record Rate(double wall, double cpu) {
        static Rate of(Work work) throws Exception {
            var threads = ManagementFactory.getThreadMXBean();
            long begin = System.nanoTime();
            long busy = threads.getCurrentThreadCpuTime();
            long count = 0;
            do {
                work.times(BATCH);
                count += BATCH;
            } while (System.nanoTime() - begin < ROUND_NANOS);
            return new Rate(count * 1e9 / (System.nanoTime() - begin), count * 1e9 / (threads.getCurrentThreadCpuTime() - busy));
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private void alone(String what, Work work) throws Exception {
        List<Rate> rates = new ArrayList<>();
        for (int round = -2; round < rounds; round++) {
            Rate rate = Rate.of(work);
            if (round >= 0) {
                rates.add(rate);
            }
        }
        System.out.printf("%-44s %,14.0f %,14.0f%n", what, median(rates.stream().map(Rate::wall).toList()),
                median(rates.stream().map(Rate::cpu).toList()));
    }

    private void beside(String unit, double factor, String ours, Work work, String theirs, Work base) throws Exception {
        List<Double> one = new ArrayList<>();
        List<Double> other = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = -2; round < rounds; round++) {
            double first = Rate.of(work).wall() * factor;
            double second = Rate.of(base).wall() * factor;
            if (round >= 0) {
                one.add(first);
                other.add(second);
                ratios.add(first / second);
            }
        }
        System.out.printf("%s: %s %.1f, %s %.1f, ratio of the medians %.2f, median of the ratios %.2f%n", unit, ours,
                median(one), theirs,
                median(other), median(one) / median(other), median(ratios));
    }

    // ---- one thread

    private Work handlers() throws DvsException {
        KernelCore kernel = kernels.kernel();
        kernel.bindHandler(DC, 1, "server", ANSWERS);
        AsyncEndpoint client = kernel.bindAsync(DC, 2, "client", BindKind.SELF, LOCALNODE);
        Message message = new Message(1);
        int[] answers = new int[1];
        return count -> {
            for (int i = 0; i < count; i++) {
                int before = answers[0];
                client.sendrec(1, message, FOREVER, rcode -> answers[0]++);
                if (answers[0] == before) {
                    throw new IllegalStateException("not answered at once");
                }
            }
        };
    }

    /** @param receiver null for one that does not receive */
    private Work notifications(DvsHandler receiver) throws DvsException {
        KernelCore kernel = kernels.kernel();
        if (receiver == null) {
            kernel.bindAsync(DC, 1, "receiver", BindKind.SELF, LOCALNODE);
        } else {
            kernel.bindHandler(DC, 1, "receiver", receiver);
        }
        AsyncEndpoint sender = kernel.bindAsync(DC, 2, "sender", BindKind.SELF, LOCALNODE);
        return count -> {
            for (int i = 0; i < count; i++) {
                sender.notify(1, FOREVER, rcode -> { });
            }
        };
    }

    private Work copies() throws DvsException {
        KernelCore kernel = kernels.kernel();
        AsyncEndpoint source = kernel.bindAsync(DC, 1, "source", BindKind.SELF, LOCALNODE);
        AsyncEndpoint destination = kernel.bindAsync(DC, 2, "destination", BindKind.SELF, LOCALNODE);
        AsyncEndpoint requester = kernel.bindAsync(DC, 3, "requester", BindKind.SELF, LOCALNODE);
        long from = source.memory().expose(ByteBuffer.allocateDirect(BLOCK));
        long to = destination.memory().expose(ByteBuffer.allocateDirect(BLOCK));
        source.receive(ANY, new Message(), FOREVER, rcode -> { });
        destination.receive(ANY, new Message(), FOREVER, rcode -> { });
        return count -> {
            for (int i = 0; i < count; i++) {
                requester.vcopy(1, from, 2, to, BLOCK, KernelBenchmark::copied);
            }
        };
    }

    private static void copied(int rcode) {
        if (rcode != BLOCK) {
            throw new IllegalStateException("copied " + rcode);
        }
    }

    private static Work puts() {
        ByteBuffer from = ByteBuffer.allocateDirect(BLOCK);
        ByteBuffer to = ByteBuffer.allocateDirect(BLOCK);
        return count -> {
            for (int i = 0; i < count; i++) {
                to.clear().put(from.clear());
            }
        };
    }

    // ---- two threads

    private static final class Threads implements Work, AutoCloseable {
        private final Endpoint client;
        private final Endpoint server;
        private final Message message = new Message(1);

        Threads(KernelCore kernel) throws DvsException {
            client = TestKernels.bind(kernel, 2);
            server = TestKernels.bind(kernel, 1);
            Thread thread = new Thread(this::serve, "benchmark-server");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            try {
                Message request = new Message();
                while (true) {
                    server.rcvrqst(request, FOREVER);
                    server.reply(request.source(), request, FOREVER);
                }
            } catch (DvsException e) {
                // The benchmark is over.
            }
        }

        @Override
        public void times(int count) throws DvsException {
            for (int i = 0; i < count; i++) {
                client.sendrec(1, message, FOREVER);
            }
        }

        @Override
        public void close() {
            server.close();
            client.close();
        }
    }

    private static final class Queues implements Work, AutoCloseable {
        private final SynchronousQueue<Message> there = new SynchronousQueue<>();
        private final SynchronousQueue<Message> back = new SynchronousQueue<>();
        private final Message message = new Message(1);
        private final Thread thread = new Thread(this::serve, "benchmark-queues");

        Queues() {
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            try {
                while (true) {
                    back.put(there.take());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void times(int count) throws InterruptedException {
            for (int i = 0; i < count; i++) {
                there.put(message);
                back.take();
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    // ---- memory

    private interface Binding {
        Object bind(KernelCore kernel, int endpoint) throws DvsException;
    }

    private void memory() throws DvsException {
        System.out.printf("heap of %,d bound endpoints, bytes each: remote %d, threads %d, asynchronous %d, handlers %d%n",
                BOUND, bytes((kernel, endpoint) -> kernel.rmtbind(DC, endpoint, "p" + endpoint, 1)),
                bytes((kernel, endpoint) -> TestKernels.bind(kernel, endpoint)),
                bytes((kernel, endpoint) -> kernel.bindAsync(DC, endpoint, "p" + endpoint, BindKind.SELF, LOCALNODE)),
                bytes((kernel, endpoint) -> kernel.bindHandler(DC, endpoint, "p" + endpoint, HEARS)));
    }

    /** The most of a few, as a round may begin before the memory of the one before is free; the DC's empty slots count too. */
    private long bytes(Binding binding) throws DvsException {
        double most = 0;
        for (int i = 0; i < 5; i++) {
            most = Math.max(most, once(binding));
        }
        return Math.round(most);
    }

    private double once(Binding binding) throws DvsException {
        KernelCore kernel = kernels.bare();
        DvsParameters parameters = new DvsParameters("dvs", 1, 2, BOUND + 1, 35, BOUND + 35, 65_536, 1_048_576, 0);
        kernel.dvsInit(0, "node0", parameters);
        kernel.proxiesBind("pair1", 1, 65_536, 1);
        kernel.nodeUp("node1", 1, 1);
        long before = used();
        kernel.dcInit(DcSettings.of(DC, "dc0", parameters));
        kernel.addNode(DC, 1);
        Object[] bound = new Object[BOUND];
        for (int endpoint = 0; endpoint < BOUND; endpoint++) {
            bound[endpoint] = binding.bind(kernel, endpoint);
        }
        long after = used();
        Reference.reachabilityFence(bound);
        kernel.dvsEnd();
        return (double) (after - before) / BOUND;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    // ---- the original

    private static void upstream() {
        System.out.println("""
                printed for the original, on its machines (upstream-results 3):
                  6 Oct 2012  send / receive one way             68,161 /s
                  6 Oct 2012  sendrec / receive+send one way     68,675 /s
                  6 Oct 2012  notify both ways                  118,120 /s
                  aligned     M3-IPC send+receive               379,571 /s
                  aligned     M3-IPC sendrec                    456,502 /s
                  aligned     M3-IPC notify+receive             499,102 /s
                  aligned     Unix pipe one way                 605,371 /s
                  aligned     Unix socket                       464,849 /s
                  aligned     TCP loopback                      128,497 /s""");
    }
}
