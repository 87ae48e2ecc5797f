package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.Callable;

import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.framework.BundleContext;

/**
 * The node as an operator has it, by HTTPS and in Karaf's shell. Uses no class of DVS: whoever does is stopped when the bundle that
 * has it is refreshed, a test too.
 */
final class Faces {
    private static final String AGREED = "agreed-before";

    private final Bundles bundles;
    private final Shell admin;
    private final Shell operator;
    private final Rest rest;

    Faces(BundleContext context) throws Exception {
        SessionFactory sessions = context.getService(context.getServiceReference(SessionFactory.class));
        bundles = new Bundles(context);
        admin = Shell.asAdmin(sessions);
        operator = Shell.asOperator(sessions);
        rest = new Rest(context);
    }

    Bundles bundles() {
        return bundles;
    }

    Rest rest() {
        return rest;
    }

    /** Runs a command line of an admin in the shell. */
    String shell(String line) throws Exception {
        return admin.run(line);
    }

    /** Has the cluster agree on something that {@link #work} then expects to be known. */
    void agree() throws Exception {
        answer("x0", () -> rest.cli("dvs", "init", "--name", AGREED));
    }

    /** Takes back what {@link #agree} did. */
    void disagree() throws Exception {
        answer("x0", () -> rest.cli("dvs", "end", "--yes"));
    }

    /** All bundles run with each other, every face answers, a change is agreed and made, what was agreed before is still known. */
    void work() throws Exception {
        Await.until("every bundle to run and no old one to be in use",
                () -> bundles.down().isEmpty() && bundles.waitingForRefresh().isEmpty(),
                () -> "down " + bundles.down() + ", not refreshed " + bundles.waitingForRefresh());
        assertEquals(List.of(), bundles.usersOfOldClasses());
        answer("\"fstype\"", () -> rest.get("/api/v1/host/df"));
        answer("x0", () -> rest.cli("host", "command", "true"));
        answer(AGREED, () -> rest.cli("dvs", "info"));
        answer("/", () -> operator.run("host:df"));
    }

    /** Asks until the answer has the text. */
    void answer(String expected, Callable<String> question) throws Exception {
        String[] last = {""};
        Await.until("an answer with " + expected, () -> {
            try {
                last[0] = question.call();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                // Whatever is wrong with a node that is not whole again; told if it stays so.
                last[0] = e.toString();
            }
            return last[0].contains(expected);
        }, () -> last[0]);
    }
}
