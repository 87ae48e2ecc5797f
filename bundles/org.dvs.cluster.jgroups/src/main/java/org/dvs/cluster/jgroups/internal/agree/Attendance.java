package org.dvs.cluster.jgroups.internal.agree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jgroups.Address;

/** Who is in the view, and what that means for who may lead. One thread. */
final class Attendance {
    /** Longer than others need as a rule until one of them leads again. */
    private static final long OTHERS_LEAD_NANOS = 2_000_000_000L;

    private final String selfName;
    private final Voters voters;
    private final LogGuard guard;
    private Map<Address, String> present = Map.of();

    Attendance(String selfName, Voters voters, LogGuard guard) {
        this.selfName = selfName;
        this.voters = voters;
        this.guard = guard;
    }

    /** A new view. @param all by address, those who came first first */
    void view(Map<Address, String> all) {
        present = new LinkedHashMap<>(all);
    }

    boolean hasMajority() {
        return voters.names().stream().filter(present::containsValue).count() >= voters.majority();
    }

    /** How things stand while no leader is known. */
    ElectionTimer.Situation unled(long term) {
        List<String> names = voters.names();
        boolean only = names.equals(List.of(selfName));
        boolean alone = present.size() == 1;
        // An only voter has no leader but itself. Where another one leads, this log is of a cluster that this node was before it
        // came to theirs: to lead by it would stop those whose log has no name yet, or an only voter with a shorter log.
        boolean ledOtherwise = only && !alone && guard.claimSilence() < OTHERS_LEAD_NANOS;
        int before = (int) present.values().stream().takeWhile(name -> !name.equals(selfName)).filter(names::contains).count();
        return new ElectionTimer.Situation(term, false, voters.mayLead(selfName) && hasMajority() && !ledOtherwise, before,
                only && alone);
    }
}
