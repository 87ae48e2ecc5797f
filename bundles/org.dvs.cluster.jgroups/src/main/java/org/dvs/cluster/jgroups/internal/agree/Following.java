package org.dvs.cluster.jgroups.internal.agree;

import java.nio.ByteBuffer;

import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member does that does not lead: it takes entries and snapshots of the leader, and answers when they are on disk. One
 * thread.
 *
 * <p>Every append, an empty one too, is checked against the place it follows, and only what was checked is answered or committed
 * (dvs raft reference, defect 7).
 */
final class Following {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final int MAX_SNAPSHOT = 512 * 1024 * 1024;
    /** The leader may not have understood it, or not have been there. */
    private static final long ABLE_AGAIN = 10_000_000_000L;

    private final String selfName;
    private final DurableLog log;
    private final Voters voters;
    private final Committer committer;
    private final Machine machine;
    private final Site site;

    // what settle() will answer; nothing while answerTo is null
    private Address answerTo;
    private long taken;
    private long leaderCommit;
    private long stamp;
    private long echo = Frame.NONE;

    // the snapshot that is arriving; index 0 while there is none
    private byte[] arriving = new byte[0];
    private long arrivingIndex;
    private int arrived;

    // when the leader was last told that this node understands a log with a name
    private long ableIn = -1;
    private long ableAt;

    Following(String selfName, DurableLog log, Voters voters, Committer committer, Machine machine, Site site) {
        this.selfName = selfName;
        this.log = log;
        this.voters = voters;
        this.committer = committer;
        this.machine = machine;
        this.site = site;
    }

    /** Stages entries of the leader of this term. */
    void append(Address leader, Frame.Append append) {
        long previous = append.previousIndex();
        if (previous > log.lastAppended()) {
            site.send(leader, new Frame.Refused(site.term(), previous, log.lastAppended() + 1));
            return;
        }
        long itsTerm = log.term(previous);
        if (itsTerm != append.previousTerm() && (itsTerm >= 0 || previous > log.commitIndex())) {
            site.send(leader, new Frame.Refused(site.term(), previous, firstOfTerm(previous, itsTerm)));
            return;
        }
        long index = previous;
        for (LogEntry entry : append.entries()) {
            index++;
            if (index <= log.lastAppended()) {
                if (index <= log.commitIndex() || log.term(index) == entry.term()) {
                    continue;
                }
                LOG.info("{} takes entries {} to {} away, which {} does not have", selfName, index, log.lastAppended(), leader);
                committer.removeFrom(index);
                taken = Math.min(taken, index - 1);
            }
            committer.append(entry);
        }
        if (answerTo == null) {
            taken = index;
            leaderCommit = 0;
        }
        answerTo = leader;
        taken = Math.max(taken, index);
        leaderCommit = Math.max(leaderCommit, append.commit());
        stamp = append.stamp();
        echo = append.echo();
    }

    /** Where the leader should try next: the first entry of the term that it does not have here. */
    private long firstOfTerm(long index, long term) {
        if (index <= log.commitIndex()) {
            throw new IllegalStateException("the leader contradicts what was committed, at entry " + index);
        }
        long first = index;
        while (first - 1 > log.commitIndex() && log.term(first - 1) == term) {
            first--;
        }
        return first;
    }

    /** Puts all that was staged on disk, commits what the leader has said, and answers. */
    void settle() {
        log.flush();
        if (answerTo == null) {
            return;
        }
        Address leader = answerTo;
        answerTo = null;
        committer.commitTo(Math.min(leaderCommit, taken));
        site.send(leader, new Frame.Taken(site.term(), taken, stamp, site.nanos()));
        sayAble(leader);
        if (echo != Frame.NONE && log.commitIndex() >= leaderCommit) {
            machine.freshAt(echo);
        }
    }

    private void sayAble(Address leader) {
        if (!voters.agreedLog().known() && (ableIn != site.term() || site.nanos() - ableAt > ABLE_AGAIN)) {
            ableIn = site.term();
            ableAt = site.nanos();
            site.send(leader, new Frame.Able(ableIn));
        }
    }

    /** Takes a part of a snapshot; with the last part, the whole of it. All else must be settled. */
    void chunk(Address leader, Frame.Chunk chunk) {
        if (chunk.total() < 0 || chunk.total() > MAX_SNAPSHOT || chunk.offset() < 0
                || chunk.bytes().length > chunk.total() - chunk.offset()) {
            LOG.warn("{} sent a part of a snapshot that is out of its bounds", leader);
            return;
        }
        if (chunk.index() <= log.commitIndex()) {
            answerSnapshot(leader);
            return;
        }
        if (chunk.offset() == 0) {
            arriving = new byte[chunk.total()];
            arrivingIndex = chunk.index();
            arrived = 0;
        }
        boolean fits = chunk.index() == arrivingIndex && chunk.total() == arriving.length;
        if (fits && chunk.offset() == arrived) {
            System.arraycopy(chunk.bytes(), 0, arriving, arrived, chunk.bytes().length);
            arrived += chunk.bytes().length;
        }
        if (!fits || arrived < arriving.length) {
            site.send(leader, new Frame.ChunkTaken(site.term(), chunk.index(), fits ? arrived : 0));
            return;
        }
        ByteBuffer whole = ByteBuffer.wrap(arriving);
        arriving = new byte[0];
        arrivingIndex = 0;
        committer.install(chunk.index(), chunk.indexTerm(), whole);
        LOG.info("{} took the state after entry {} from {}", selfName, chunk.index(), leader);
        answerSnapshot(leader);
    }

    private void answerSnapshot(Address leader) {
        site.send(leader, new Frame.Taken(site.term(), log.commitIndex(), Frame.NONE, Frame.NONE));
    }
}
