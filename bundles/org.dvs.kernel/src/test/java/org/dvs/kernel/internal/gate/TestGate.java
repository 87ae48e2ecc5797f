package org.dvs.kernel.internal.gate;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.client.DvsClient;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.internal.ipc.KernelCore;
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
        transport = transport(settings);
        executor.setRemoveOnCancelPolicy(true);
        socket = folder.resolve("kernel.sock");
        kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, (int) ProcessHandle.current().pid());
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        protocol = new GateProtocol(kernel, maxPrograms, copyMs);
        offer(protocol);
        transport.listen("kernel-gate", GateProtocol.NAME, Address.unix(socket), ListenOptions.plain().loop(transport.loops().get(0)));
    }

    private static TransportComponent transport(Map<String, Object> settings) {
        try {
            Constructor<?> constructor = TransportComponent.class.getConstructors()[0];
            Class<?> config = constructor.getParameterTypes()[0];
            Object defaults = Proxy.newProxyInstance(config.getClassLoader(), new Class<?>[] {config},
                    (proxy, method, arguments) -> settings.getOrDefault(method.getName(), method.getDefaultValue()));
            return (TransportComponent) constructor.newInstance(defaults);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the service registry would. */
    private void offer(GateProtocol offered) throws ReflectiveOperationException {
        tell("addProtocol", offered);
    }

    /** The gate's component goes, the kernel and the transport stay. */
    void withdraw() throws ReflectiveOperationException {
        tell("removeProtocol", protocol);
    }

    private void tell(String what, GateProtocol whom) throws ReflectiveOperationException {
        var method = TransportComponent.class.getDeclaredMethod(what, org.dvs.transport.api.Protocol.class);
        method.setAccessible(true);
        method.invoke(transport, whom);
    }

    DvsClient client() {
        return DvsClient.at(socket);
    }

    @Override
    public void close() throws Exception {
        var stop = TransportComponent.class.getDeclaredMethod("stop");
        stop.setAccessible(true);
        stop.invoke(transport);
        executor.shutdownNow();
    }
}
