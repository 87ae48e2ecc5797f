package org.dvs.security.internal.login;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * What Karaf's servers of SSH are told, as Karaf has no setting for it. They forward no port, agent or screen: by that everybody
 * who may log in, to look at a node, would reach whatever the node reaches, and have it listen for him. And they end a shell only
 * when its client has everything that was written ({@link PatientShells}). Of strangers they take only so many connections
 * ({@link SessionLimit}), and each only for a while. A server that starts anew is told again, before it listens; when this bundle
 * goes, a server forwards nothing still and waits no longer for a login.
 *
 * <p>Source: conventions 10 (limits). Thread-safe.
 */
@Component(service = {}, immediate = true)
public final class SshRules {
    /** Time to log in. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 1_000;
    private static final int OF_AN_ADDRESS = 50;

    private final int connections;
    private final int ofAnAddress;
    private final Predicate<InetAddress> exempt;
    private final Map<SshServer, SessionLimit> limits = new ConcurrentHashMap<>();

    public SshRules() {
        // This machine's own address is shared by all operators on it, as at org.dvs.web.
        this(CONNECTIONS, OF_AN_ADDRESS, InetAddress::isLoopbackAddress);
    }

    /** As for {@link SessionLimit}. */
    SshRules(int connections, int ofAnAddress, Predicate<InetAddress> exempt) {
        this.connections = connections;
        this.ofAnAddress = ofAnAddress;
        this.exempt = exempt;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addServer(SshServer server) {
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setShellFactory(new PatientShells(server.getShellFactory()));
        CoreModuleProperties.AUTH_TIMEOUT.set(server, PATIENCE);
        SessionLimit limit = new SessionLimit(server::getActiveSessions, connections, ofAnAddress, exempt);
        limits.put(server, limit);
        server.addSessionListener(limit);
    }

    void removeServer(SshServer server) {
        if (server.getShellFactory() instanceof PatientShells ours) {
            server.setShellFactory(ours.wrapped());
        }
        Optional.ofNullable(limits.remove(server)).ifPresent(server::removeSessionListener);
    }
}
