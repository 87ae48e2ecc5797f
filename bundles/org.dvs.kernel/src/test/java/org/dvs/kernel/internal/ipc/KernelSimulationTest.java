package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whole DVSs of the kernel in one thread, with programs that do anything at any time and every trouble that a network and
 * administrators make. {@code -Ddvs.seeds=10000} runs as many seeds; without it as many as fit into a minute.
 */
class KernelSimulationTest {
    private static final int ALL = 10_000;
    private static final long MINUTE = 60_000_000_000L;

    @Test
    @Tag("R-PXY-08")
    @Tag("R-PXY-12")
    @Tag("R-PXY-13")
    void noMessageIsLostOrDoubledAndNobodyIsLeftWaitingWhateverEndsTimesOutBreaksOrMoves() {
        boolean limited = System.getProperty("dvs.seeds") == null && System.getProperty("dvs.seed") == null;
        long begin = System.nanoTime();
        long[] count = new long[4];
        Map<Operation, Map<String, Integer>> ends = new EnumMap<>(Operation.class);
        Seeds.each(ALL, seed -> {
            if (limited && System.nanoTime() - begin > MINUTE) {
                return;
            }
            SimulationWorld world = new SimulationWorld(seed);
            world.live(60);
            world.rest();
            world.serve();
            world.end();
            count[0]++;
            count[1] += world.ledger.count();
            count[2] += world.ledger.delivered;
            count[3] += world.carried;
            world.ends.forEach((operation, results) -> results.forEach((result, times) -> ends
                    .computeIfAbsent(operation, of -> new TreeMap<>()).merge(result, times, Integer::sum)));
        });
        System.out.printf("%d seeds in %d s: %d messages sent, %d received, %d commands between nodes%n", count[0],
                (System.nanoTime() - begin) / 1_000_000_000, count[1], count[2], count[3]);
        ends.forEach((operation, results) -> System.out.println("  " + operation + " " + results));
        assertTrue(count[0] > 0, "a seed");
    }
}
