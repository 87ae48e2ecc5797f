package org.dvs.kernel.internal.gate;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.client.DvsClient;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.testkit.Configured;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.netty.internal.TransportComponent;

/** A kernel with a gate on a real socket. */
final class TestGate implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(2);
    private final TransportComponent transport;
    private final GateProtocol protocol;
    final KernelCore kernel;
    final Path socket;

    TestGate(Path folder) throws Exception {
        this(folder, 100, GateProtocol.COPY_MS, Map.of());
    }

    /**
     * @param copyMs   within which a program must answer for its memory
     * @param settings of the transport, that are not to be those that count without a file
     */
    TestGate(Path folder, int maxPrograms, long copyMs, Map<String, Object> settings) throws Exception {
        this(folder, maxPrograms, copyMs, settings, Long.MAX_VALUE, DvsParameters.DEFAULT);
    }

    /** One where nothing is over because of the time, however long a busy machine stops this JVM. */
    static TestGate patient(Path folder) throws Exception {
        return patient(folder, DvsParameters.DEFAULT);
    }

    static TestGate patient(Path folder, DvsParameters dvs) throws Exception {
        return new TestGate(folder, 100, TimeUnit.HOURS.toMillis(1), Map.of(), GateProtocol.COPY_MS, dvs);
    }

    private TestGate(Path folder, int maxPrograms, long copyMs, Map<String, Object> settings, long patience, DvsParameters dvs)
            throws Exception {
        transport = Configured.component(TransportComponent.class, settings);
        executor.setRemoveOnCancelPolicy(true);
        socket = folder.resolve("kernel.sock");
        kernel = kernel((int) ProcessHandle.current().pid(), patience);
        kernel.dvsInit(0, "node0", dvs);
        kernel.dcInit(DcSettings.of(0, "dc0", dvs));
        protocol = new GateProtocol(kernel, maxPrograms, copyMs);
        transport.addProtocol(protocol);
        transport.listen("kernel-gate", GateProtocol.NAME, Address.unix(socket), ListenOptions.plain()
                .maxConnections(GateProtocol.connections(maxPrograms)).loop(transport.loops().get(0)));
    }

    /** @param patience tasks that are due after so many milliseconds or more never come */
    private KernelCore kernel(int pid, long patience) {
        return new KernelCore(System::currentTimeMillis, (ms, task) -> {
            if (ms >= patience) {
                return () -> { };
            }
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, pid);
    }

    /** The kernel of another node, as patient as a {@link #patient} gate's. */
    KernelCore another() {
        return kernel(1, GateProtocol.COPY_MS);
    }

    /** The gate's component goes, the kernel and the transport stay. */
    void withdraw() {
        transport.removeProtocol(protocol);
    }

    DvsClient client() {
        return DvsClient.at(socket);
    }

    @Override
    public void close() {
        transport.stop();
        executor.shutdownNow();
    }
}
