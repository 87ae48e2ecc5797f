package org.dvs.security.internal.login;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;

import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.config.JaasRealm;

/**
 * Takes the place of Karaf's own realm {@value #NAME}: our passwords instead of {@code users.properties}, everything else
 * (public keys, audit) as Karaf has it.
 */
final class DvsRealm implements JaasRealm {
    static final String NAME = "karaf";
    private static final String REPLACED = "org.apache.karaf.jaas.modules.properties.PropertiesLoginModule";
    private static final int RANK = 100;

    private final AppConfigurationEntry passwords;
    private final Supplier<List<JaasRealm>> others;

    /**
     * @param bundleId bundle that holds the login module
     * @param others   the realms there are at that moment, without this one
     */
    DvsRealm(Logins logins, long bundleId, Supplier<List<JaasRealm>> others) {
        this.passwords = new AppConfigurationEntry(ProxyLoginModule.class.getName(), LoginModuleControlFlag.OPTIONAL, Map.of(
                ProxyLoginModule.PROPERTY_MODULE, DvsLoginModule.class.getName(),
                ProxyLoginModule.PROPERTY_BUNDLE, Long.toString(bundleId),
                DvsLoginModule.LOGINS, logins));
        this.others = others;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public int getRank() {
        return RANK;
    }

    @Override
    public AppConfigurationEntry[] getEntries() {
        List<AppConfigurationEntry> entries = new ArrayList<>();
        entries.add(passwords);
        others.get().stream().filter(realm -> realm.getName().equals(NAME)).flatMap(realm -> Arrays.stream(realm.getEntries()))
                .filter(entry -> !REPLACED.equals(entry.getOptions().get(ProxyLoginModule.PROPERTY_MODULE)))
                        .forEach(entries::add);
        return entries.toArray(AppConfigurationEntry[]::new);
    }
}
