package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two kernels and the proxies between them, as they are shipped, in one thread and simulated time, with a network that breaks
 * anywhere, operators who drain, and bundles that are replaced. {@code -Ddvs.seeds=10000} runs so many; without it as many as fit
 * into 15 s.
 */
@Tag("R-PXY-05")
@Tag("R-PXY-09")
class ProxySimulationTest {
    private static final int ALL = 10_000;
    private static final long LIMIT = 15_000_000_000L;
    private static final int ROUNDS = 40;

    @Test
    void everyMessageArrivesOnceOrItsSenderHearsWhatIsKnownAndNobodyIsLeftWaiting() {
        boolean limited = System.getProperty("dvs.seeds") == null && System.getProperty("dvs.seed") == null;
        long begin = System.nanoTime();
        Map<ErrorCode, Integer> ends = new EnumMap<>(ErrorCode.class);
        Map<String, Integer> copies = new TreeMap<>();
        long[] sum = new long[5];
        Seeds.each(ALL, seed -> {
            if (limited && System.nanoTime() - begin > LIMIT) {
                return;
            }
            SimulatedDvs world = new SimulatedDvs(seed);
            assertTrue(world.joins());
            List<SimulatedPrograms> programs = programs(world, ends);
            Copies copier = new Copies(world, copies);
            for (int i = 0; i < ROUNDS; i++) {
                world.run(Duration.ofNanos(1 + world.below(i % 8 == 0 ? 3_000_000_000L : 60_000_000)));
                world.trouble();
            }
            rest(world, programs, copier);
            sum[0]++;
            sum[1] += programs.get(0).count() + programs.get(1).count();
            sum[2] += world.frames;
            sum[3] += world.cuts;
            sum[4] += world.replacements;
        });
        System.out.printf("%d seeds in %d s: %d messages, %d frames, %d breaks, %d replacements; those that did not end well %s;"
                + " copies %s%n", sum[0], (System.nanoTime() - begin) / 1_000_000_000, sum[1], sum[2], sum[3], sum[4], ends, copies);
        assertTrue(sum[0] > 0, "a seed");
    }

    @Test
    void theSameHoldsWhereverAConnectionBreaks() throws Exception {
        Map<ErrorCode, Integer> ends = new EnumMap<>(ErrorCode.class);
        Map<String, Integer> copies = new TreeMap<>();
        for (int seed = 1; seed <= 2; seed++) {
            for (int frame = 0; frame < 100; frame++) {
                SimulatedDvs world = new SimulatedDvs(seed);
                // From the first HELLO on.
                world.cutAfter(frame);
                world.run(Duration.ofMillis(500));
                List<SimulatedPrograms> programs = programs(world, ends);
                Copies copier = new Copies(world, copies);
                world.run(Duration.ofMillis(500));
                rest(world, programs, copier);
                assertEquals(1, world.cuts, "seed " + seed + ", frame " + frame);
            }
        }
        System.out.println("200 breaks, one after each frame: " + ends + "; copies " + copies);
        assertTrue(ends.containsKey(ErrorCode.UNKNOWNOUTCOME), "breaks with something under way");
    }

    @Test
    @Tag("R-PXY-14")
    void theSameHoldsWhereverTheBundleIsReplaced() throws Exception {
        Map<ErrorCode, Integer> ends = new EnumMap<>(ErrorCode.class);
        Map<String, Integer> copies = new TreeMap<>();
        long replacements = 0;
        for (int seed = 1; seed <= 2; seed++) {
            for (int frame = 0; frame < 200; frame++) {
                SimulatedDvs world = new SimulatedDvs(seed);
                world.replaceAfter(frame / 2, frame % 2);
                world.run(Duration.ofMillis(500));
                List<SimulatedPrograms> programs = programs(world, ends);
                Copies copier = new Copies(world, copies);
                world.run(Duration.ofMillis(500));
                try {
                    rest(world, programs, copier);
                } catch (AssertionError e) {
                    throw new AssertionError("seed " + seed + ", frame " + frame + ": " + e.getMessage(), e);
                }
                replacements += world.replacements;
            }
        }
        System.out.println(replacements + " replacements, one of each node after each frame: " + ends + "; copies " + copies);
        assertTrue(replacements >= 400, replacements + " replacements");
    }

    private static List<SimulatedPrograms> programs(SimulatedDvs world, Map<ErrorCode, Integer> ends) throws DvsException {
        return List.of(new SimulatedPrograms(world, 0, ends), new SimulatedPrograms(world, 1, ends));
    }

    /** All is mended and nobody begins anything any more: then every call has ended as it was, and both can talk again. */
    private static void rest(SimulatedDvs world, List<SimulatedPrograms> programs, Copies copier) throws Exception {
        world.run(Duration.ofSeconds(3));
        assertTrue(world.joins(), "they find each other again");
        programs.forEach(SimulatedPrograms::quiet);
        copier.quiet();
        world.run(Duration.ofSeconds(45));
        assertTrue(world.isUp(), "and stay so");
        programs.forEach(SimulatedPrograms::check);
        copier.check();
        for (SimulatedDvsNode node : world.nodes) {
            assertEquals(0, node.kernel.proxy(node.peer()).queued());
            assertEquals(0, node.link().link().sequences().underWay());
            long open = node.connections.stream().filter(SimulatedConnection::isOpen).count();
            assertEquals(1, open, "connections left open at node " + node.id);
        }
    }

    /** Copies in both directions at a time, from both nodes. */
    private static final class Copies {
        private static final long SETTLED = 15_000_000_000L;

        private final SimulatedDvs world;
        private final Map<String, Integer> ends;
        private int underWay;
        private boolean quiet;

        Copies(SimulatedDvs world, Map<String, Integer> ends) throws Exception {
            this.world = world;
            this.ends = ends;
            for (int id = 0; id < 2; id++) {
                next(new Copier(world.nodes[id].kernel, id, world.nodes[1 - id].kernel, 1 - id), 0);
            }
        }

        private void next(Copier copier, long pause) {
            world.at(world.now() + pause + world.below(20_000_000), () -> {
                if (!quiet) {
                    underWay++;
                    copier.copy(world.random.nextBoolean(), rcode -> ended(copier, rcode));
                }
            });
        }

        private void ended(Copier copier, int rcode) {
            underWay--;
            ends.merge(rcode >= 0 ? "OK" : ErrorCode.ofRcode(rcode).orElseThrow().name(), 1, Integer::sum);
            if (rcode >= 0) {
                copier.check(rcode);
                next(copier, 0);
            } else {
                // Until nothing of it can be on its way any more.
                world.at(world.now() + SETTLED, () -> {
                    copier.check(rcode);
                    next(copier, 0);
                });
            }
        }

        void quiet() {
            quiet = true;
        }

        void check() {
            assertEquals(0, underWay, "copies that nobody told the end of");
        }
    }
}
