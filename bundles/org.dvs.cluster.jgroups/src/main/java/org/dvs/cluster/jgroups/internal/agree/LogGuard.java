package org.dvs.cluster.jgroups.internal.agree;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the messages of one log from the members of another. Two clusters can come into one view: a node was started with the
 * folder of an earlier cluster, or two were founded that should have been one. Terms and indexes of their logs say nothing about
 * each other, and yet would move leaders, take entries away, or stop all at the first contradiction.
 *
 * <p>A letter names the log that it is about. Who leads names the log that it leads by, agreed or not; all others only what they
 * know to be agreed, as what is not may yet be taken away. A member that knows its own takes letters of that one, and those of
 * members that know of none yet; but no leader's among these, as whoever is elected has all that was agreed.
 *
 * <p>{@link #seal} and {@link #dropped} from any thread, all else on the owner.
 */
final class LogGuard {
    private static final Logger LOG = LoggerFactory.getLogger(LogGuard.class);
    private static final int TOLD = 64;
    /** Members that follow answer their leader far more often. */
    private static final long FOLLOWED_NANOS = 5_000_000_000L;

    private final String selfName;
    private final DurableLog log;
    private final Voters voters;
    private final Site site;
    private final Set<Address> told = new HashSet<>();
    private boolean alone = true;
    private long heardClaim;
    private long followerHeard;
    private volatile long dropped;

    LogGuard(String selfName, DurableLog log, Voters voters, Site site) {
        this.selfName = selfName;
        this.log = log;
        this.voters = voters;
        this.site = site;
        this.heardClaim = site.nanos();
        this.followerHeard = heardClaim - FOLLOWED_NANOS;
    }

    /** A message as it is sent. */
    Frames.Letter seal(Frame frame) {
        return new Frames.Letter(frame.isClaim() ? voters.log() : voters.agreedLog(), voters.names().size(), frame);
    }

    /** A new view. @param others all but this node */
    void view(Collection<Address> others) {
        if (alone && !others.isEmpty()) {
            heardClaim = site.nanos();
        }
        alone = others.isEmpty();
        told.retainAll(others);
    }

    /**
     * Nanoseconds since anybody else said that it leads by another log or one without a name, or since this node could first
     * hear that. A leader of this very log does not count: when its lead ends is for elections to find out.
     */
    long claimSilence() {
        return site.nanos() - heardClaim;
    }

    /** Letters that were about another log. */
    long dropped() {
        return dropped;
    }

    /**
     * Whether a letter may be about this node's log; else it must have no effect.
     *
     * @throws OtherLogException if this node's own cluster has to give way to that of the letter
     */
    boolean admits(Address from, Frames.Letter letter) {
        LogId own = voters.agreedLog();
        LogId theirs = letter.log();
        boolean claim = letter.frame().isClaim();
        if (claim && !(own.known() && own.equals(theirs))) {
            heardClaim = site.nanos();
        }
        if (own.known() && own.equals(theirs) && !claim) {
            followerHeard = site.nanos();
        }
        if (!own.known() || theirs.equals(own) || !theirs.known() && !claim) {
            return true;
        }
        dropped++;
        if (givesWay(letter)) {
            throw new OtherLogException(new DvsException(ErrorCode.LOGDAMAGED, "this node keeps the log of another cluster ("
                    + own + ") than the one it has come to (" + theirs + ", led by " + CatchUpRaft.name(from)
                    + "). To join that, stop it, expel it there if it has a vote there, empty its logFolder, or move it"
                    + " elsewhere, start it and admit it, twice if it was expelled"));
        }
        if (isForeign(letter) && told.size() < TOLD && told.add(from)) {
            LOG.error("{} takes nothing from {}, whose log ({}) is of another cluster than this one ({}). If that node belongs "
                    + "here, {}; else give it other seeds", selfName, CatchUpRaft.name(from), theirs, own,
                    wayBack(CatchUpRaft.name(from)));
        }
        return false;
    }

    /**
     * Whether a letter that was dropped shows that its sender keeps another log. What a leader of an earlier term has sent, and
     * comes late, may name none because there was no name yet.
     */
    boolean isForeign(Frames.Letter letter) {
        return letter.log().known() || letter.frame().term() >= site.term();
    }

    /** A voter that comes back without its votes and entries could let the others lose what was agreed. */
    private String wayBack(String name) {
        return voters.names().contains(name) ? "stop it, expel it, empty its logFolder, start it and admit it twice"
                : "stop it, empty its logFolder, start it and admit it";
    }

    /**
     * Only the one voter of a cluster gives way, to a larger one, and of two such the one with the shorter log: their lengths
     * only grow, so never do both. A voter that others follow stays. One with a longer log that does not lead stays too, but it
     * is the one that has come, and is silent while it hears the other: see {@link Attendance}.
     */
    private boolean givesWay(Frames.Letter letter) {
        if (!letter.log().known() || !letter.frame().isClaim() || !voters.names().equals(List.of(selfName)) || isFollowed()) {
            return false;
        }
        return letter.voters() > 1 || letter.frame() instanceof Frame.Append append && append.commit() > log.commitIndex();
    }

    private boolean isFollowed() {
        return site.nanos() - followerHeard < FOLLOWED_NANOS;
    }
}
