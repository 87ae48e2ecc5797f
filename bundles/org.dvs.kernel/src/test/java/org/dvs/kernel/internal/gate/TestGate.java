package org.dvs.kernel.internal.gate;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
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
    private final TransportComponent transport = transport();
    private final GateProtocol protocol;
    final KernelCore kernel;
    final Path socket;

    TestGate(Path folder) throws Exception {
        executor.setRemoveOnCancelPolicy(true);
        socket = folder.resolve("kernel.sock");
        kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = executor.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, executor, (int) ProcessHandle.current().pid());
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        protocol = new GateProtocol(kernel);
        offer(protocol);
        transport.listen("kernel-gate", GateProtocol.NAME, Address.unix(socket), ListenOptions.plain().loop(transport.loops().get(0)));
    }

    /** With the settings that count without a file. */
    private static TransportComponent transport() {
        try {
            Constructor<?> constructor = TransportComponent.class.getConstructors()[0];
            Class<?> config = constructor.getParameterTypes()[0];
            Object defaults = Proxy.newProxyInstance(config.getClassLoader(), new Class<?>[] {config},
                    (proxy, method, arguments) -> method.getDefaultValue());
            return (TransportComponent) constructor.newInstance(defaults);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the service registry would. */
    private void offer(GateProtocol offered) throws ReflectiveOperationException {
        var add = TransportComponent.class.getDeclaredMethod("addProtocol", org.dvs.transport.api.Protocol.class);
        add.setAccessible(true);
        add.invoke(transport, offered);
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
