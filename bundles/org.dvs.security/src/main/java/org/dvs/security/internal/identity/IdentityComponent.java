package org.dvs.security.internal.identity;

import org.dvs.api.DvsException;
import org.dvs.api.security.Identity;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers this node's {@link Identity} while its certificate is in order. When it is not, nothing that needs the identity starts,
 * but the shell does: somebody has to mend it.
 */
// Registered by hand, so DS does not declare it.
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>='org.dvs.api.security.Identity'")
@Component(service = {})
public final class IdentityComponent {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityComponent.class);

    private final ServiceRegistration<Identity> registration;

    @Activate
    public IdentityComponent(BundleContext context, @Reference KeysComponent keys) throws DvsException {
        Identity identity;
        try {
            identity = NodeIdentity.of(keys.keys());
        } catch (DvsException e) {
            LOG.error("{}: {} {}. {}", e.code().code(), e.code().sentence(), e.getMessage(), e.code().nextStep());
            throw e;
        }
        LOG.info("This is node {}, {} of {}", identity.nodeId(), identity.nodeName(), identity.clusterName());
        registration = context.registerService(Identity.class, identity, null);
    }

    @Deactivate
    void stop() {
        registration.unregister();
    }
}
