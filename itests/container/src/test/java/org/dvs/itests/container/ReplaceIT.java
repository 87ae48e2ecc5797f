package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.LoggerFactory;

/** Names finish the sentence "each bundle of ours …". Done as docs/operating.md says, "Replacing a bundle". */
class ReplaceIT extends ShippedNode {
    private Faces node;
    private Bundles bundles;

    @BeforeEach
    void agreeOnSomething() throws Exception {
        node = new Faces(FrameworkUtil.getBundle(ReplaceIT.class).getBundleContext());
        bundles = node.bundles();
        node.agree();
        node.work();
    }

    @AfterEach
    void takeBackWhatIsShipped() throws Exception {
        for (Bundle bundle : bundles.ours()) {
            if (!bundle.getVersion().getQualifier().isEmpty()) {
                String name = bundle.getSymbolicName();
                node.shell("bundle:update " + name + " " + NextVersion.shipped(name).toUri());
            }
        }
        node.shell("bundle:refresh");
        node.work();
        node.disagree();
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
            node.shell("bundle:update --refresh " + name + " " + next.jar().toUri());
            node.work();
        } finally {
            bundles.context().removeBundleListener(listener);
        }
        assertEquals(next.version(), bundle.getVersion());
        users.add(name);
        assertEquals(users, stopped, "stopped for " + name);
    }

    private void assertVersions(String build) {
        List<String> others = bundles.ours().stream().filter(bundle -> !bundle.getVersion().getQualifier().equals(build))
                .map(Bundle::toString).toList();
        assertEquals(List.of(), others);
        assertEquals(List.of(), bundles.thereTwice());
    }

    /** When the proxies listen, too, which they do a moment after all else works. */
    private Footprint settled() throws Exception {
        Properties settings = new Properties();
        try (var in = Files.newInputStream(Path.of(System.getProperty("karaf.etc"), "org.dvs.proxy.cfg"))) {
            settings.load(in);
        }
        int port = Integer.parseInt(settings.getProperty("basePort").strip());
        Await.until("the proxies to listen at " + port, () -> Footprint.of(bundles.ours()).ports().contains(port),
                () -> Footprint.of(bundles.ours()).ports().toString());
        return Footprint.of(bundles.ours());
    }

    @ParameterizedTest
    @MethodSource("names")
    void canBeStoppedAndStartedWhileTheOthersRun(String name) throws Exception {
        Footprint before = settled();

        node.shell("bundle:stop " + name);
        assertEquals(Set.of(name), bundles.down());

        node.shell("bundle:start " + name);
        node.work();
        before.isAllThereIs(bundles.ours());
    }

    @ParameterizedTest
    @EnumSource
    void canBeUpdatedInAnyOrderAndLeavesNothingBehind(Order order, @TempDir Path folder) throws Exception {
        Footprint before = settled();
        Leftovers old = new Leftovers();

        for (String name : order.of(Shipped.bundles())) {
            bundles.ours().forEach(old::watch);
            update(name, NextVersion.of(name, order.name(), folder));
        }

        before.isAllThereIs(bundles.ours());
        old.gone(bundles.ours());
    }

    @Test
    void showsInItsNextVersionWhatWasLoggedBefore(@TempDir Path folder) throws Exception {
        String said = "said before the update, " + System.nanoTime();
        LoggerFactory.getLogger(ReplaceIT.class).info(said);
        logShows(said);

        update("org.dvs.monitor", NextVersion.of("org.dvs.monitor", "log", folder));

        logShows(said);
    }

    /** Asks for the whole log that the node shows: where the line is missing, what is there instead tells why. */
    private void logShows(String said) throws Exception {
        node.answer(said, () -> node.rest().cli("node", "log", "--lines=2000", "--output=csv"));
    }

    @Test
    void goesOnInItsOldVersionWithThoseThatUseItUntilAllAreRefreshedTogether(@TempDir Path folder) throws Exception {
        Set<String> used = bundles.ours().stream().filter(bundle -> !bundles.users(bundle).isEmpty()).map(Bundle::getSymbolicName)
                .collect(Collectors.toSet());

        for (String name : Shipped.bundles()) {
            node.shell("bundle:update " + name + " " + NextVersion.of(name, "together", folder).jar().toUri());
        }
        assertTrue(bundles.waitingForRefresh().containsAll(used), bundles.waitingForRefresh() + " of " + used);

        node.shell("bundle:refresh");
        node.work();
        assertVersions("together");
    }

    @Test
    void comesWithTheNextReleaseOfTheFeaturesAndGoesBackWithThem(@TempDir Path folder) throws Exception {
        NextRelease next = NextRelease.of("release", folder);

        node.shell("feature:repo-add " + next.file().toUri());
        node.shell("feature:install --upgrade dvs/" + next.version());
        node.shell("bundle:refresh");
        node.work();
        assertVersions("release");

        node.shell("feature:install --upgrade dvs/" + Shipped.version());
        node.shell("bundle:refresh");
        node.work();
        assertVersions("");
        node.shell("feature:repo-remove " + next.file().toUri());
    }

    @Test
    void canBeUpdatedUnderLoadAndNothingThatWasAcknowledgedIsLostOrDoneTwice(@TempDir Path folder) throws Exception {
        try (Load load = new Load(node.rest())) {
            node.answer("x0", () -> node.rest().cli("host", "command", Load.PROGRAM, "first"));
            for (String name : Order.ANY.of(Shipped.bundles())) {
                load.awaitAcknowledged(2);
                node.shell("bundle:update --refresh " + name + " " + NextVersion.of(name, "load", folder).jar().toUri());
                node.work();
            }
            load.awaitAcknowledged(2);
            load.stop();

            assertEquals(List.of(), load.lost());
            assertEquals(List.of(), load.doneTwice());
            assertEquals(List.of(), load.hung());
            assertEquals(List.of(), load.defects());
        }
    }
}
