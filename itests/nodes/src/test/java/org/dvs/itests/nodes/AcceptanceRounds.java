package org.dvs.itests.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Rounds of trouble for three members that all write all the time. After each round every write of it is audited on every member,
 * and that those of the round before are still what they were. One thread.
 */
final class AcceptanceRounds {
    static final List<Integer> ALL = List.of(0, 1, 2);
    static final List<String> FOUNDERS = List.of("node0", "node1", "node2");
    /** Writes of each node that show that it goes on. */
    static final int SOME = 30;
    private static final long MILLI = 1_000_000;
    private static final String SNAPSHOT_TAKEN = "took the state after entry";

    /** What comes over the members in a round; they are whole again afterwards. */
    @FunctionalInterface
    interface Trouble {
        /** @return what it was */
        String come(Ledger ledger, String round) throws Exception;
    }

    private final WriterCluster cluster;
    private final List<Long> gaps = new ArrayList<>();
    private int number;
    private int lives;
    private int counted;
    private long started;
    private long acknowledged;
    private long refused;
    private long unknown;

    AcceptanceRounds(WriterCluster cluster) {
        this.cluster = cluster;
    }

    static List<Integer> without(int id) {
        return ALL.stream().filter(other -> other != id).toList();
    }

    void write(int id, Ledger ledger, String round) {
        cluster.node(id).write(ledger, round + cluster.node(id).name() + "." + lives++);
    }

    /** Waits until each of these nodes has some acknowledged writes that were begun after a moment. */
    void goOn(Ledger ledger, List<Integer> nodes, long since, int some) {
        cluster.until("nodes " + nodes + " go on", () -> nodes.stream()
                .allMatch(id -> ledger.acknowledgedSince(cluster.node(id).prefix(), since) >= some));
    }

    void join(List<Integer> nodes, List<String> founders, Ledger ledger, String round) throws IOException {
        for (int id : nodes) {
            cluster.start(id, founders);
        }
        cluster.until("nodes " + nodes + " have joined", () -> nodes.stream().allMatch(id -> cluster.node(id).joined()));
        nodes.forEach(id -> write(id, ledger, round));
    }

    int leader() {
        int[] found = {-1};
        cluster.until("a leader", () -> (found[0] = cluster.leader(ALL)) >= 0);
        return found[0];
    }

    /** Counts from here on. */
    void begin(long seed) {
        System.out.println("AcceptanceIT seed " + seed);
        gaps.clear();
        counted = 0;
        started = System.nanoTime();
        acknowledged = 0;
        refused = 0;
        unknown = 0;
    }

    void round(Random random, Trouble trouble) throws Exception {
        Ledger ledger = new Ledger();
        String before = "w/" + number + "/";
        String round = "w/" + ++number + "/";
        Map<String, List<Ledger.Held>> earlier = cluster.dump(ALL, before);
        ALL.forEach(id -> write(id, ledger, round));
        goOn(ledger, ALL, System.nanoTime(), SOME + random.nextInt(5 * SOME));

        long start = System.nanoTime();
        String what = trouble.come(ledger, round);

        long whole = System.nanoTime();
        goOn(ledger, ALL, whole, SOME);
        long healed = System.nanoTime();
        for (int id : ALL) {
            assertEquals("stopped", cluster.node(id).ask("stop"));
        }
        assertEquals(List.of(), ledger.audit(cluster.dump(ALL, round)), "round " + number);
        assertEquals(earlier, cluster.dump(ALL, before), "what was there before round " + number);
        cluster.until("what is not looked at any more is removed",
                () -> cluster.node(random.nextInt(3)).ask("clear " + before).equals("cleared"));
        cluster.check();
        counted++;
        acknowledged += ledger.acknowledged();
        refused += ledger.refused();
        unknown += ledger.unknown();
        System.out.printf("round %d: %s; %d ms, all go on after %d ms, audited after %d ms; %d acknowledged, %d refused,"
                + " %d unknown%n", number, what, (whole - start) / MILLI, (healed - whole) / MILLI,
                (System.nanoTime() - healed) / MILLI, ledger.acknowledged(), ledger.refused(), ledger.unknown());
    }

    /** Notes how long nothing was agreed after the leader had gone. */
    void gap(Ledger ledger, long since) {
        gaps.add((ledger.firstSince(since) - since) / MILLI);
    }

    /** @return how many snapshots nodes have taken from leaders */
    long snapshots() throws IOException {
        long snapshots = 0;
        for (int id : ALL) {
            try (var lines = Files.lines(cluster.home().resolve("node" + id + ".log"))) {
                snapshots += lines.filter(line -> line.contains(SNAPSHOT_TAKEN)).count();
            }
        }
        return snapshots;
    }

    void report(String what) throws IOException {
        gaps.sort(null);
        System.out.printf("%d %s in %d s: %d writes acknowledged, %d refused, %d of unknown outcome, each audited on 3 members;"
                + " snapshots taken so far: %d%n", counted, what, (System.nanoTime() - started) / MILLI / 1000, acknowledged,
                refused, unknown, snapshots());
        if (!gaps.isEmpty()) {
            System.out.printf("first new write after the loss of a leader: median %d ms, longest %d ms, %d times%n",
                    gaps.get(gaps.size() / 2), gaps.get(gaps.size() - 1), gaps.size());
        }
    }
}
