package org.dvs.itests.nodes;

import static org.dvs.itests.nodes.AcceptanceRounds.ALL;
import static org.dvs.itests.nodes.AcceptanceRounds.SOME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real processes that write all the time, with an audit of every write. Names finish the sentence "a group …". */
@Tag("R-CMD-19")
class AcceptanceGrowthIT {

    @Test
    void growsFromOneToThreeLosesTheFirstAndShrinksToOneAgain() throws Exception {
        WriterCluster cluster = new WriterCluster("growing", 3);
        boolean passed = false;
        try {
            growAndShrink(cluster);
            passed = true;
        } finally {
            cluster.close(!passed);
        }
    }

    private static void growAndShrink(WriterCluster cluster) throws Exception {
        AcceptanceRounds rounds = new AcceptanceRounds(cluster);
        Ledger ledger = new Ledger();
        String round = "w/1/";
        rounds.join(List.of(0), List.of("node0"), ledger, round);
        rounds.goOn(ledger, List.of(0), System.nanoTime(), SOME);
        rounds.join(List.of(1, 2), List.of(), ledger, round);
        for (int id : List.of(1, 2)) {
            cluster.until("node" + id + " votes", () -> cluster.node(0).ask("admit " + id).equals("done"));
        }

        // Two of three vote on, though both are new.
        cluster.node(0).kill();
        long killed = System.nanoTime();
        rounds.goOn(ledger, List.of(1, 2), killed, SOME);
        rounds.join(List.of(0), List.of("node0"), ledger, round);
        rounds.goOn(ledger, ALL, System.nanoTime(), SOME);

        int first = rounds.leader();
        int last = (first + 1) % 3;
        for (int id : List.of(first, 3 - first - last)) {
            cluster.until("node" + id + " votes no more", () -> cluster.node(last).ask("expel " + id).equals("done"));
            rounds.goOn(ledger, List.of(last), System.nanoTime(), SOME);
        }
        for (int id : ALL) {
            assertEquals("stopped", cluster.node(id).ask("stop"));
        }
        assertEquals(List.of(), ledger.audit(cluster.dump(List.of(last), round)));
        cluster.node(last).kill();
        cluster.start(last, List.of());
        cluster.until("the last is back", () -> cluster.node(last).joined());
        assertEquals(List.of(), ledger.audit(cluster.dump(List.of(last), round)));
        System.out.printf("1 -> 3 -> 1 under load: %d writes acknowledged, %d refused, %d of unknown outcome; first new write"
                + " %d ms after the first was killed%n", ledger.acknowledged(), ledger.refused(), ledger.unknown(),
                (ledger.firstSince(killed) - killed) / 1_000_000);
    }
}
