package org.dvs.cluster.jgroups.internal.order;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the sequencer of one epoch sent and what cannot be delivered yet: the view, or a message before it, has not come. */
final class Ahead {
    private final int most;
    private final TreeMap<Long, Frame.Sequenced> frames = new TreeMap<>();
    private Epoch epoch;

    /** @param most messages; more come again when they are asked for */
    Ahead(int most) {
        this.most = most;
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    /** Keeps it, in the place of those of an earlier epoch. */
    void keep(Frame.Sequenced frame) {
        if (!frame.epoch().equals(epoch)) {
            if (epoch != null && epoch.number() > frame.epoch().number()) {
                return;
            }
            frames.clear();
            epoch = frame.epoch();
        }
        if (frames.size() <= most) {
            frames.put(frame.index(), frame);
        }
    }

    /** Takes out what stands at this index; what stands before it is of no use any more. */
    Optional<Frame.Sequenced> take(Epoch now, long index) {
        if (!now.equals(epoch)) {
            return Optional.empty();
        }
        Map<Long, Frame.Sequenced> before = frames.headMap(index);
        before.clear();
        return Optional.ofNullable(frames.remove(index));
    }

    /** A view of this number was announced: nothing of an earlier epoch will be delivered in order any more. */
    void forgetBefore(long number) {
        if (epoch != null && epoch.number() < number) {
            frames.clear();
            epoch = null;
        }
    }
}
