package org.dvs.cluster.jgroups.internal.agree;

import java.util.Map;
import java.util.Objects;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's part in keeping one log the same on all: leads, follows or votes as the term has it. Has no threads, no clock and
 * no sockets of its own; all calls come on one thread. What it throws is a defect or a fenced log, and must end the member.
 *
 * <p>A pass is a number of calls followed by {@link #settle}, which puts all that was staged on disk with one force and only then
 * answers. Whatever else looks at the log, above all a vote, comes after a settling.
 */
final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final long MILLI = 1_000_000;
    /** While the leader was heard of this recently, nobody else is voted for. */
    private static final long LEADER_HEARD = 600 * MILLI;
    /** How long a newcomer may take to catch up. */
    static final long CATCH_UP = 30_000 * MILLI;

    private final String selfName;
    private final DurableLog log;
    private final Voters voters;
    private final Machine machine;
    private final Site site;
    private final Committer committer;
    private final Following following;
    private final Ballot ballot;
    private Leading leading;
    private Map<Address, String> members = Map.of();
    private Address knownLeader;
    private long heardLeader;

    /** @param maxLogBytes log that makes a snapshot worth while */
    Replica(String selfName, DurableLog log, Voters voters, Machine machine, Site site, long maxLogBytes) {
        this.selfName = selfName;
        this.log = log;
        this.voters = voters;
        this.machine = machine;
        this.site = site;
        this.committer = new Committer(log, voters, machine, maxLogBytes);
        this.following = new Following(selfName, log, voters, committer, machine, site);
        this.ballot = new Ballot(selfName, log, voters, site);
    }

    /** Applies what the log says was committed. @throws DvsException {@code LOGDAMAGED} */
    void load() throws DvsException {
        heardLeader = site.nanos();
        committer.load();
    }

    /** Keeps the state after the last committed entry, so that the log before it can go. */
    void snapshot() {
        settle();
        committer.snapshot();
    }

    // ---------------------------------------------------------------------------------------------- who is there, who leads

    boolean leads() {
        return leading != null;
    }

    /** Nanoseconds since a leader was last heard of; 0 for the leader. */
    long leaderSilence() {
        return leads() ? 0 : site.nanos() - heardLeader;
    }

    /** A new view. @param present all but this node, by address, those who came first first */
    void view(Map<Address, String> present) {
        members = present;
        if (leads()) {
            leading.view(present);
        }
    }

    /** Looks whether this node leads now, or leads no more. */
    private void leadership() {
        Address leader = site.leader();
        if (!Objects.equals(leader, knownLeader)) {
            knownLeader = leader;
            heardLeader = site.nanos();
        }
        boolean chosen = site.self().equals(leader);
        if (leads() && (!chosen || leading.term() != site.term())) {
            Leading ended = leading;
            leading = null;
            heardLeader = site.nanos();
            ended.end();
        }
        if (chosen && !leads()) {
            following.settle();
            leading = new Leading(selfName, log, voters, committer, machine, site, members);
        }
    }

    /** Stands as a candidate if it would be voted for. */
    void callElection() {
        settle();
        ballot.call(members);
        leadership();
    }

    /** Leads no more, if it did, and says so. */
    void giveUp() {
        if (leads()) {
            leading.resign();
            site.stepDown();
            leadership();
        }
    }

    private boolean hearsLeader() {
        if (leads()) {
            return site.nanos() - leading.confirmed() < LEADER_HEARD;
        }
        // who is not in this node's view may lead those who do see it
        return site.leader() != null && leaderSilence() < LEADER_HEARD;
    }

    // ------------------------------------------------------------------------------------------------------------- messages

    void receive(Address from, Frame frame) {
        boolean claim = frame.isClaim();
        if (frame.term() != site.term() || !leads() && !(frame instanceof Frame.Append)) {
            settle();
        }
        if ((frame instanceof Frame.Candidate || frame instanceof Frame.Canvass) && hearsLeader()) {
            return; // a newcomer who has not heard of the leader yet, or one who does not vote any more: not worth a new term
        }
        if (claim && frame.term() > site.term() && hearsLeader() && !voters.names().contains(members.getOrDefault(from, ""))) {
            return; // leads by a log of its own, or by a list of voters that has not come here yet: then this leader falls silent
        }
        if (frame.term() > site.term()) {
            site.advanceTo(frame.term());
            leadership();
        }
        if (frame instanceof Frame.Append append) {
            if (follows(from, frame)) {
                following.append(from, append);
            } else {
                site.send(from, new Frame.Refused(site.term(), append.previousIndex(), 0));
            }
        } else if (frame instanceof Frame.Chunk chunk) {
            if (follows(from, frame)) {
                following.chunk(from, chunk);
            } else {
                site.send(from, new Frame.Refused(site.term(), chunk.index(), 0));
            }
        } else if (frame instanceof Frame.Canvass canvass) {
            ballot.canvassed(from, canvass);
        } else if (frame instanceof Frame.Support support) {
            ballot.supported(members.getOrDefault(from, ""), support.term(), members);
            leadership();
        } else if (frame instanceof Frame.Candidate candidate) {
            ballot.asked(from, candidate);
        } else if (frame instanceof Frame.Vote vote) {
            ballot.answered(members.getOrDefault(from, ""), vote);
            leadership();
        } else if (frame instanceof Frame.Resign) {
            if (frame.term() == site.term() && from.equals(site.leader())) {
                site.stepDown();
                leadership();
            }
        } else if (frame instanceof Frame.Propose propose) {
            propose(from, propose.term(), propose.number(), propose.command());
        } else if (frame instanceof Frame.NotProposed refused) {
            machine.notProposed(refused.number());
        } else if (frame instanceof Frame.Reconfigure change) {
            reconfigure(change.admit(), change.name(), CATCH_UP, failure -> site.send(from, new Frame.Reconfigured(site.term(),
                    change.number(), failure == null ? 0 : failure.code().number(),
                    failure == null ? "" : failure.getMessage())));
        } else if (leads() && frame.term() == leading.term()) {
            leading.answered(from, frame);
            checkExpelled();
        }
    }

    /** @return true if this comes from the leader of this term */
    private boolean follows(Address from, Frame frame) {
        if (frame.term() < site.term()) {
            return false;
        }
        if (site.leader() == null) {
            site.follow(from);
            leadership();
        }
        if (leads() || !from.equals(site.leader())) {
            LOG.error("{} says it leads in term {}, but {} does", from, frame.term(), site.leader());
            return false;
        }
        heardLeader = site.nanos();
        return true;
    }

    /** Appends a command if this node leads in that term and has room; else {@code from} hears that it was not. */
    void propose(Address from, long term, long number, byte[] command) {
        leadership();
        if (leads() && leading.term() == term) {
            leading.propose(from, number, command);
        } else {
            Leading.refuse(site, machine, from, number);
        }
    }

    /** Changes who votes, one at a time; a newcomer only after it has caught up. */
    void reconfigure(boolean admit, String name, long withinNanos, Reconfiguration.Answer answer) {
        leadership();
        if (leads()) {
            leading.reconfigure(admit, name, withinNanos, answer);
        } else {
            answer.done(new DvsException(ErrorCode.NOTREADY, selfName + " does not lead"));
        }
    }

    /** True if another pass is due without anything new. */
    boolean hasWork() {
        return leads() && leading.hasWork();
    }

    /** Ends a pass. */
    void settle() {
        leadership();
        if (leads()) {
            leading.settle();
            checkExpelled();
        } else {
            following.settle();
        }
    }

    /** Heartbeats and deadlines. Called every few tens of milliseconds, before the end of a pass. */
    void tick() {
        leadership();
        if (leads() && !leading.tick()) {
            giveUp();
        }
        checkExpelled();
    }

    private void checkExpelled() {
        if (leads() && leading.isExpelled()) {
            giveUp();
        }
    }
}
