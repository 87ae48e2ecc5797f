package org.dvs.registry.internal.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.registry.internal.DvsTable;
import org.dvs.registry.internal.Refresh;
import org.dvs.registry.internal.dc.DcTable;
import org.dvs.registry.internal.migration.MigrationRecords.Versioned;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.testkit.RecordingKernel;
import org.dvs.testkit.Seeds;
import org.dvs.testkit.SimulatedCluster;
import org.dvs.testkit.SimulatedNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process that moves while nodes are killed, cut off and paused ... Three nodes of a simulated cluster; 5 in DC 3 lives on
 * node0, its backup is on node1; node2 has a stub, or does not know it.
 */
@Tag("R-CMD-14")
@Timeout(300)
class MigrationSimulationTest {
    private static final DvsParameters DVS = DvsParameters.DEFAULT;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int DC = 3;
    private static final int EP = 5;

    /** What the DVS and its DC look like in the agreed state. */
    private static Change tables() throws Exception {
        ImmediateCluster scratch = new ImmediateCluster();
        for (int id = 0; id < 3; id++) {
            Member member = new Member(id, "node" + id);
            new DvsTable(scratch.state(), member, System::nanoTime).init(DVS, LIMIT);
            new DcTable(scratch.state(), member, new Refresh(scratch.state(), member, scratch::joined, System::nanoTime),
                    System::nanoTime, () -> 1).init(DcSettings.of(DC, "web", DVS), "r", LIMIT);
        }
        Change change = new Change();
        scratch.state().list("").forEach((key, entry) -> change.put(key, entry.value()));
        return change;
    }

    /** One start of one node: its kernel and its registry. */
    private static final class Node {
        private final SimulatedNode node;
        private final RecordingKernel kernel = new RecordingKernel();
        private final MigrationCare care;
        private boolean queued;

        Node(SimulatedNode node, LongSupplier nanoTime) throws DvsException {
            this.node = node;
            int id = node.local().id();
            kernel.dvsInit(id, node.local().name(), DVS);
            kernel.dcInit(DcSettings.of(DC, "web", DVS));
            care = new MigrationCare(node.state(), node.local(), node::view, () -> Optional.of(kernel), node.incarnation(),
                    nanoTime, this::later);
            node.state().watch("", (key, entry) -> poke());
            node.listen(this::happened);
        }

        private void later(Duration delay) {
            // Migrations of this test are never late.
            if (delay.compareTo(Duration.ofMinutes(1)) < 0) {
                node.after(delay.toNanos(), this::poke);
            }
        }

        private void poke() {
            if (!queued) {
                queued = true;
                node.after(10_000, () -> {
                    queued = false;
                    run();
                });
            }
        }

        private void run() {
            try {
                care.run();
            } catch (DvsException e) {
                assertTrue(e.code() != ErrorCode.GENERIC, e.getMessage());
                later(Duration.ofMillis(100));
            }
        }

        private void happened(ViewEvent event) {
            try {
                for (Member member : event.changed()) {
                    boolean came = event.kind() == ViewEvent.Kind.JOIN || event.kind() == ViewEvent.Kind.MERGE;
                    up(member, came);
                }
            } catch (DvsException e) {
                throw new AssertionError(e);
            }
            poke();
        }

        private void up(Member member, boolean up) throws DvsException {
            NodeInfo there = kernel.node(member.id());
            if (there.flags() != 0 && member.id() != node.local().id()) {
                kernel.nodeDown(member.id());
            }
            if (up && member.id() != node.local().id()) {
                kernel.pair(member.id());
                kernel.nodeUp(member.name(), member.id(), member.id());
                kernel.addNode(DC, member.id());
            }
        }

        private ProcessInfo process() {
            try {
                return kernel.process(DC, EP);
            } catch (DvsException e) {
                throw new AssertionError(e);
            }
        }

        private boolean runs() {
            return !process().isFree() && (process().flags() & (ProcessFlags.REMOTE | ProcessFlags.MIGRATING)) == 0;
        }
    }

    private static final class World {
        private final SimulatedCluster cluster;
        private final Random random;
        private final Map<Integer, Node> nodes = new HashMap<>();
        private final Set<Integer> killed = new HashSet<>();
        private boolean cut;

        World(long seed) throws Exception {
            cluster = new SimulatedCluster(seed, 3);
            random = new Random(seed * 7_919);
            for (int id = 0; id < 3; id++) {
                nodes.put(id, new Node(cluster.node(id), cluster.time()::nanoTime));
            }
            passUntil(() -> cluster.alive().stream().allMatch(node -> node.view().members().size() == 3));
            cluster.node(0).state().commit(tables());
            passUntil(() -> cluster.alive().stream().allMatch(node -> node.state().get("dc/id/3").isPresent()));
            nodes.get(0).kernel.put(DC, EP, 0);
            nodes.get(1).kernel.backup(DC, EP, 42, 0);
            if (random.nextBoolean()) {
                nodes.get(2).kernel.put(DC, EP, 0);
            }
        }

        private void passUntil(BooleanSupplier condition) {
            assertTrue(cluster.time().runUntil(condition, Duration.ofSeconds(60)), "it did not come to be: " + this);
        }

