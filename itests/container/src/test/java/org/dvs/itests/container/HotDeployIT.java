package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.apache.karaf.shell.api.console.SessionFactory;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.itests.container.Node.Printed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

/** The worked example of README, "Adding a request". Names finish the sentence "a bundle with a new RQST …". */
@Tag("R-CMD-01")
class HotDeployIT extends ShippedNode {

    @Test
    void isKnownToEveryFaceWhileItLiesInTheDeployFolderAndNotAfterwards(BundleContext context, Catalogue catalogue,
            SessionFactory sessions) throws Exception {
        Node node = new Node(context);
        Rest rest = new Rest(context);
        node.runUntil(0, "host", "df");
        assertEquals(2, node.run("host", "load").exit());
        assertFalse(rest.openApi().contains("/host/load"));

        Path deployed = Path.of(System.getProperty("karaf.base"), "deploy", "sample.jar");
        // Under another name first: the deployer must not see half a file.
        Path hidden = deployed.resolveSibling(".sample.jar.tmp");
        Files.copy(Path.of(System.getProperty("dvs.sample")), hidden, StandardCopyOption.REPLACE_EXISTING);
        Files.move(hidden, deployed, StandardCopyOption.ATOMIC_MOVE);
        try {
            Printed load = node.runUntil(0, "host", "load", "--all", "-o", "json");
            assertTrue(load.text().contains("\"fifteen\""), load.text());
            assertTrue(catalogue.find("RQST_LOADAVG").isPresent());
            Await.until("the shell's command host:load", () -> sessions.getRegistry().getCommand("host", "load") != null);
            Await.until("host load in OpenAPI", () -> rest.openApi().contains("/host/load"));
            assertTrue(rest.get("/api/v1/host/load").contains("fifteen"));
            assertTrue(node.run("host", "load", "--help").text().contains("RQST_LOADAVG"));
        } finally {
            Files.delete(deployed);
        }

        node.runUntil(2, "host", "load");
        assertTrue(catalogue.find("RQST_LOADAVG").isEmpty());
        Await.until("the shell to forget host:load", () -> sessions.getRegistry().getCommand("host", "load") == null);
        Await.until("OpenAPI to forget host load", () -> !rest.openApi().contains("/host/load"));
        assertEquals(0, node.run("host", "df").exit());
    }
}
