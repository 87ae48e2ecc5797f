package org.dvs.cluster.jgroups.internal.order;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What peers say to each other; {@link FrameCodec} has the bytes. */
public sealed interface Frame {

    /**
     * Origin to sequencer: put this in order. The origin is whoever sends it.
     *
     * @param oldest the least number that the origin has not seen delivered, so that the sequencer knows where to begin
     */
    record Forward(Epoch epoch, long oldest, long number, long cut, String channel, byte[] payload) implements Frame {
    }

    /** Sequencer to all. @param stable everything up to this index of the epoch is with all members; -1 for nothing yet */
    record Sequenced(Epoch epoch, long index, long stable, Ordered message) implements Frame {
    }

    /** Member to sequencer: I have everything up to this index. */
    record Ack(Epoch epoch, long index) implements Frame {
    }

    /** Sequencer to all, when there is nothing to piggyback it on. */
    record Stable(Epoch epoch, long index) implements Frame {
    }

    /** Member to sequencer: this index has not come. */
    record Missing(Epoch epoch, long index) implements Frame {
    }

    /**
     * Member to the coordinator of a new view: what I have.
     *
     * @param target  the new view
     * @param at      where I am; empty for one that has never been in a view
     * @param base    just before the first entry of the history; empty if unknown
     * @param history what may not be with everybody, in order, up to {@code at}
     * @param causes  what I know of those who went
     */
    record Flush(Epoch target, Optional<Position> at, Optional<Position> base, List<Entry> history, Map<Peer, Cause> causes)
            implements Frame {
    }

    /** Coordinator of a new view to one member: deliver these, then the view. */
    record Sync(List<Entry> missing, Mark mark) implements Frame {
    }

    /** A message to one member. @param epoch the sender's, so that it does not overtake the view it was sent in */
    record Direct(Epoch epoch, long cut, String channel, byte[] payload) implements Frame {
    }

    /** Receiver to sender of direct messages: so many bytes more were taken. */
    record Credit(int bytes) implements Frame {
    }
}
