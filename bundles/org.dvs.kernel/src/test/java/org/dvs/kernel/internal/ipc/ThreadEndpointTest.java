package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.testkit.KernelLoopback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that wait in their calls, with real threads. */
@Tag("R-CMD-14")
@Timeout(60)
class ThreadEndpointTest {
    private static final int DC = TestKernels.DC;

    private final TestKernels kernels = new TestKernels();
    private final KernelCore kernel = kernels.kernel();
    private final Endpoint a = TestKernels.bind(kernel, 10);
    private final Endpoint b = TestKernels.bind(kernel, 11);
    private final List<Thread> threads = new ArrayList<>();

    ThreadEndpointTest() throws DvsException {
    }

    @AfterEach
    void stop() throws InterruptedException {
        kernels.close();
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join(TestKernels.LIMIT_MS);
            assertFalse(thread.isAlive(), "a thread still waits");
        }
    }

    private <T> FutureTask<T> inThread(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "program-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return task;
    }

    private Thread newest() {
        return threads.get(threads.size() - 1);
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(TestKernels.LIMIT_MS, TimeUnit.MILLISECONDS);
    }

    private static ErrorCode failure(FutureTask<?> task) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> result(task));
        return ((IpcException) failed.getCause()).code();
    }

    private void awaitFlags(int number, int flags) {
        Awaitility.await().until(() -> kernel.process(DC, number).flags() == flags);
    }

    private FutureTask<Message> receive(Endpoint endpoint, int source) {
        return inThread(() -> {
            Message message = new Message();
            endpoint.receive(source, message, FOREVER);
            return message;
        });
    }

    @Test
    void aThreadWaitsForItsMessage() throws Exception {
        FutureTask<Message> received = receive(b, ANY);
        awaitFlags(11, ProcessFlags.RECEIVING);
        a.send(11, TestKernels.message(5), FOREVER);
        assertEquals(5, result(received).getInt(Message.M1_I1));
        assertEquals(10, result(received).source());
    }

    @Test
    void requestsGoBackAndForth() throws Exception {
        FutureTask<Integer> server = inThread(() -> {
            Message message = new Message();
            for (int i = 0; i < 10_000; i++) {
                b.rcvrqst(message, FOREVER);
                message.putInt(Message.M1_I1, message.getInt(Message.M1_I1) + 1);
                b.reply(message.source(), message, FOREVER);
            }
            return 10_000;
        });
        Message message = TestKernels.message(0);
        for (int i = 0; i < 10_000; i++) {
            a.sendrec(11, message, FOREVER);
        }
        assertEquals(10_000, message.getInt(Message.M1_I1));
        assertEquals(10_000, result(server));
        assertEquals(10_000, kernel.process(DC, 10).lclSent());
    }

    @Test
    void aCallEndsWhenItsTimeIsOver() {
        long begin = System.nanoTime();
        TestKernels.refused(ErrorCode.TIMEDOUT, () -> a.receive(ANY, new Message(), 50));
        assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(50));
        TestKernels.refused(ErrorCode.TIMEDOUT, () -> a.send(11, TestKernels.message(1), 1));
        TestKernels.refused(ErrorCode.TIMEDOUT, () -> a.sendrec(11, TestKernels.message(1), 1));
        TestKernels.refused(ErrorCode.TIMEDOUT, () -> a.rcvrqst(new Message(), 1));
        TestKernels.refused(ErrorCode.TIMEDOUT, () -> a.wait4bind(12, 1));
        TestKernels.refused(ErrorCode.TIMEDOUT, () -> a.wait4unbind(11, 1));
        TestKernels.refused(ErrorCode.AGAIN, () -> a.receive(ANY, new Message(), NOWAIT));
        TestKernels.refused(ErrorCode.INVAL, () -> a.receive(ANY, new Message(), -2));
        TestKernels.refused(ErrorCode.AGAIN, () -> b.receive(ANY, new Message(), NOWAIT));
    }

    @Test
    void anInterruptedThreadIsToldAndKeepsItsFlag() throws Exception {
        FutureTask<Boolean> interrupted = inThread(() -> {
            IpcException failed = assertThrows(IpcException.class, () -> a.receive(ANY, new Message(), FOREVER));
            assertEquals(ErrorCode.INTR, failed.code());
            return Thread.currentThread().isInterrupted();
        });
        awaitFlags(10, ProcessFlags.RECEIVING);
        newest().interrupt();
        assertTrue(result(interrupted));
        awaitFlags(10, 0);
        FutureTask<Boolean> before = inThread(() -> {
            Thread.currentThread().interrupt();
            assertThrows(IpcException.class, () -> a.sendrec(11, TestKernels.message(1), FOREVER));
            return Thread.currentThread().isInterrupted();
        });
        assertTrue(result(before));
        TestKernels.refused(ErrorCode.AGAIN, () -> b.receive(ANY, new Message(), NOWAIT));
    }

    @Test
    void anInterruptedThreadWhoseCallNeedsNoWaitIsNotDisturbed() throws Exception {
        FutureTask<Message> received = receive(b, ANY);
        awaitFlags(11, ProcessFlags.RECEIVING);
        Thread.currentThread().interrupt();
        a.send(11, TestKernels.message(1), FOREVER);
        assertTrue(Thread.interrupted());
        result(received);
    }

    @Test
    void aSecondThreadMeanwhileIsRefused() throws Exception {
        FutureTask<Message> received = receive(a, ANY);
        awaitFlags(10, ProcessFlags.RECEIVING);
        TestKernels.refused(ErrorCode.PROCRUN, () -> a.send(11, TestKernels.message(1), FOREVER));
        TestKernels.refused(ErrorCode.PROCRUN, () -> a.receive(ANY, new Message(), FOREVER));
        b.send(10, TestKernels.message(2), FOREVER);
        assertEquals(2, result(received).getInt(Message.M1_I1));
    }

    @Test
    void closingEndsTheCallOfAnotherThread() {
        FutureTask<Message> received = receive(a, ANY);
        awaitFlags(10, ProcessFlags.RECEIVING);
        a.close();
        assertEquals(ErrorCode.NOTBIND, failure(received));
        TestKernels.refused(ErrorCode.NOTBIND, () -> a.send(11, TestKernels.message(1), FOREVER));
        TestKernels.refused(ErrorCode.NOTBIND, () -> a.getep(1));
    }

    @Test
    void aThreadThatDoesNotListenIsAskedToEndByItsNextCall() {
        TestKernels.refused(ErrorCode.AGAIN, () -> kernel.unbind(DC, 10));
        TestKernels.refused(ErrorCode.SHUTDOWN, () -> a.receive(ANY, new Message(), FOREVER));
        FutureTask<Object> unbound = inThread(() -> {
            b.unbind(10, FOREVER);
            return null;
        });
        awaitFlags(11, ProcessFlags.WAITUNBIND);
        a.close();
        assertTrue(Awaitility.await().until(unbound::isDone, done -> done));
    }

    @Test
    void theEndOfADcEndsCallsAndInterruptsNobody() throws DvsException {
        FutureTask<Message> received = receive(b, ANY);
        awaitFlags(11, ProcessFlags.RECEIVING);
        kernel.dcEnd(DC);
        assertEquals(ErrorCode.DCNOTRUN, failure(received));
        assertFalse(Thread.currentThread().isInterrupted(), "the thread that bound the programs");
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> a.receive(ANY, new Message(), FOREVER));
    }

    @Test
    void notificationsWakeupsAndCopiesWorkFromThreads() throws Exception {
        a.notify(11, FOREVER);
        a.notifyValue(11, 6, FOREVER);
        Message message = new Message();
        b.receive(ANY, message, FOREVER);
        assertEquals(1 << 6, message.getInt(Message.M9_I1));
        TestKernels.refused(ErrorCode.RANGE, () -> a.notifyValue(11, 32, FOREVER));
        TestKernels.refused(ErrorCode.RANGE, () -> a.notifyValue(11, -1, FOREVER));

        FutureTask<Message> woken = receive(b, ANY);
        awaitFlags(11, ProcessFlags.RECEIVING);
        kernel.wakeup(DC, 11);
        assertEquals(ErrorCode.WOKENUP, failure(woken));

        byte[] data = {1, 2, 3};
        ByteBuffer mine = ByteBuffer.allocate(3);
        long theirs = b.memory().expose(ByteBuffer.wrap(data));
        FutureTask<Message> waits = receive(b, ANY);
        awaitFlags(11, ProcessFlags.RECEIVING);
        assertEquals(3, a.vcopy(11, theirs, SELF, a.memory().expose(mine), 3));
        assertEquals(ByteBuffer.wrap(data), mine);
        TestKernels.refused(ErrorCode.FAULT, () -> a.vcopy(11, theirs, SELF, 1, 4));
        a.send(11, message, FOREVER);
        result(waits);
        assertEquals(10, a.getep((int) ProcessHandle.current().pid()));
        assertEquals(10, a.wait4bind(SELF, NOWAIT));
        assertEquals(11, a.wait4bind(11, NOWAIT));
        a.wait4unbind(12, NOWAIT);
        assertEquals(DC, a.dcid());
        assertEquals("p10", a.name());
    }

    @Test
    void everythingWorksBetweenTwoNodesToo() throws Exception {
        KernelCore far = kernels.bare();
        far.dvsInit(1, "node1", DvsParameters.DEFAULT);
        far.dcInit(DcSettings.of(DC, "dc0", DvsParameters.DEFAULT));
        try (KernelLoopback link = KernelLoopback.join(kernel, far).start()) {
            KernelLoopback.members(DC, kernel, far);
            kernel.rmtbind(DC, 20, "server", 1);
            far.rmtbind(DC, 10, "p10", 0);
            Endpoint server = far.bind(DC, 20, "server", BindKind.SELF, LOCALNODE);
            ByteBuffer got = ByteBuffer.allocate(200_000);
            long into = server.memory().expose(got);
            FutureTask<Integer> served = inThread(() -> {
                Message message = new Message();
                for (int i = 0; i < 200; i++) {
                    server.receive(ANY, message, FOREVER);
                    server.vcopy(message.source(), message.getPointer(Message.M1_P1), SELF, into, 200_000);
                    server.reply(message.source(), message.putInt(Message.M1_I1, got.get(199_999)), FOREVER);
                }
                server.receive(10, message, FOREVER);
                return message.getInt(Message.M1_I1);
            });
            ByteBuffer block = ByteBuffer.allocate(200_000);
            long address = a.memory().expose(block);
            Message message = new Message();
            for (int i = 0; i < 200; i++) {
                block.put(199_999, (byte) i);
                a.sendrec(20, message.putPointer(Message.M1_P1, address), FOREVER);
                assertEquals((byte) i, message.getInt(Message.M1_I1));
            }
            a.send(20, TestKernels.message(77), FOREVER);
            assertEquals(77, result(served));
            FutureTask<Message> last = receive(a, 20);
            awaitFlags(10, ProcessFlags.RECEIVING);
            link.drop();
            assertEquals(ErrorCode.NOTCONN, failure(last));
            TestKernels.refused(ErrorCode.NOTCONN, () -> a.sendrec(20, message, FOREVER));
        }
    }

    @Test
    void aCallWithoutAMessageIsRefusedAndSpoilsNothing() throws Exception {
        TestKernels.refused(ErrorCode.INVAL, () -> a.send(11, null, FOREVER));
        TestKernels.refused(ErrorCode.INVAL, () -> a.receive(ANY, null, FOREVER));
        TestKernels.refused(ErrorCode.INVAL, () -> a.sendrec(11, null, FOREVER));
        TestKernels.refused(ErrorCode.INVAL, () -> a.rcvrqst(null, FOREVER));
        TestKernels.refused(ErrorCode.INVAL, () -> a.reply(11, null, FOREVER));
        assertEquals(0, kernel.process(DC, 10).flags());
        FutureTask<Message> received = receive(b, ANY);
        a.send(11, TestKernels.message(1), FOREVER);
        result(received);
    }
}
