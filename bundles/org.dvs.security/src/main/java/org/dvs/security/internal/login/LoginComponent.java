package org.dvs.security.internal.login;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.karaf.jaas.config.JaasRealm;
import org.dvs.api.metrics.MetricSource;
import org.dvs.api.security.Accounts;
import org.dvs.api.security.Authenticator;
import org.dvs.security.internal.identity.KeysComponent;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Offers the realms to Karaf, the {@link Authenticator} to our faces and the {@link Accounts} to who executes. */
// Registered by hand, so DS does not declare them.
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>='org.dvs.api.security.Authenticator'")
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>='org.dvs.api.security.Accounts'")
@Component(service = {})
public final class LoginComponent {
    private static final String MARK = "dvs.realm";

    private final List<JaasRealm> realms = new CopyOnWriteArrayList<>();
    private final List<ServiceRegistration<?>> registrations;

    @Activate
    public LoginComponent(BundleContext context, @Reference KeysComponent keys) {
        Logins logins = new Logins(keys.keys().files(), new SshKeys(Path.of(context.getProperty("karaf.etc"), "keys.properties")),
                keys.failedLoginsPerMinute(), System::nanoTime);
        KnownAccounts accounts = new KnownAccounts(logins,
                property(context, "karaf.local.user", "karaf"), List.of(property(context, "karaf.local.roles",
                        "").split("\\s*,\\s*")));
        registrations = List.of(
                context.registerService(MetricSource.class, new LoginMetrics(logins.refusals()), null),
                context.registerService(Accounts.class, accounts, null),
                realm(context, DvsRealm.KARAF, logins), realm(context, DvsRealm.OURS, logins),
                context.registerService(Authenticator.class, new NodeAuthenticator(logins, NodeAuthenticator::jaasLogin), null));
    }

    private ServiceRegistration<?> realm(BundleContext context, String name, Logins logins) {
        return context.registerService(JaasRealm.class, new DvsRealm(name, logins, context.getBundle().getBundleId(), () -> realms),
                FrameworkUtil.asDictionary(Map.of(MARK, true)));
    }

    private static String property(BundleContext context, String name, String otherwise) {
        return Objects.requireNonNullElse(context.getProperty(name), otherwise);
    }

    /** Karaf's own realms; not ours. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, target = "(!(" + MARK + "=*))")
    void addRealm(JaasRealm realm) {
        realms.add(realm);
    }

    void removeRealm(JaasRealm realm) {
        realms.remove(realm);
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
