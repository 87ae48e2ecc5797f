package org.dvs.kernel.internal.gate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Hashtable;

import org.dvs.api.DvsException;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Protocol;
import org.dvs.transport.api.Transport;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Opens the gate. All programs are served by one loop of the transport, so that a message from one to the other needs no change
 * of threads. The listener stays open when the bundle goes: its next version takes it over.
 */
@Component(configurationPid = "org.dvs.kernel.gate", service = {}, immediate = true)
@Designate(ocd = GateConfig.class)
public final class GateComponent {
    private static final int OCTAL = 8;

    private final SocketPlace place;
    private final ServiceRegistration<Protocol> registration;

    @Activate
    public GateComponent(@Reference Transport transport, @Reference KernelCore kernel, BundleContext context, GateConfig config)
            throws DvsException, IOException {
        String data = context.getProperty("karaf.data");
        place = SocketPlace.of(Path.of(data == null ? "data" : data).toAbsolutePath().resolve(config.socket()).normalize());
        registration = context.registerService(Protocol.class, new GateProtocol(kernel, config.maxPrograms(),
                GateProtocol.COPY_MS), new Hashtable<>());
        int connections = GateProtocol.connections(config.maxPrograms());
        try {
            transport.listen("kernel-gate", GateProtocol.NAME, Address.unix(place.socket()), ListenOptions.plain()
                    .mode(Integer.parseInt(config.socketMode(), OCTAL)).maxConnections(connections)
                    .maxConnectionsPerAddress(connections).loop(transport.loops().get(0)));
        } catch (DvsException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    @Deactivate
    void stop() {
        registration.unregister();
        place.leave();
    }
}
