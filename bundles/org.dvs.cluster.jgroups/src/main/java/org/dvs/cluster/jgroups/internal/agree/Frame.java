package org.dvs.cluster.jgroups.internal.agree;

import java.util.List;

import org.jgroups.protocols.raft.LogEntry;

/** A message between members of a group. {@code term} is the sender's. The bytes are in {@link Frames}. */
sealed interface Frame {

    /** No stamp. */
    long NONE = Long.MIN_VALUE;

    long term();

    /** Whether whoever sends it says by it that it leads. */
    default boolean isClaim() {
        return this instanceof Append || this instanceof Chunk;
    }

    /**
     * Leader to member: entries after a place where both should agree; none for a heartbeat or a new commit index.
     *
     * @param stamp the leader's clock, to be sent back
     * @param echo  the member's own clock: what is committed here was all that was agreed at that moment; or {@link #NONE}
     */
    record Append(long term, long previousIndex, long previousTerm, long commit, long stamp, long echo, List<LogEntry> entries)
            implements Frame {
    }

    /**
     * Member to leader: all up to {@code index} is on disk and the same as the leader's.
     *
     * @param stamp of the message that this answers, or {@link #NONE}
     * @param clock the member's, or {@link #NONE}
     */
    record Taken(long term, long index, long stamp, long clock) implements Frame {
    }

    /** Member to leader: no agreement at {@code previousIndex}. @param hint try again from this index on */
    record Refused(long term, long previousIndex, long hint) implements Frame {
    }

    /** Leader to member: part of a snapshot. */
    record Chunk(long term, long index, long indexTerm, int total, int offset, byte[] bytes) implements Frame {
    }

    /** Member to leader: has the snapshot's bytes before {@code offset}. */
    record ChunkTaken(long term, long index, int offset) implements Frame {
    }

    /** Member to leader of this very term: append this command. */
    record Propose(long term, long number, byte[] command) implements Frame {
    }

    /** Answer to {@link Propose}: it was not appended and never will be. */
    record NotProposed(long term, long number) implements Frame {
    }

    /** Member to leader: change who votes. */
    record Reconfigure(long term, long number, boolean admit, String name) implements Frame {
    }

    /** Answer to {@link Reconfigure}. @param code number of the error, 0 if it was done */
    record Reconfigured(long term, long number, int code, String detail) implements Frame {
    }

    /** Leader to member: does not lead any more, from its own will; another should not wait for its silence. */
    record Resign(long term) implements Frame {
    }

    /** Asks whether a vote could be had, without a new term. */
    record Canvass(long term, long lastIndex, long lastTerm) implements Frame {
    }

    /** Answer to {@link Canvass}: it could. */
    record Support(long term) implements Frame {
    }

    /** Member to leader: understands letters and lists of voters that name their log. Said until it knows this log's name. */
    record Able(long term) implements Frame {
    }

    /** Asks for a vote. */
    record Candidate(long term, long lastIndex, long lastTerm) implements Frame {
    }

    /** Answer to {@link Candidate}; to a {@link Canvass} too when it is no. */
    record Vote(long term, boolean given) implements Frame {
    }
}
