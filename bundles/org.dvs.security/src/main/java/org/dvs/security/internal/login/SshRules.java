package org.dvs.security.internal.login;

import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * What Karaf's servers of SSH are told, as Karaf has no setting for it. They forward no port, agent or screen: by that everybody
 * who may log in, to look at a node, would reach whatever the node reaches, and have it listen for him. And they end a shell only
 * when its client has everything that was written ({@link PatientShells}). A server that starts anew is told again, before it
 * listens; when this bundle goes, a server forwards nothing still.
 */
@Component(service = {}, immediate = true)
public final class SshRules {

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addServer(SshServer server) {
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setShellFactory(new PatientShells(server.getShellFactory()));
    }

    void removeServer(SshServer server) {
        if (server.getShellFactory() instanceof PatientShells ours) {
            server.setShellFactory(ours.wrapped());
        }
    }
}
