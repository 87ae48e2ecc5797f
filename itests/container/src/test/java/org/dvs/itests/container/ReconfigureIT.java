package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.dvs.cluster.api.Cluster;
import org.dvs.config.api.ConfigStatus;
import org.dvs.config.api.Problem;
import org.dvs.itests.container.Node.Printed;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** Names finish the sentence "a changed configuration file …". */
class ReconfigureIT extends ShippedNode {
    private static final String PID = "org.dvs.agent.host";

    private static String value(ConfigurationAdmin admin, String key) throws Exception {
        Dictionary<String, Object> properties = admin.getConfiguration(PID, null).getProperties();
        return properties == null ? "none" : String.valueOf(properties.get(key));
    }

    @Test
    void takesEffectWhenItIsGoodAndChangesNothingWhenItIsBad(BundleContext context, ConfigurationAdmin admin) throws Exception {
        Node node = new Node(context);
        node.runUntil(0, "host", "df");
        Path file = Path.of(System.getProperty("karaf.etc"), PID + ".cfg");
        String shipped = Files.readString(file);
        try {
            Files.writeString(file, shipped + "\ncommandsAtOnce = 3\n");
            Await.until("commandsAtOnce = 3", () -> value(admin, "commandsAtOnce").equals("3"));
            node.runUntil(0, "host", "df");

            Files.writeString(file, shipped + "\ncommandsAtOnce = 5\nmountDeadlineMs = 6000\nalowList = x\n");
            Printed check = node.run("config", "check");
            assertTrue(check.text().contains("mountDeadlineMs") && check.text().contains("allowList"), check.text());

            // The next good version shows that the bad one was seen and passed over.
            Files.writeString(file, shipped + "\ncommandsAtOnce = 3\nkillDelayMs = 1000\n");
            Await.until("killDelayMs = 1000", () -> {
                assertTrue(!value(admin, "commandsAtOnce").equals("5"), "the bad version was published");
                return value(admin, "killDelayMs").equals("1000");
            });
            node.runUntil(0, "host", "command", "true");
        } finally {
            Files.writeString(file, shipped);
        }
        awaitShipped(admin, node);
    }

    /** So that the next test does not come while the agent starts anew. */
    private static void awaitShipped(ConfigurationAdmin admin, Node node) throws Exception {
        Await.until("the file's own values", () -> value(admin, "commandsAtOnce").equals("null"));
        node.runUntil(0, "host", "df");
    }

    @Test
    void leavesClusterAndServerAloneWhenOneSettingDoesNotFit(BundleContext context) throws Exception {
        Node node = new Node(context);
        node.runUntil(0, "host", "df");
        Cluster cluster = service(context);
        Path etc = Path.of(System.getProperty("karaf.etc"));
        Map<String, String> bad = Map.of(
                "org.dvs.cluster.cfg", "mergeMinMs = 5000\nmergeMaxMs = 2000\nseeds = nohost\nbootstrap = node[\n",
                "org.dvs.registry.cfg", "groups = xx\njoinScript = ../../bin/x\n",
                "org.dvs.security.cfg", "clusterName = 9x y\nkeysFolder = /no/such/folder\n",
                "org.dvs.web.cfg", "address = nonsense.invalid\n");
        Map<String, String> shipped = new HashMap<>();
        for (String file : bad.keySet()) {
            shipped.put(file, Files.readString(etc.resolve(file)));
        }
        ConfigStatus status = context.getService(context.getServiceReference(ConfigStatus.class));
        try {
            for (Map.Entry<String, String> each : bad.entrySet()) {
                Files.writeString(etc.resolve(each.getKey()), shipped.get(each.getKey()) + "\n" + each.getValue());
            }
            Await.until("all four files were refused",
                    () -> status.problems().stream().map(Problem::file).distinct().count() == 4);
            Printed check = node.run("config", "check");
            for (String key : List.of("mergeMaxMs", "seeds", "bootstrap", "groups", "joinScript", "clusterName", "keysFolder",
                    "address")) {
                assertTrue(check.text().contains(key + ": "), key + " in " + check.text());
            }
            assertEquals(1, check.exit(), check.text());
            node.runUntil(0, "host", "df"); // its agent may still be starting with the settings that another test put back
            assertSame(cluster, service(context), "the cluster's component was started anew");
        } finally {
            for (Map.Entry<String, String> each : shipped.entrySet()) {
                Files.writeString(etc.resolve(each.getKey()), each.getValue());
            }
        }
        Await.until("the files are good again", () -> status.problems().isEmpty());
        assertEquals(0, node.run("config", "check").exit());
    }

    private static Cluster service(BundleContext context) {
        return context.getService(context.getServiceReference(Cluster.class));
    }

    @Test
    void takesEffectAlsoInJson(BundleContext context, ConfigurationAdmin admin) throws Exception {
        Node node = new Node(context);
        node.runUntil(0, "host", "df");
        Path file = Path.of(System.getProperty("karaf.etc"), PID + ".cfg");
        Path json = file.resolveSibling(PID + ".cfg.json");
        String shipped = Files.readString(file);
        try {
            Files.delete(file);
            Files.writeString(json, "{\n  // in JSON\n  \"commandsAtOnce\": 7\n}\n");
            Await.until("commandsAtOnce = 7", () -> value(admin, "commandsAtOnce").equals("7"));
            Printed explained = node.run("config", "explain", PID, "commandsAtOnce");
            assertTrue(explained.text().contains(json.getFileName() + ":3"), explained.text());

            Files.writeString(json, "{\n  \"commandsAtOnce\": 8,\n  \"killDelay\": \"x\"\n}\n");
            Printed check = node.run("config", "check", "-o", "jsonl");
            assertTrue(check.text().contains("\"line\":3,\"column\":3") && check.text().contains("killDelayMs"), check.text());
            assertTrue(value(admin, "commandsAtOnce").equals("7"));
        } finally {
            Files.deleteIfExists(json);
            Files.writeString(file, shipped);
        }
        awaitShipped(admin, node);
    }
}
