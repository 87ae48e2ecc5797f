package org.dvs.benchmark.ipc;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.internal.ipc.KernelCore;

/** A kernel as node 0, without a container. */
public final class OneNode implements AutoCloseable {
    public static final int DC = 0;

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2, task -> {
        Thread thread = new Thread(task, "benchmark-kernel");
        thread.setDaemon(true);
        return thread;
    });
    private final KernelCore kernel;

    /** With one DC. */
    public OneNode() throws DvsException {
        this(DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(DC, "dc0", DvsParameters.DEFAULT));
    }

    /** Without a DC. */
    OneNode(DvsParameters parameters) throws DvsException {
        executor.setRemoveOnCancelPolicy(true);
        kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, Math.toIntExact(ProcessHandle.current().pid()));
        kernel.dvsInit(0, "node0", parameters);
    }

    public KernelCore kernel() {
        return kernel;
    }

    @Override
    public void close() throws DvsException {
        kernel.dvsEnd();
        executor.shutdownNow();
    }
}
