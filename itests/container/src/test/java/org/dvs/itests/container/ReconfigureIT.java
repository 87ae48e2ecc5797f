package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;

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
        Await.until("the file's own values", () -> value(admin, "commandsAtOnce").equals("null"));
    }
}
