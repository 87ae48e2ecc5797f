package org.dvs.security.internal.identity;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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
 * Offers this node's {@link Identity} as soon as its certificate is in order, and looks every second whether it was replaced, on
 * the thread {@code dvs-security-watch-1}. Until it is in order nothing that needs the identity starts, but the shell does:
 * somebody has to mend it.
 */
// Registered by hand, so DS does not declare it.
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>='org.dvs.api.security.Identity'")
@Component(service = {})
public final class IdentityComponent {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityComponent.class);
    private static final long LOOK_MS = 1_000;
    private static final long END_MS = 5_000;

    private final BundleContext context;
    private final IdentityKeeper keeper;
    private final ScheduledThreadPoolExecutor watch;
    private volatile ServiceRegistration<Identity> registration;

    @Activate
    public IdentityComponent(BundleContext context, @Reference KeysComponent keys) {
        this.context = context;
        keeper = new IdentityKeeper(keys.keys(), this::offer);
        keeper.look();
        watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "dvs-security-watch-1");
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.DiscardPolicy());
        watch.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        watch.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void offer(Identity identity) {
        registration = context.registerService(Identity.class, identity, null);
    }

    private void look() {
        try {
            keeper.look();
        } catch (RuntimeException e) {
            LOG.error("The node's certificate could not be looked at; the next try is in {} ms", LOOK_MS, e);
        }
    }

    @Deactivate
    void stop() throws InterruptedException {
        watch.shutdown();
        if (!watch.awaitTermination(END_MS, TimeUnit.MILLISECONDS)) {
            LOG.error("dvs-security-watch-1 has not ended within {} ms", END_MS);
        }
        ServiceRegistration<Identity> offered = registration;
        if (offered != null) {
            offered.unregister();
        }
    }
}
