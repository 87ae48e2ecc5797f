package org.dvs.registry.internal.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.dvs.api.ErrorCode;
import org.dvs.registry.internal.migration.MigrationRules.Decision;
import org.dvs.registry.internal.migration.MigrationRules.Situation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A migration ... Nodes 0, 1, 2; the process lives on 0 and goes to 1; node 2 began it. */
@Tag("R-CMD-14")
class MigrationRulesTest {
    private static final Set<Integer> ALL = Set.of(0, 1, 2);
    private static final Migration START = new Migration(3, 5, "r1", "r1", Phase.START, 1, -1, 2, 77, 1_000, -1, "", false, 0, "",
            new TreeSet<>(ALL));
    private static final Migration STARTED = START.started(0, "db");
    private static final Migration TAKE = STARTED.take(42, "r2");
    private static final Migration COMMIT = TAKE.commit();
    private static final Migration ROLLBACK = TAKE.rollback(ErrorCode.BADPID, "x");

    private final SortedMap<Integer, Vote> votes = new TreeMap<>();

    private MigrationRulesTest voted(int node, Phase phase, ErrorCode code) {
        String name = node == 0 ? "db" : "";
        votes.put(node, new Vote("r1", phase, code == null ? 0 : code.rcode(), node == 0, name, code == null ? "" : "no"));
        return this;
    }

    private MigrationRulesTest voted(Phase phase, int... nodes) {
        for (int node : nodes) {
            voted(node, phase, null);
        }
        return this;
    }

    private static Situation of(Set<Integer> members, Set<Integer> present) {
        return new Situation(members, present, false, false, id -> "node" + id);
    }

    private Optional<Migration> next(Migration now, Situation situation) {
        Optional<Decision> decision = MigrationRules.decide(now, votes, situation);
        return decision.flatMap(Decision::next);
    }

    private void waits(Migration now, Situation situation) {
        assertEquals(Optional.empty(), MigrationRules.decide(now, votes, situation));
    }

    private void ends(Migration now, Situation situation) {
        assertEquals(Optional.of(new Decision(Optional.empty())), MigrationRules.decide(now, votes, situation));
    }

    private void goesBack(Migration now, Situation situation, ErrorCode code, String why) {
        Migration back = next(now, situation).orElseThrow();
        assertEquals(List.of(Phase.ROLLBACK, code.rcode(), why), List.of(back.phase(), back.rcode(), back.why()));
    }

    @Test
    void isStartedWhenAllNodesHaveStartedIt() {
        waits(START, of(ALL, ALL));
        voted(Phase.START, 0, 1);
        waits(START, of(ALL, ALL));
        assertEquals(List.of(2), MigrationRules.waiting(START, votes, of(ALL, ALL)));
        voted(Phase.START, 2);
        assertEquals(Optional.of(STARTED), next(START, of(ALL, ALL)));
        waits(STARTED, of(ALL, ALL));
    }

    @Test
    void goesBackWhenANodeRefusesToStartIt() {
        voted(Phase.START, 0).voted(2, Phase.START, ErrorCode.ONCOPY);
        goesBack(START, of(ALL, ALL), ErrorCode.ONCOPY, "node2: no");
    }

    @Test
    void goesBackWhenTheProcessLivesNowhereOrTwice() {
        votes.put(0, new Vote("r1", Phase.START, 0, false, "", ""));
        voted(Phase.START, 1, 2).goesBack(START, of(ALL, ALL), ErrorCode.NOTBIND, "the process is on no node of the DC");
        votes.put(0, new Vote("r1", Phase.START, 0, true, "db", ""));
        votes.put(2, new Vote("r1", Phase.START, 0, true, "db", ""));
        goesBack(START, of(ALL, ALL), ErrorCode.REPLPROC, "the process is on more than one node");
    }

    @Test
    void goesBackWhenANodeIsLostBeforeTheNewOneTakesOver() {
        for (Migration now : List.of(START, STARTED)) {
            goesBack(now, of(ALL, Set.of(1, 2)), ErrorCode.NOTCONN, "node0 is gone");
            goesBack(now, of(Set.of(0, 1), ALL), ErrorCode.NODCNODE, "node2 has left the DC");
        }
    }

    @Test
    void goesBackWhenWhoBeganItIsGoneOrDoesNotCommitInTime() {
        for (Migration now : List.of(START, STARTED)) {
            goesBack(now, new Situation(ALL, ALL, true, false, id -> "node" + id), ErrorCode.NOTCONN,
                    "node2, which began it, is gone");
            goesBack(now, new Situation(ALL, ALL, false, true, id -> "node" + id), ErrorCode.TIMEDOUT,
                    "it was not committed within 1000 ms");
        }
    }

    @Test
    void isCommittedByAllOnceTheNewNodeHasTakenOver() {
        voted(Phase.START, 0, 1, 2).waits(TAKE, of(ALL, ALL));
        assertEquals(List.of(1), MigrationRules.waiting(TAKE, votes, of(ALL, ALL)));
        voted(Phase.TAKE, 1);
        assertEquals(Optional.of(COMMIT), next(TAKE, of(ALL, ALL)));
        assertEquals(Optional.of(COMMIT), next(TAKE, new Situation(ALL, Set.of(0), true, true, id -> "node" + id)));
    }

    @Test
    void goesBackWhenTheNewNodeDoesNotTakeOver() {
        voted(Phase.START, 0, 1, 2).voted(1, Phase.TAKE, ErrorCode.BADPID);
        goesBack(TAKE, of(ALL, ALL), ErrorCode.BADPID, "node1: no");
    }

    @Test
    void goesBackWhenTheNewNodeIsLostBeforeItSaidThatItTookOver() {
        voted(Phase.START, 0, 1, 2).goesBack(TAKE, of(ALL, Set.of(0, 2)), ErrorCode.NOTCONN,
                "node1, which was to take over, is gone");
        goesBack(TAKE, of(Set.of(0, 2), ALL), ErrorCode.NODCNODE, "node1 has left the DC");
    }

    @Test
    void doesNotMindOthersOnceItIsBeingTaken() {
        voted(Phase.START, 0, 1, 2).waits(TAKE, new Situation(ALL, Set.of(1), true, true, id -> "node" + id));
    }

    @Test
    void endsWhenAllHaveDoneTheLastStepAlsoThoseThatWereAway() {
        for (Migration now : List.of(COMMIT, ROLLBACK)) {
            votes.clear();
            voted(now.phase(), 0, 1).waits(now, of(ALL, Set.of(0, 1)));
            assertEquals(List.of(2), MigrationRules.waiting(now, votes, of(ALL, ALL)));
            ends(now, of(Set.of(0, 1), Set.of(0, 1)));
            voted(now.phase(), 2).ends(now, of(ALL, ALL));
        }
    }

    @Test
    void endsWithItsDc() {
        for (Migration now : List.of(START, STARTED, TAKE, COMMIT, ROLLBACK)) {
            ends(now, of(Set.of(), ALL));
        }
    }
}
