package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real threads on the rendezvous, for a bounded time. Whoever is not woken is found because its thread does not end in time;
 * {@code -Ddvs.stress.seconds} lets it run longer, {@code -Ddvs.seed} sets what the threads choose.
 */
class RendezvousStressTest {
    private static final long SECONDS = Long.getLong("dvs.stress.seconds", 3);
    private static final long SEED = Long.getLong("dvs.seed", System.nanoTime());
    private static final int LIMIT_S = 60;
    private static final int PROGRAMS = 8;

    private final TestKernels kernels = new TestKernels();
    private final List<FutureTask<?>> tasks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private KernelCore kernel;

    @BeforeEach
    void begin() throws DvsException {
        System.out.println("seed " + SEED);
        kernel = kernels.kernel();
    }

    @AfterEach
    void end() throws DvsException {
        kernel.dvsEnd();
        kernels.close();
    }

    private <T> FutureTask<T> inThread(String name, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        tasks.add(task);
        threads.add(thread);
        thread.start();
        return task;
    }

    /** What a thread gives; one that does not end was not woken. */
    private <T> T result(FutureTask<T> task) throws Exception {
        try {
            return task.get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            AssertionError asleep = new AssertionError("seed " + SEED + ": a thread was not woken");
            asleep.setStackTrace(threads.get(tasks.indexOf(task)).getStackTrace());
            throw asleep;
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + SEED + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    // ---- requests

    @Test
    @Tag("R-PXY-08")
    void everyRequestOfManyThreadsIsAnsweredByThreadsAndHandlers() throws Exception {
        int clients = 5;
        int requests = (int) SECONDS * 2000;
        for (int server = 0; server < 2; server++) {
            Endpoint self = TestKernels.bind(kernel, server);
            inThread("server-" + server, () -> {
                Message message = new Message();
                while (true) {
                    self.rcvrqst(message, FOREVER);
                    self.reply(message.source(), message.putInt(Message.M1_I2, message.getInt(Message.M1_I1) + 1), FOREVER);
                }
            });
        }
        kernel.bindHandler(TestKernels.DC, 2, "handler", (message, self) -> self.reply(message.source(),
                new Message().putInt(Message.M1_I2, message.getInt(Message.M1_I1) + 1)));
        List<FutureTask<Integer>> asking = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            Endpoint self = TestKernels.bind(kernel, 10 + client);
            Random random = new Random(SEED + client);
            asking.add(inThread("client-" + client, () -> {
                Message message = new Message();
                for (int i = 0; i < requests; i++) {
                    int number = random.nextInt();
                    self.sendrec(random.nextInt(3), message.putInt(Message.M1_I1, number), FOREVER);
                    assertEquals(number + 1, message.getInt(Message.M1_I2), "the answer to this request");
                }
                return requests;
            }));
        }
        for (FutureTask<Integer> task : asking) {
            assertEquals(requests, result(task));
        }
    }

    // ---- notifications

    @Test
    @Tag("R-PXY-08")
    void theLastNotificationOfEveryThreadIsReceived() throws Exception {
        int notifiers = 4;
        int times = (int) SECONDS * 5000;
        AtomicLongArray sent = new AtomicLongArray(notifiers);
        AtomicLongArray seen = new AtomicLongArray(notifiers);
        Endpoint receiver = TestKernels.bind(kernel, 20);
        FutureTask<Integer> receiving = inThread("receiver", () -> {
            Message message = new Message();
            int received = 0;
            for (int complete = 0; complete < notifiers; received++) {
                receiver.receive(ANY, message, FOREVER);
                int from = message.source();
                // What was sent before it was told: if this is the last one, no other will come.
                if (seen.getAndSet(from, sent.get(from)) < times && seen.get(from) == times) {
                    complete++;
                }
            }
            return received;
        });
        for (int number = 0; number < notifiers; number++) {
            int from = number;
            Endpoint self = TestKernels.bind(kernel, from);
            inThread("notifier-" + from, () -> {
                for (int i = 1; i <= times; i++) {
                    sent.set(from, i);
                    self.notify(20, FOREVER);
                }
                return times;
            });
        }
        int received = result(receiving);
        assertTrue(received >= notifiers && received <= notifiers * times, received + " notifications");
    }

    // ---- everything at once

    /** What became of each message, by its number. */
    private static final class Ledger {
        private static final int SIZE = 1 << 22;
        final AtomicIntegerArray received = new AtomicIntegerArray(SIZE);
        final AtomicIntegerArray outcome = new AtomicIntegerArray(SIZE);
        static final int ARRIVED = 1;
        static final int REFUSED = 2;
        static final int UNKNOWN = 3;
        private final AtomicInteger last = new AtomicInteger();

        int next() {
            return last.incrementAndGet();
        }

        boolean isFull() {
            return last.get() > SIZE - 1000;
        }

        int check() {
            int arrived = 0;
            for (int id = 1; id <= last.get(); id++) {
                int times = received.get(id);
                switch (outcome.get(id)) {
                    case ARRIVED -> assertEquals(1, times, "message " + id + " of whose arrival its sender was told");
                    case REFUSED -> assertEquals(0, times, "message " + id + " that did not arrive as its sender was told");
                    default -> assertTrue(times <= 1, "message " + id + " once");
                }
                arrived += times;
            }
            return arrived;
        }
    }

    /** A program on a thread that does anything. */
    private final class Busy {
        private final int number;
        private final Random random;
        private final Ledger ledger;
        private final Message message = new Message();
        private final int[] requests = new int[PROGRAMS];
        private volatile Endpoint self;
        private volatile boolean over;

        Busy(int number, Ledger ledger) throws DvsException {
            this.number = number;
            this.ledger = ledger;
            random = new Random(SEED * 31 + number);
            self = TestKernels.bind(kernel, number);
        }

        int run() throws DvsException {
            int calls = 0;
            while (!over && !ledger.isFull()) {
                try {
                    call(random.nextInt(10));
                    calls++;
                } catch (IpcException e) {
                    Thread.interrupted();
                    if (e.code() == ErrorCode.NOTBIND && !over) {
                        rebind();
                    }
                }
            }
            self.close();
            return calls;
        }

        private void rebind() throws DvsException {
            self.close();
            Arrays.fill(requests, 0);
            self = TestKernels.bind(kernel, number);
        }

        private void call(int dice) throws IpcException {
            int peer = random.nextInt(PROGRAMS);
            long timeout = random.nextInt(4) == 0 ? Endpoint.NOWAIT : 1 + random.nextInt(3);
            if (dice < 4) {
                self.receive(dice == 0 ? peer : ANY, message, timeout);
                received(false);
            } else if (dice < 6) {
                send(peer, timeout);
            } else if (dice < 7) {
                self.notify(peer, timeout);
            } else if (dice < 8) {
                ask(peer, timeout);
            } else if (requests[peer] > 0) {
                answer(peer, timeout);
            }
        }

        /** @return the number of the message */
        private int received(boolean answer) {
            if (message.type() >= Message.NOTIFY) {
                return 0;
            }
            int id = message.getInt(Message.M1_I1);
            assertEquals(1, ledger.received.incrementAndGet(id), "message " + id + " received once");
            assertEquals(number, message.getInt(Message.M1_I2), "by whom it was sent to");
            if (message.type() == Operation.SENDREC.ordinal()) {
                requests[message.source()] = id;
            }
            return id;
        }

        private Message message(int id, int peer, Operation operation, int answers) {
            return new Message(operation.ordinal()).putInt(Message.M1_I1, id).putInt(Message.M1_I2, peer)
                    .putInt(Message.M1_I3, answers);
        }

        private interface Sending {
            void send(Message message) throws IpcException;
        }

        private void give(int id, Message sent, int ifRefused, Sending sending) throws IpcException {
            try {
                sending.send(sent);
                ledger.outcome.set(id, Ledger.ARRIVED);
            } catch (IpcException e) {
                ledger.outcome.set(id, ifRefused);
                throw e;
            }
        }

        private void send(int peer, long timeout) throws IpcException {
            int id = ledger.next();
            give(id, message(id, peer, Operation.SEND, 0), Ledger.REFUSED, sent -> self.send(peer, sent, timeout));
        }

        private void answer(int peer, long timeout) throws IpcException {
            int id = ledger.next();
            int request = requests[peer];
            requests[peer] = 0;
            give(id, message(id, peer, Operation.REPLY, request), Ledger.REFUSED, sent -> self.reply(peer, sent, timeout));
        }

        private void ask(int peer, long timeout) throws IpcException {
            int id = ledger.next();
            try {
                self.sendrec(peer, message.set(message(id, peer, Operation.SENDREC, 0)), timeout);
            } catch (IpcException e) {
                boolean notTaken = e.code() == ErrorCode.AGAIN || e.code() == ErrorCode.DSTDIED
                        || e.code() == ErrorCode.DEADSRCDST;
                ledger.outcome.set(id, notTaken ? Ledger.REFUSED : Ledger.UNKNOWN);
                throw e;
            }
            boolean reply = message.type() == Operation.REPLY.ordinal();
            if (reply) {
                assertEquals(id, message.getInt(Message.M1_I3), "the answer to this request");
            }
            ledger.outcome.set(id, reply ? Ledger.ARRIVED : Ledger.UNKNOWN);
            received(true);
        }
    }

    @Test
    @Tag("R-PXY-08")
    @Tag("R-PXY-12")
    void noMessageIsLostOrDoubledWhenThreadsTimeOutAreInterruptedAndEnd() throws Exception {
        Ledger ledger = new Ledger();
        List<Busy> programs = new ArrayList<>();
        List<FutureTask<Integer>> running = new ArrayList<>();
        for (int number = 0; number < PROGRAMS; number++) {
            Busy program = new Busy(number, ledger);
            programs.add(program);
        }
        for (Busy program : programs) {
            running.add(inThread("program-" + program.number, program::run));
        }
        Random random = new Random(SEED);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end && running.stream().noneMatch(FutureTask::isDone)) {
            int victim = random.nextInt(PROGRAMS);
            if (random.nextInt(3) > 0) {
                threads.get(victim).interrupt();
            } else {
                programs.get(victim).self.close();
            }
            LockSupport.parkNanos(random.nextInt(2_000_000));
        }
        programs.forEach(program -> program.over = true);
        int calls = 0;
        for (FutureTask<Integer> task : running) {
            calls += result(task);
        }
        int arrived = ledger.check();
        System.out.printf("%d calls, %d messages arrived%n", calls, arrived);
        assertTrue(arrived > 0, "some arrive");
        assertEquals(0, kernel.processes(TestKernels.DC).size(), "all have ended");
    }
}
