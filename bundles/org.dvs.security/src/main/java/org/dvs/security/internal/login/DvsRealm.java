package org.dvs.security.internal.login;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;

import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.config.JaasRealm;

/**
 * Our accounts as a realm: our passwords instead of {@code users.properties}, our look at {@code keys.properties} instead of
 * Karaf's, everything else as Karaf has it in its realm {@value #KARAF}. Under that name it takes the place of Karaf's own. The server
 * of SSH asks {@value #OURS}, which is not there before this bundle runs: Karaf's own realm would let in whoever has a key, without
 * a line about those it refuses, and with forwarding of ports.
 */
final class DvsRealm implements JaasRealm {
    static final String KARAF = "karaf";
    /** {@code sshRealm} of {@code etc/org.apache.karaf.shell.cfg}. */
    static final String OURS = "dvs";
    private static final Set<Object> REPLACED = Set.of("org.apache.karaf.jaas.modules.properties.PropertiesLoginModule",
            "org.apache.karaf.jaas.modules.publickey.PublickeyLoginModule");
    private static final int RANK = 100;

    private final String name;
    private final List<AppConfigurationEntry> ours;
    private final Supplier<List<JaasRealm>> others;

    /**
     * @param name     {@link #KARAF} or {@link #OURS}
     * @param bundleId bundle that holds the login module
     * @param others   the realms there are at that moment, without this one
     */
    DvsRealm(String name, Logins logins, long bundleId, Supplier<List<JaasRealm>> others) {
        this.name = name;
        this.ours = Stream.of(DvsLoginModule.class, KeyLoginModule.class).map(module -> new AppConfigurationEntry(
                ProxyLoginModule.class.getName(), LoginModuleControlFlag.OPTIONAL, Map.of(
                        ProxyLoginModule.PROPERTY_MODULE, module.getName(),
                        ProxyLoginModule.PROPERTY_BUNDLE, Long.toString(bundleId),
                        AccountModule.LOGINS, logins))).toList();
        this.others = others;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public int getRank() {
        return RANK;
    }

    @Override
    public AppConfigurationEntry[] getEntries() {
        List<AppConfigurationEntry> entries = new ArrayList<>(ours);
        others.get().stream().filter(realm -> realm.getName().equals(KARAF)).flatMap(realm -> Arrays.stream(realm.getEntries()))
                .filter(entry -> !replaced(entry))
                        .forEach(entries::add);
        return entries.toArray(AppConfigurationEntry[]::new);
    }

    private static boolean replaced(AppConfigurationEntry entry) {
        Object module = entry.getOptions().get(ProxyLoginModule.PROPERTY_MODULE);
        return module != null && REPLACED.contains(module);
    }
}
