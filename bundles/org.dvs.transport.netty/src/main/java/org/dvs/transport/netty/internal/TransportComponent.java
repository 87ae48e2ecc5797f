package org.dvs.transport.netty.internal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.security.Identity;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ClosedDoor;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.ListenerInfo;
import org.dvs.transport.api.Loop;
import org.dvs.transport.api.Protocol;
import org.dvs.transport.api.Transport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport as a service. Protocols, and the node's identity, come and go while it stays. */
@Component(service = Transport.class, configurationPid = "org.dvs.transport", immediate = true)
@Designate(ocd = TransportConfig.class)
public final class TransportComponent implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(TransportComponent.class);

    private final NettyTransport transport;
    private volatile Identity identity;

    @Activate
    public TransportComponent(TransportConfig config) {
        Settings settings = Settings.of(config);
        transport = new NettyTransport(settings, () -> identity);
        LOG.info("Transport on {}, {} threads", settings.kind(), settings.threads());
    }

    @Modified
    void configure(TransportConfig config) {
        transport.settings(Settings.of(config));
    }

    @Deactivate
    public void stop() {
        transport.close();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setIdentity(Identity now) {
        identity = now;
    }

    void unsetIdentity(Identity gone) {
        if (identity == gone) {
            identity = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addProtocol(Protocol protocol) {
        transport.offer(protocol);
    }

    public void removeProtocol(Protocol protocol) {
        transport.withdraw(protocol);
    }

    @Override
    public Listener listen(String name, String protocol, Address address, ListenOptions options) throws DvsException {
        return transport.listen(name, protocol, address, options);
    }

    @Override
    public CompletableFuture<Connection> connect(String name, String protocol, Address address, ConnectOptions options) {
        return transport.connect(name, protocol, address, options);
    }

    @Override
    public List<Loop> loops() {
        return transport.loops();
    }

    @Override
    public List<ListenerInfo> listeners() {
        return transport.listeners();
    }

    @Override
    public List<ClosedDoor> closedDoors() {
        return transport.closedDoors();
    }

    @Override
    public Optional<Listener> listener(String name) {
        return transport.listener(name);
    }

    @Override
    public List<ConnectionInfo> connections() {
        return transport.connections();
    }
}
