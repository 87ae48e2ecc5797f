package org.dvs.security.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;

import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.config.JaasRealm;
import org.dvs.security.internal.keys.PrivateFiles;
import org.junit.jupiter.api.Test;

/** Our realm … */
class DvsRealmTest {
    private static final String PROPERTIES = "org.apache.karaf.jaas.modules.properties.PropertiesLoginModule";
    private static final String PUBLIC_KEY = "org.apache.karaf.jaas.modules.publickey.PublickeyLoginModule";
    private final List<JaasRealm> others = new ArrayList<>();
    private final Logins logins = new Logins(new PrivateFiles(Path.of("nowhere")), new SshKeys(Path.of("nowhere")), 5,
            () -> 0);
    private final DvsRealm realm = new DvsRealm("karaf", logins, 42, () -> others);

    @Test
    void takesThePlaceOfKarafsPasswordsAndKeysAndKeepsTheRest() {
        others.add(new Other("karaf", PROPERTIES, PUBLIC_KEY, "audit.Module"));
        others.add(new Other("another", "x.Module"));

        assertEquals("karaf", realm.getName());
        assertTrue(realm.getRank() > 0);
        assertEquals(List.of(DvsLoginModule.class.getName(), KeyLoginModule.class.getName(), "audit.Module"), modules());
        assertEquals("42", realm.getEntries()[0].getOptions().get(ProxyLoginModule.PROPERTY_BUNDLE));
    }

    /** Before this bundle runs nobody gets in there: Karaf's own realm has another name. */
    @Test
    void isWhatTheServerOfSshAsksUnderANameThatKarafDoesNotHave() throws Exception {
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("..", "..", "etc", "org.apache.karaf.shell.cfg"))) {
            settings.load(file);
        }
        DvsRealm ssh = new DvsRealm(DvsRealm.OURS, logins, 42, () -> others);
        others.add(new Other("karaf", PROPERTIES, PUBLIC_KEY, "audit.Module"));

        assertEquals(settings.getProperty("sshRealm"), ssh.getName());
        assertNotEquals(realm.getName(), ssh.getName());
        assertEquals(modules(), modules(ssh));
    }

    @Test
    void doesWithoutKarafsOwn() {
        assertEquals(List.of(DvsLoginModule.class.getName(), KeyLoginModule.class.getName()), modules());
    }

    private List<Object> modules() {
        return modules(realm);
    }

    private static List<Object> modules(DvsRealm realm) {
        return Arrays.stream(realm.getEntries()).<Object>map(entry -> entry.getOptions().get(ProxyLoginModule.PROPERTY_MODULE))
                .toList();
    }

    private record Other(String name, String... modules) implements JaasRealm {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getRank() {
            return 0;
        }

        @Override
        public AppConfigurationEntry[] getEntries() {
            return Arrays.stream(modules).map(module -> new AppConfigurationEntry(ProxyLoginModule.class.getName(),
                    LoginModuleControlFlag.OPTIONAL, Map.of(ProxyLoginModule.PROPERTY_MODULE, module)))
                            .toArray(AppConfigurationEntry[]::new);
        }
    }
}
