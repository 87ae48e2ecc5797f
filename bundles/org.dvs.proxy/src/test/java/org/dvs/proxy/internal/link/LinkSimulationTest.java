package org.dvs.proxy.internal.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

import org.dvs.proxy.internal.frame.Fault;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two ends that connect to each other at any moment, over a network that is slow and breaks, from seeds. */
@Tag("R-PXY-05")
class LinkSimulationTest {
    private static final int RACES = 1_000;

    @Test
    @Tag("R-PXY-04")
    void aThousandRacesEndInAThousandSessions() {
        int[] races = new int[1];
        Seeds.each(50_000, seed -> {
            if (races[0] >= RACES) {
                return;
            }
            SimulatedLinks world = new SimulatedLinks(seed);
            assertTrue(world.joins());
            races[0] += world.connections > 1 ? 1 : 0;
            // What crossed it comes to its end, and this stays.
            int ups = world.ends[0].ups + world.ends[1].ups;
            world.time.run(Duration.ofSeconds(30));
            assertTrue(world.isJoined());
            assertEquals(ups, world.ends[0].ups + world.ends[1].ups);
        });
        boolean all = System.getProperty("dvs.seed") == null && System.getProperty("dvs.seeds") == null;
        assertTrue(!all || races[0] == RACES, "only " + races[0] + " raced");
    }

    @Test
    @Tag("R-PXY-09")
    void whateverWasUnderWayAtABreakIsSettledOnceAsItWas() {
        long[] settled = new long[2];
        Seeds.each(1_000, seed -> {
            SimulatedLinks world = new SimulatedLinks(seed);
            assertTrue(world.joins());
            world.restless = true;
            for (int i = 0; i < 200; i++) {
                SimulatedEnd end = world.ends[world.random.nextInt(2)];
                int dice = world.random.nextInt(60);
                if (dice == 0 && end.up != null) {
                    end.up.cut();
                } else if (dice == 1 && end.up != null) {
                    end.link.give(Fault.SILENT);
                } else if (dice == 2) {
                    world.reachable = !world.reachable;
                } else {
                    end.sendFrame();
                }
                world.time.run(Duration.ofNanos(world.random.nextInt(2_000_000)));
            }
            world.reachable = true;
            world.restless = false;
            assertTrue(world.joins());
            // Both go on with the same number.
            world.ends[0].sendFrame();
            world.ends[1].sendFrame();
            world.time.run(Duration.ofSeconds(20));
            assertTrue(world.isJoined());
            for (SimulatedEnd end : world.ends) {
                long[] own = end.settled();
                long arrived = world.ends[1 - end.id].got;
                assertEquals(0, end.link.sequences().underWay());
                assertEquals(end.sent - arrived, own[1] + own[2]);
                assertEquals(0, own[2], "nobody was restarted");
                assertTrue(end.faults.isEmpty(), "faults " + end.faults);
                settled[0] += own[0];
                settled[1] += own[1];
            }
        });
        boolean all = System.getProperty("dvs.seed") == null;
        assertTrue(!all || settled[0] > 0 && settled[1] > 0, "nothing was under way");
    }

    @Test
    @Tag("R-PXY-09")
    void aPeerThatWasRestartedIsKnownAndBeginsAnew() {
        Seeds.each(300, seed -> {
            SimulatedLinks world = new SimulatedLinks(seed);
            assertTrue(world.joins());
            SimulatedEnd stays = world.ends[0];
            SimulatedEnd dies = world.ends[1];
            for (int i = 0; i < 5; i++) {
                stays.sendFrame();
            }
            SimulatedWire old = dies.up;
            dies.restart();
            old.cut();
            assertTrue(world.time.runUntil(() -> world.isJoined() && dies.up != old, Duration.ofMinutes(2)));
            world.time.run(Duration.ofSeconds(1));
            assertTrue(stays.link.sequences().unknown() <= 5);
            stays.sendFrame();
            world.time.run(Duration.ofSeconds(15));
            assertEquals(1, dies.got);
            assertTrue(stays.faults.isEmpty() && dies.faults.isEmpty());
        });
    }

    @Test
    void neitherEndStaysUpAlone() {
        Seeds.each(300, seed -> {
            SimulatedLinks world = new SimulatedLinks(seed);
            assertTrue(world.joins());
            world.reachable = false;
            world.ends[world.random.nextInt(2)].up.cut();
            world.time.run(Duration.ofSeconds(5));
            assertFalse(world.ends[0].link.isUp());
            assertFalse(world.ends[1].link.isUp());
            world.reachable = true;
            assertTrue(world.joins());
        });
    }

    @Test
    @Tag("R-CMD-13")
    void aDrainedEndRefusesUntilItIsConnected() {
        Seeds.each(200, seed -> {
            SimulatedLinks world = new SimulatedLinks(seed);
            assertTrue(world.joins());
            SimulatedEnd end = world.ends[world.random.nextInt(2)];
            end.link.drain(Fault.DRAINED);
            world.time.run(Duration.ofSeconds(60));
            assertFalse(world.ends[0].link.isUp() || world.ends[1].link.isUp());
            assertEquals(Link.State.DRAINED, end.link.state());
            assertEquals(Fault.DRAINED, world.ends[1 - end.id].link.lastFault());
            end.link.connect();
            assertTrue(world.joins());
        });
    }
}
