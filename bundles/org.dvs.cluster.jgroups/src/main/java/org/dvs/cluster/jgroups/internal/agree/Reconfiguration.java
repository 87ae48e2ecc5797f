package org.dvs.cluster.jgroups.internal.agree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes who votes, one node at a time, a newcomer only after it has caught up. Of one leader in one term. One thread. */
final class Reconfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(Reconfiguration.class);

    /** Hears what has become of a change. */
    @FunctionalInterface
    interface Answer {
        /** @param failure null if it was agreed */
        void done(DvsException failure);
    }

    /** A change under way. */
    private record Change(boolean admit, String name, long deadline, Answer answer) {
    }

    private final String leader;
    private final Voters voters;
    private final Predicate<String> caughtUp;
    private final ToLongFunction<List<String>> append;
    private Change change;
    /** Of the change's entry; 0 before it was appended. */
    private long index;

    /** @param append appends a list of voters and gives its index */
    Reconfiguration(String leader, Voters voters, Predicate<String> caughtUp, ToLongFunction<List<String>> append) {
        this.leader = leader;
        this.voters = voters;
        this.caughtUp = caughtUp;
        this.append = append;
    }

    void ask(boolean admit, String name, boolean present, long deadline, Answer answer) {
        boolean votes = voters.names().contains(name);
        DvsException refusal = refusal(admit, name, votes, present);
        if (refusal != null || admit && votes) {
            answer.done(refusal);
        } else {
            change = new Change(admit, name, deadline, answer);
            index = 0;
        }
    }

    private DvsException refusal(boolean admit, String name, boolean votes, boolean present) {
        if (change != null) {
            return new DvsException(ErrorCode.AGAIN, "the vote of " + change.name + " is being changed");
        } else if (admit && !votes && !present) {
            return new DvsException(ErrorCode.BADNODEID, name + " is not in the view");
        } else if (admit && !votes && voters.names().size() >= Limits.VOTERS) {
            return new DvsException(ErrorCode.TOOBIG, "at most " + Limits.VOTERS + " nodes may vote");
        } else if (!admit && !votes) {
            return new DvsException(ErrorCode.BADNODEID, name + " does not vote");
        } else if (!admit && voters.names().size() == 1) {
            return new DvsException(ErrorCode.INVAL, name + " is the last one who votes");
        }
        return null;
    }

    /**
     * Takes the change under way as far as it can go now.
     *
     * @param serves the leader has committed an entry of its own term; before that it may not know which list was agreed last
     */
    void goOn(long now, long committed, boolean serves) {
        if (change == null) {
            return;
        }
        if (index > 0) {
            if (index <= committed) {
                end(null);
            }
        } else if (now - change.deadline > 0) {
            end(new DvsException(ErrorCode.TIMEDOUT, change.name + " did not catch up in time"));
        } else if (serves && voters.index() <= committed && (!change.admit || caughtUp.test(change.name))) {
            List<String> names = new ArrayList<>(voters.names());
            if (change.admit) {
                names.add(change.name);
            } else {
                names.remove(change.name);
            }
            names.sort(Comparator.naturalOrder());
            index = append.applyAsLong(List.copyOf(names));
            LOG.info("{} proposes that {} vote, from entry {} on", leader, names, index);
        }
    }

    /** The leader leads no more. */
    void lost() {
        if (change != null) {
            end(index == 0 ? new DvsException(ErrorCode.NOTREADY, leader + " does not lead any more")
                    : new DvsException(ErrorCode.UNKNOWNOUTCOME, leader + " lost its lead while the voters were changed"));
        }
    }

    private void end(DvsException failure) {
        Change ended = change;
        change = null;
        ended.answer.done(failure);
    }
}
