package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.FaultyStorage;
import org.jgroups.Address;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is in the view … */
class AttendanceTest {
    private static final Address A = new UUID(1, 1);
    private static final Address B = new UUID(2, 2);
    private static final Address C = new UUID(3, 3);
    private static final long SECOND = 1_000_000_000;

    private DurableLog log;
    private long now;
    private LogGuard guard;
    private Attendance attendance;

    @BeforeEach
    void open() throws Exception {
        log = DurableLog.open(new FaultyStorage(), DurableLog.Sizes.DEFAULT, failure -> { });
    }

    private void voters(String... names) {
        Voters voters = new Voters(List.of(names));
        guard = new LogGuard("b", log, voters, new TestSite(B, () -> log, () -> now));
        attendance = new Attendance("b", voters, guard);
    }

    private void see(Map<Address, String> all) {
        attendance.view(all);
        guard.view(all.keySet().stream().filter(address -> !address.equals(B)).toList());
    }

    private static Map<Address, String> all() {
        Map<Address, String> all = new LinkedHashMap<>();
        all.put(A, "a");
        all.put(B, "b");
        all.put(C, "c");
        return all;
    }

    @Test
    void decidesWhetherThereIsAMajorityAndWhoComesBefore() {
        voters("a", "b", "d");
        see(Map.of(B, "b"));
        assertFalse(attendance.hasMajority());
        assertFalse(attendance.unled(5).may());
        see(all());
        assertTrue(attendance.hasMajority());
        assertEquals(new ElectionTimer.Situation(5, false, true, 1, false), attendance.unled(5));
    }

    /** A node that was alone for long could not hear who leads those whom it meets. */
    @Test
    void letsAnOnlyVoterListenBeforeItLeadsOthers() {
        voters("b");
        see(Map.of(B, "b"));
        assertEquals(new ElectionTimer.Situation(5, false, true, 0, true), attendance.unled(5));
        now += 3 * SECOND;
        see(all());
        assertEquals(new ElectionTimer.Situation(5, false, false, 0, false), attendance.unled(5));
        now += SECOND;
        guard.admits(A, new Frames.Letter(LogId.NONE, 0, new Frame.Append(1, 0, 0, 0, 0, Frame.NONE, List.of())));
        now += 3 * SECOND / 2;
        assertFalse(attendance.unled(5).may(), "somebody leads them");
        now += SECOND;
        assertTrue(attendance.unled(5).may());
    }
}
