package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Names finish the sentence "each bundle of ours …". Bundles are replaced in Karaf's shell and the node is asked by HTTPS and
 * in the shell, as an operator does it (docs/operating.md, "Replacing a bundle"). Nothing here uses a class of DVS: whoever does
 * is stopped when the bundle that has it is refreshed.
 */
class ReplaceIT extends ShippedNode {
    private static final String AGREED = "agreed-before";

    private Bundles bundles;
    private Shell shell;
    private Shell operator;
    private Rest rest;

    @BeforeEach
    void agreeOnSomething() throws Exception {
        BundleContext context = FrameworkUtil.getBundle(ReplaceIT.class).getBundleContext();
        bundles = new Bundles(context);
        SessionFactory sessions = context.getService(context.getServiceReference(SessionFactory.class));
        shell = Shell.asAdmin(sessions);
        operator = Shell.asOperator(sessions);
        rest = new Rest(context);
        answers("x0", () -> rest.cli("node", "list"));
        answers("x0", () -> rest.cli("dvs", "init", "--name", AGREED));
        works();
    }

    @AfterEach
    void takeBackWhatIsShipped() throws Exception {
        List<String> changed = bundles.ours().stream().filter(bundle -> !bundle.getVersion().getQualifier().isEmpty())
                .map(Bundle::getSymbolicName).toList();
        for (String name : changed) {
            shell.run("bundle:update " + name + " " + NextVersion.shipped(name).toUri());
        }
        shell.run("bundle:refresh");
        works();
        answers("x0", () -> rest.cli("dvs", "end", "--yes"));
    }

    static List<String> names() {
        return Shipped.bundles();
    }

    /** In which order bundles are replaced. */
    enum Order {
        CONTRACTS_FIRST, FRONTS_FIRST, ANY;

        List<String> of(List<String> names) {
            List<String> ordered = new ArrayList<>(names);
            if (this == FRONTS_FIRST) {
                Collections.reverse(ordered);
            } else if (this == ANY) {
                long seed = Long.getLong("dvs.seed", System.nanoTime());
                System.out.println("ReplaceIT: seed " + seed + " (-Ddvs.seed=)");
                Collections.shuffle(ordered, new Random(seed));
            }
            return ordered;
        }
    }

    private interface Question {
        String ask() throws Exception;
    }

    private static void answers(String expected, Question question) throws Exception {
        String[] last = {""};
        Await.until("an answer with " + expected, () -> {
            try {
                last[0] = question.ask();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                // Whatever is wrong with a node that is not whole again; told if it stays so.
                last[0] = e.toString();
            }
            return last[0].contains(expected);
        }, () -> last[0]);
    }

    /** All bundles run with each other, every face answers, a change is agreed and made, what was agreed before is still known. */
    private void works() throws Exception {
        Await.until("every bundle to run and no old one to be in use",
                () -> bundles.down().isEmpty() && bundles.waitingForRefresh().isEmpty(),
                () -> "down " + bundles.down() + ", not refreshed " + bundles.waitingForRefresh());
        assertEquals(List.of(), bundles.usersOfOldClasses());
        answers("\"fstype\"", () -> rest.get("/api/v1/host/df"));
        answers("x0", () -> rest.cli("host", "command", "true"));
        answers(AGREED, () -> rest.cli("dvs", "info"));
        answers("/", () -> operator.run("host:df"));
    }

    /** Replaces a bundle by its next version and looks at who was stopped for it: with it what uses its classes, nothing else. */
    private void update(String name, NextVersion next) throws Exception {
        Bundle bundle = bundles.named(name);
        Set<String> users = bundles.users(bundle);
        Set<String> stopped = new ConcurrentSkipListSet<>();
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.STOPPED) {
                stopped.add(event.getBundle().getSymbolicName());
            }
        };
        bundles.context().addBundleListener(listener);
        try {
            shell.run("bundle:update --refresh " + name + " " + next.jar().toUri());
            works();
        } finally {
            bundles.context().removeBundleListener(listener);
        }
        assertEquals(next.version(), bundle.getVersion());
        users.add(name);
        assertEquals(users, stopped, "stopped for " + name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void canBeStoppedAndStartedWhileTheOthersRun(String name) throws Exception {
        Footprint before = Footprint.of(bundles.ours());

        shell.run("bundle:stop " + name);
        assertEquals(Set.of(name), bundles.down());

        shell.run("bundle:start " + name);
        works();
        before.isAllThereIs(bundles.ours());
    }

    @ParameterizedTest
    @EnumSource
    void canBeUpdatedInAnyOrderAndLeavesNothingBehind(Order order, @TempDir Path folder) throws Exception {
        Footprint before = Footprint.of(bundles.ours());
        Leftovers old = new Leftovers();

        for (String name : order.of(Shipped.bundles())) {
            bundles.ours().forEach(old::watch);
            update(name, NextVersion.of(name, order.name(), folder));
        }

        before.isAllThereIs(bundles.ours());
        old.gone(bundles.ours());
    }

    @Test
    void goesOnInItsOldVersionWithThoseThatUseItUntilAllAreRefreshedTogether(@TempDir Path folder) throws Exception {
        Set<String> used = bundles.ours().stream().filter(bundle -> !bundles.users(bundle).isEmpty()).map(Bundle::getSymbolicName)
                .collect(Collectors.toSet());

        for (String name : Shipped.bundles()) {
            shell.run("bundle:update " + name + " " + NextVersion.of(name, "together", folder).jar().toUri());
        }
        assertTrue(bundles.waitingForRefresh().containsAll(used), bundles.waitingForRefresh() + " of " + used);

        shell.run("bundle:refresh");
        works();
        assertVersions("together");
    }

    @Test
    void comesWithTheNextReleaseOfTheFeaturesAndGoesBackWithThem(@TempDir Path folder) throws Exception {
        NextRelease next = NextRelease.of("release", folder);

        shell.run("feature:repo-add " + next.file().toUri());
        shell.run("feature:install --upgrade dvs/" + next.version());
        shell.run("bundle:refresh");
        works();
        assertVersions("release");

        shell.run("feature:install --upgrade dvs/" + Shipped.version());
        shell.run("bundle:refresh");
        works();
        assertVersions("");
        shell.run("feature:repo-remove " + next.file().toUri());
    }

    private void assertVersions(String build) {
        List<String> others = bundles.ours().stream().filter(bundle -> !bundle.getVersion().getQualifier().equals(build))
                .map(Bundle::toString).toList();
        assertEquals(List.of(), others);
        assertEquals(List.of(), bundles.thereTwice());
    }
}
