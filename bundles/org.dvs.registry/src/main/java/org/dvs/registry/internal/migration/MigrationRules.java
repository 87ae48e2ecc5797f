package org.dvs.registry.internal.migration;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.IntFunction;

import org.dvs.api.ErrorCode;

/**
 * What follows for a migration from what its nodes have done and who is there. Pure: every node would decide the same.
 *
 * <p>Until the new node takes over, anything that goes wrong takes all back. Whether it has taken over only itself can say; if
 * it is lost before it did, all others go back, and it ends what it has taken when it is back. Once it has, all go on. The last
 * step of each way waits also for nodes that are not there, since their kernels may hold the process.
 */
final class MigrationRules {

    /**
     * What is true of the nodes.
     *
     * @param members         of the DC; none if it has ended
     * @param present         nodes that are there and in the DVS
     * @param coordinatorGone the registry that began it is gone
     * @param late            it was not committed in its time
     * @param name            of a node
     */
    record Situation(Set<Integer> members, Set<Integer> present, boolean coordinatorGone, boolean late,
                     IntFunction<String> name) {
    }

    /** @param next empty: it has ended */
    record Decision(Optional<Migration> next) {
        static Decision of(Migration next) {
            return new Decision(Optional.of(next));
        }
    }

    private MigrationRules() {
    }

    /** @return empty while there is nothing to do but wait */
    static Optional<Decision> decide(Migration now, SortedMap<Integer, Vote> votes, Situation situation) {
        if (situation.members().isEmpty()) {
            return Optional.of(new Decision(Optional.empty()));
        }
        return switch (now.phase()) {
            case START -> broken(now, situation).or(() -> refused(now, votes, situation)).or(() -> started(now, votes));
            case STARTED -> broken(now, situation);
            case TAKE -> taken(now, votes, situation);
            case COMMIT, ROLLBACK -> waiting(now, votes, situation).isEmpty() ? Optional.of(new Decision(Optional.empty()))
                    : Optional.empty();
        };
    }

    /** Nodes that have not yet done their part of this phase. */
    static List<Integer> waiting(Migration now, SortedMap<Integer, Vote> votes, Situation situation) {
        return now.participants().stream().filter(node -> switch (now.phase()) {
            case STARTED -> false;
            case START -> !voted(votes, node, Phase.START);
            case TAKE -> node == now.target() && !voted(votes, node, Phase.TAKE);
            case COMMIT, ROLLBACK -> situation.members().contains(node) && !voted(votes, node, now.phase());
        }).toList();
    }

    private static boolean voted(SortedMap<Integer, Vote> votes, int node, Phase phase) {
        return votes.containsKey(node) && votes.get(node).phase() == phase;
    }

    private static Optional<Decision> broken(Migration now, Situation situation) {
        for (int node : now.participants()) {
            if (!situation.members().contains(node)) {
                return back(now, ErrorCode.NODCNODE, situation.name().apply(node) + " has left the DC");
            }
            if (!situation.present().contains(node)) {
                return back(now, ErrorCode.NOTCONN, situation.name().apply(node) + " is gone");
            }
        }
        if (situation.coordinatorGone()) {
            return back(now, ErrorCode.NOTCONN, situation.name().apply(now.coordinator()) + ", which began it, is gone");
        }
        return situation.late() ? back(now, ErrorCode.TIMEDOUT, "it was not committed within " + now.keepMs() + " ms")
                : Optional.empty();
    }

    private static Optional<Decision> back(Migration now, ErrorCode code, String why) {
        return Optional.of(Decision.of(now.rollback(code, why)));
    }

    private static Optional<Decision> refused(Migration now, SortedMap<Integer, Vote> votes, Situation situation) {
        for (var each : votes.entrySet()) {
            Vote vote = each.getValue();
            if (vote.rcode() < 0) {
                return back(now, ErrorCode.ofRcode(vote.rcode()).orElse(ErrorCode.GENERIC),
                        situation.name().apply(each.getKey()) + ": " + vote.why());
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> started(Migration now, SortedMap<Integer, Vote> votes) {
        if (!now.participants().stream().allMatch(node -> voted(votes, node, Phase.START))) {
            return Optional.empty();
        }
        List<Integer> holders = now.participants().stream().filter(node -> votes.get(node).holds()).toList();
        if (holders.size() == 1) {
            return Optional.of(Decision.of(now.started(holders.get(0), votes.get(holders.get(0)).name())));
        }
        return holders.isEmpty() ? back(now, ErrorCode.NOTBIND, "the process is on no node of the DC")
                : back(now, ErrorCode.REPLPROC, "the process is on more than one node");
    }

    private static Optional<Decision> taken(Migration now, SortedMap<Integer, Vote> votes, Situation situation) {
        if (voted(votes, now.target(), Phase.TAKE)) {
            Optional<Decision> no = refused(now, votes, situation);
            return no.isPresent() ? no : Optional.of(Decision.of(now.commit()));
        }
        String target = situation.name().apply(now.target());
        if (!situation.members().contains(now.target())) {
            return back(now, ErrorCode.NODCNODE, target + " has left the DC");
        }
        return situation.present().contains(now.target()) ? Optional.empty()
                : back(now, ErrorCode.NOTCONN, target + ", which was to take over, is gone");
    }
}
