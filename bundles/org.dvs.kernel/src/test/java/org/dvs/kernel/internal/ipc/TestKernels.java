package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.function.Executable;

/** Kernels for tests, with real threads and real time. */
final class TestKernels implements AutoCloseable {
    static final int DC = 0;
    static final long LIMIT_MS = 10_000;

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2, task -> {
        Thread thread = new Thread(task, "dvs-test-kernel");
        thread.setDaemon(true);
        return thread;
    });

    /** A kernel without a DVS. */
    KernelCore bare() {
        executor.setRemoveOnCancelPolicy(true);
        return new KernelCore(System::currentTimeMillis, TestKernels.deadlines(executor), executor,
                (int) ProcessHandle.current().pid());
    }

    static Deadlines deadlines(ScheduledExecutorService executor) {
        return (ms, task) -> {
            var future = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        };
    }

    /** A kernel as node 0 with one DC of the default limits. */
    KernelCore kernel() throws DvsException {
        KernelCore kernel = bare();
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(DC, "dc0", DvsParameters.DEFAULT));
        return kernel;
    }

    static Endpoint bind(KernelCore kernel, int endpoint) throws DvsException {
        return kernel.bind(DC, endpoint, "p" + endpoint, BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    static Message message(int number) {
        return new Message(1).putInt(Message.M1_I1, number);
    }

    /** That a call of the kernel is refused with this code. */
    static void refused(ErrorCode code, Executable call) {
        DvsException refusal = assertThrows(DvsException.class, call);
        assertEquals(code, refusal.code(), refusal.getMessage());
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
