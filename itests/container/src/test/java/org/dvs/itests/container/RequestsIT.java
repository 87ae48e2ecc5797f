package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.dvs.api.Role;
import org.dvs.itests.container.Node.Printed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

/** Names finish the sentence "a shipped node …". */
class RequestsIT extends ShippedNode {

    @Test
    @Tag("R-CMD-17")
    void answersHostRequestsInTablesAndJson(BundleContext context) throws Exception {
        Node node = new Node(context);

        Printed table = node.runUntil(0, "host", "df");
        assertTrue(table.text().contains("/"), table.text());
        String json = node.run("host", "df", "-o", "json").text();
        for (String key : new String[] {"\"job\"", "\"request\"", "\"target\"", "\"summary\"", "\"groups\"", "\"nodes\"", "\"source\"",
            "\"fstype\"", "\"avail\"", "\"use_pct\"", "\"inodes\""}) {
            assertTrue(json.contains(key), key + " in " + json);
        }
        assertTrue(node.run("host", "ps", "--name", "java").text().contains("java"));
        assertEquals(0, node.run("host", "vmstat", "--interval", "100ms", "--count", "3").exit());
    }

    @Test
    @Tag("R-CMD-17")
    void runsOnlyCommandsOfTheAllowList(BundleContext context) throws Exception {
        Node node = new Node(context);

        Printed echo = node.runUntil(0, "host", "command", "echo", "hello; id");
        assertTrue(echo.text().contains("hello; id"), echo.text());

        Printed denied = node.run("host", "command", "/bin/sh", "-c", "id");
        assertEquals(6, denied.exit());
        assertTrue(denied.text().contains("DVS-SEC-0104"), denied.text());
        assertTrue(denied.text().contains("the program '/bin/sh' is not in the allow-list"), denied.text());
        assertFalse(denied.text().contains("uid="), denied.text());

        Printed viewer = node.run(Role.VIEWER, "host", "command", "uptime");
        assertEquals(6, viewer.exit());
        assertTrue(viewer.text().contains("DVS-SEC-0335"), viewer.text());
    }

    @Test
    @Tag("R-CMD-17")
    void endsACommandAtItsDeadline(BundleContext context) throws Exception {
        Node node = new Node(context);
        node.runUntil(0, "host", "command", "true");

        Printed late = node.run("host", "command", "--deadline", "200ms", "sleep", "30");

        assertEquals(1, late.exit());
        assertTrue(late.text().contains("did not end within 200ms and was ended with signal 15"), late.text());
    }

    @Test
    @Tag("R-CMD-10")
    void initialisesShowsAndEndsTheDvs(BundleContext context) throws Exception {
        Node node = new Node(context);
        node.runUntil(0, "node", "list");

        Printed before = node.runUntil(1, "dvs", "info");
        assertTrue(before.text().contains("DVS-DVS-0318"), before.text());

        assertEquals(0, node.run("dvs", "init").exit());
        try {
            assertEquals(0, node.run("dvs", "info").exit());
            Printed again = node.run("dvs", "init");
            assertEquals(1, again.exit());
            assertTrue(again.text().contains("DVS-DVS-0317"), again.text());
        } finally {
            assertEquals(0, node.run("dvs", "end", "--yes").exit());
        }
        assertEquals(1, node.run("dvs", "info").exit());
    }

    @Test
    @Tag("R-CMD-01")
    void answersTheSameInKarafsShell(BundleContext context, SessionFactory sessions) throws Exception {
        new Node(context).runUntil(0, "host", "df");
        Await.until("the shell's command host:df", () -> sessions.getRegistry().getCommand("host", "df") != null);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, out);

        javax.security.auth.Subject operator = new javax.security.auth.Subject();
        operator.getPrincipals().add(new org.apache.karaf.jaas.boot.principal.UserPrincipal("tester"));
        operator.getPrincipals().add(new org.apache.karaf.jaas.boot.principal.RolePrincipal("operator"));
        javax.security.auth.Subject.doAs(operator, (java.security.PrivilegedExceptionAction<Object>) () -> session.execute("host:df"));
        session.close();

        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("/"), printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void tellsUsageErrorsAndUnknownNodesApart(BundleContext context) throws Exception {
        Node node = new Node(context);
        node.runUntil(0, "host", "df");

        assertEquals(2, node.run("host", "nonsense").exit());
        assertEquals(2, node.run("host", "df", "--nonsense").exit());
        assertEquals(2, node.run("host", "vmstat", "--interval", "5").exit());
        Printed nobody = node.run("host", "df", "--nodes", "node7");
        assertEquals(3, nobody.exit());
        assertTrue(nobody.text().contains("node7"), nobody.text());
    }
}
