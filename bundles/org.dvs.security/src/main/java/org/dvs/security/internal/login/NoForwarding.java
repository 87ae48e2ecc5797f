package org.dvs.security.internal.login;

import java.lang.reflect.Field;

import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.StaticDecisionForwardingFilter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Takes the forwarding of ports, agents and screens from Karaf's server of SSH: by it everybody who may log in, to look at a
 * node, would reach whatever the node reaches, and have it listen for him. Karaf has no setting for it, but asks one object,
 * which says yes to all; that one is told to say no. If it cannot be told, this component fails, and the log has an error.
 */
@Component(service = {}, immediate = true)
public final class NoForwarding {

    @Activate
    public NoForwarding() throws ReflectiveOperationException {
        refuse(AcceptAllForwardingFilter.INSTANCE);
    }

    /** @throws ReflectiveOperationException if this version of the server decides in another way */
    static void refuse(StaticDecisionForwardingFilter filter) throws ReflectiveOperationException {
        Field decision = StaticDecisionForwardingFilter.class.getDeclaredField("acceptance");
        decision.setAccessible(true);
        decision.setBoolean(filter, false);
        if (filter.isAccepted()) {
            throw new IllegalAccessException("the server of SSH still forwards");
        }
    }
}
