package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Authenticator;
import org.dvs.api.security.Secrets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Names finish the sentence "the shipped distribution …". */
class BootIT extends ShippedNode {

    @Test
    void startsEveryBundleOfEveryFeature(BundleContext context, FeaturesService features) throws Exception {
        List<String> installed = Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName).toList();
        List<String> started = Arrays.stream(features.listInstalledFeatures()).map(Feature::getName).toList();
        List<String> notRunning = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null && bundle.getState() != Bundle.ACTIVE)
                .map(bundle -> bundle.getSymbolicName() + " state " + bundle.getState()).collect(Collectors.toList());

        assertEquals(List.of(), notRunning);
        assertEquals(List.of(), Shipped.bundles().stream().filter(name -> !installed.contains(name)).toList(), "no such bundle");
        assertEquals(List.of(), Shipped.features().stream().filter(name -> !started.contains(name)).toList(), "no such feature");
    }

    @Test
    void holdsNothingThatIsNotShipped(BundleContext context) {
        List<String> unwanted = Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName)
                .filter(name -> name.matches("(?i).*(webconsole|pax-web|pax\\.web|jolokia|decanter|cellar|blueprint|rmi-whiteboard).*"))
                .collect(Collectors.toList());

        assertEquals(List.of(), unwanted);
    }

    @Test
    @Tag("R-CMD-01")
    void isAClusterOfOneNamedNode0WithNothingConfigured(BundleContext context) throws Exception {
        Node node = new Node(context);

        assertTrue(node.runUntil(0, "node", "list").text().contains("node0"));
        assertEquals(0, node.runUntil(0, "host", "df", "--all").exit());
    }

    @Test
    void makesCredentialsThatOnlyItsOwnerMayRead() throws Exception {
        Path keys = Path.of(System.getProperty("karaf.base"), "keys");
        List<String> wrong = new ArrayList<>();

        Await.until("the keys in " + keys, () -> Files.exists(keys.resolve("operator.token")) && Files.exists(keys.resolve("node.p12")));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)));
        try (Stream<Path> files = Files.list(keys)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                if (!mode.equals("rw-------")) {
                    wrong.add(file.getFileName() + " " + mode);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void readsTheSecretsThatSettingsMayReferTo(Secrets secrets) throws Exception {
        Path folder = Path.of(System.getProperty("karaf.base"), "keys", "secrets");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        Path file = folder.resolve("boot-it");
        try {
            Files.writeString(file, "hush\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertEquals("hush", new String(secrets.read("secret:boot-it")));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertEquals(ErrorCode.NOSECRET, assertThrows(DvsException.class, () -> secrets.read("secret:boot-it")).code());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    @Tag("R-CMD-18")
    void recordsALoginThatIsRefusedInTheSecurityLog(Authenticator authenticator) throws Exception {
        Path log = Path.of(System.getProperty("karaf.log"), "security.log");

        assertThrows(DvsException.class, () -> authenticator.password("eve", "guess".toCharArray(), "rest", "10.9.8.7"));
        assertThrows(DvsException.class, () -> authenticator.token("guess", "rest", "10.9.8.6"));
        for (String line : List.of("login refused DVS-SEC-1005 by rest from 10.9.8.7, wrong name or password, as 'eve'",
                "login refused DVS-SEC-1005 by rest from 10.9.8.6, wrong token, as 'token'")) {
            Await.until(line + " in " + log, () -> Files.readAllLines(log).stream()
                    .anyMatch(written -> written.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.+Z-]+ .*") && written.endsWith(line)));
        }
    }

    @Test
    @Tag("R-CMD-01")
    void saysToItsOwnerWhereItListens() throws Exception {
        Path file = Path.of(System.getProperty("karaf.data"), "https");

        Await.until("a file " + file, () -> Files.exists(file));
        assertTrue(Files.readString(file).matches("127\\.0\\.0\\.1 \\d+ " + ProcessHandle.current().pid() + " \\d+\n"),
                Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void hasNoDefaultAccount() throws Exception {
        Path etc = Path.of(System.getProperty("karaf.etc"));
        for (String file : List.of("users.properties", "keys.properties")) {
            List<String> entries = Files.readAllLines(etc.resolve(file)).stream().map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
            assertEquals(List.of(), entries, file);
        }
    }
}