        /** As {@link MigrationTable#move}, without waiting: begins, and asks for the commit as soon as it has started. */
        void move(int coordinator) {
            SimulatedNode node = cluster.node(coordinator);
            MigrationRecords records = new MigrationRecords(node.state());
            node.state().commit(records.begin(new Migration(DC, EP, "r1", "r1", Phase.START, 1, 42, coordinator,
                    node.incarnation(), 3_600_000, -1, "", false, 0, "", new TreeSet<>(Set.of(0, 1, 2))),
                    records.lastVersion(DC, EP)));
            node.state().watch("migration/of/", (key, entry) -> take(node));
        }

        private void take(SimulatedNode node) {
            try {
                MigrationRecords records = new MigrationRecords(node.state());
                Optional<Versioned> there = records.get(DC, EP);
                if (there.isPresent() && there.get().migration().phase() == Phase.STARTED) {
                    node.state().commit(records.replace(there.get(), there.get().migration().take(42, "r1")));
                    node.after(100_000_000, () -> take(node));
                }
            } catch (DvsException e) {
                throw new AssertionError(e);
            }
        }

        void trouble(boolean partitions) throws DvsException {
            int id = random.nextInt(3);
            switch (random.nextInt(partitions ? 4 : 2)) {
                case 0 -> {
                    if (cluster.node(id).alive()) {
                        cluster.crash(id);
                        killed.add(id);
                    }
                }
                case 1 -> {
                    if (!cluster.node(id).alive()) {
                        nodes.put(id, new Node(cluster.start(id), cluster.time()::nanoTime));
                    }
                }
                case 2 -> {
                    cluster.partition(List.of(Set.of(id), Set.of((id + 1) % 3, (id + 2) % 3)));
                    cut = true;
                }
                default -> cluster.heal();
            }
        }

        void mend() throws DvsException {
            cluster.heal();
            for (int id = 0; id < 3; id++) {
                if (!cluster.node(id).alive()) {
                    nodes.put(id, new Node(cluster.start(id), cluster.time()::nanoTime));
                }
            }
        }

        List<Integer> running() {
            return nodes.entrySet().stream().filter(each -> each.getValue().node.alive() && each.getValue().runs())
                    .map(Map.Entry::getKey).sorted().toList();
        }

        @Override
        public String toString() {
            try {
                StringBuilder text = new StringBuilder();
                for (var each : cluster.agreedEntries().entrySet()) {
                    if (each.getKey().startsWith("migration/of/")) {
                        text.append(MigrationCodec.migration(each.getKey(), DC, EP, each.getValue().value()));
                    } else if (each.getKey().startsWith("migration/vote/")) {
                        text.append(MigrationCodec.vote(each.getKey(), each.getValue().value()));
                    }
                    text.append('\n');
                }
                for (Node each : nodes.values()) {
                    text.append(each.node.local().name()).append(each.node.alive() ? " up, " : " down, ").append(each.node.view())
                            .append(' ').append(each.process()).append('\n');
                }
                return text.toString();
            } catch (DvsException e) {
                return e.getMessage();
            }
        }
    }

    private static void migrate(long seed, boolean partitions) throws Exception {
        World world = new World(seed);
        world.move(world.random.nextInt(3));
        int troubles = world.random.nextInt(6);
        for (int i = 0; i < troubles; i++) {
            long end = world.cluster.time().nanoTime() + world.random.nextLong(Duration.ofMillis(30).toNanos());
            while (world.cluster.time().nanoTime() < end && world.cluster.time().step()) {
                // A node that was cut off may have taken over what the others went on with; it ends it when it is back.
                assertTrue(world.cut || world.running().size() <= 1, () -> "it runs on " + world.running() + ": " + world);
            }
            world.trouble(partitions);
        }
        world.mend();
        world.passUntil(() -> world.cluster.agreedEntries().keySet().stream().noneMatch(key -> key.startsWith("migration/of/")
                || key.startsWith("migration/vote/")));
        world.cluster.time().run(Duration.ofSeconds(5));
        List<Integer> running = world.running();
        assertTrue(running.size() <= 1, () -> "it runs on " + running + ": " + world);
        if (!world.killed.contains(0) && !world.killed.contains(1)) {
            assertEquals(1, running.size(), () -> "it is lost: " + world);
        }
        if (world.killed.isEmpty() && !world.cut && running.equals(List.of(1))) {
            assertEquals(1, world.nodes.get(2).process().node(), () -> "node2 does not know where it is: " + world);
        }
        for (Node node : world.nodes.values()) {
            assertEquals(0, node.process().flags() & ProcessFlags.MIGRATING, () -> "it still migrates: " + world);
        }
    }

    @Test
    void comesToItsNewNodeWhenNothingHappens() throws Exception {
        Set<Boolean> known = new HashSet<>();
        for (long seed = 1; seed <= 10; seed++) {
            World world = new World(seed);
            known.add(!world.nodes.get(2).process().isFree());
            world.move(2);
            world.passUntil(() -> world.running().equals(List.of(1)));
            world.passUntil(() -> world.cluster.agreedEntries().keySet().stream()
                    .noneMatch(key -> key.startsWith("migration/of/")));
            assertEquals(1, world.nodes.get(2).process().node(), () -> "node2 does not know where it is: " + world);
            assertEquals("p5", world.nodes.get(2).process().name());
        }
        assertEquals(Set.of(true, false), known);
    }

    @Test
    void livesOnOneNodeAtATimeAndMigratesNowhereForEverWhenNodesAreKilled() {
        Seeds.each(200, seed -> migrate(seed, false));
    }

    @Test
    void livesOnOneNodeAndMigratesNowhereForEverWhenNodesAreKilledAndCutOff() {
        Seeds.each(400, seed -> migrate(seed, true));
    }
}
