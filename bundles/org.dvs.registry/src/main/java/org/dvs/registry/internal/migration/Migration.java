package org.dvs.registry.internal.migration;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

import org.dvs.api.ErrorCode;

/**
 * A migration as it stands in the agreed state.
 *
 * @param id           request that began it
 * @param request      request that changed it last
 * @param target       the new node
 * @param pid          of the process there
 * @param coordinator  node that began it, and ...
 * @param session      ... which start of the registry on that node
 * @param keepMs       that node rolls it back when it is not committed within this time
 * @param holder       node on which the process lives; -1 while that is not known
 * @param name         of the process; empty while that is not known
 * @param taking       whether the new node has been asked to take over
 * @param rcode        of a rollback: why; else 0
 * @param why          of a rollback, for people
 * @param participants nodes that take part
 */
record Migration(int dcid, int endpoint, String id, String request, Phase phase, int target, int pid, int coordinator,
                 long session, long keepMs, int holder, String name, boolean taking, int rcode, String why,
                 SortedSet<Integer> participants) {

    Migration {
        participants = Collections.unmodifiableSortedSet(new TreeSet<>(participants));
    }

    private Migration in(Phase next, String by, int ofPid, boolean asked, int result, String reason) {
        return new Migration(dcid, endpoint, id, by, next, target, ofPid, coordinator, session, keepMs, holder, name, asked,
                result, reason, participants);
    }

    /** @param called name of the process that was found there */
    Migration started(int from, String called) {
        return new Migration(dcid, endpoint, id, request, Phase.STARTED, target, pid, coordinator, session, keepMs, from, called,
                taking, 0, "", participants);
    }

    Migration take(int ofPid, String by) {
        return in(Phase.TAKE, by, ofPid, true, 0, "");
    }

    Migration commit() {
        return in(Phase.COMMIT, request, pid, taking, 0, "");
    }

    Migration rollback(ErrorCode code, String reason) {
        return in(Phase.ROLLBACK, request, pid, taking, code.rcode(), reason);
    }

    /** A rollback that was asked for is no failure. */
    Migration rollback(String by) {
        return in(Phase.ROLLBACK, by, pid, taking, 0, "");
    }

    /** Tells it from all others, also from those of other endpoints that the same request began. */
    String key() {
        return dcid + "/" + endpoint + "/" + id;
    }

    String shown() {
        return "migration of " + endpoint + " in DC " + dcid;
    }
}
