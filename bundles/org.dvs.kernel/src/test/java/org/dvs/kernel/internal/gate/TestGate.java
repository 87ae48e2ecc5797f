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
        transport = Configured.component(TransportComponent.class, settings);
        executor.setRemoveOnCancelPolicy(true);
        socket = folder.resolve("kernel.sock");
        kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, (int) ProcessHandle.current().pid());
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        protocol = new GateProtocol(kernel, maxPrograms, copyMs);
        transport.addProtocol(protocol);
        transport.listen("kernel-gate", GateProtocol.NAME, Address.unix(socket), ListenOptions.plain()
                .maxConnections(GateProtocol.connections(maxPrograms)).loop(transport.loops().get(0)));
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
