package org.dvs.cluster.jgroups.internal.order;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of view, from its announcement until it is delivered: each member tells its coordinator where it is, and when all
 * have, the coordinator tells each what it lacks. If the coordinator goes meanwhile, the next view starts over. Not thread-safe.
 */
final class Handover {
    private static final int MAX_EARLY = 16;
    /** Ticks without a delivery after which a member tells again where it is. */
    private static final int PATIENCE = 50;

    private final Peer self;
    private final TotalOrder.Outbox outbox;
    private Mark target;
    private int ticks;
    /** For the coordinator: what members have told. */
    private final Map<Peer, Frame.Flush> told = new HashMap<>();
    /** What came before the view that it is for was announced here. */
    private final Map<Epoch, Map<Peer, Frame.Flush>> early = new LinkedHashMap<>();
    /** What was sent to members that may not have got it. */
    private final Map<Peer, Frame.Sync> sent = new HashMap<>();

    Handover(Peer self, TotalOrder.Outbox outbox) {
        this.self = self;
        this.outbox = outbox;
    }

    boolean underWay() {
        return target != null;
    }

    /** The number of the view that is under way; -1 if none is. */
    long number() {
        return target == null ? -1 : target.epoch().number();
    }

    /** A view was announced, and takes the place of one that is under way. */
    void begin(Mark announced) {
        target = announced;
        ticks = 0;
        told.clear();
        sent.clear();
        Map<Peer, Frame.Flush> came = early.remove(announced.epoch());
        early.keySet().removeIf(other -> other.number() <= announced.epoch().number());
        if (came != null) {
            told.putAll(came);
        }
    }

    /** @return true if this member should {@link #tell} again */
    boolean tick() {
        return target != null && ++ticks % PATIENCE == 0;
    }

    /** Tells the coordinator where this member is. @return what this member lacks, if that is known with this already */
    Optional<Frame.Sync> tell(History history) {
        Frame.Flush flush = history.flush(target);
        if (target.coordinator().equals(self)) {
            return gather(self, flush);
        }
        outbox.send(target.coordinator(), flush);
        return Optional.empty();
    }

    /**
     * A member told where it is.
     *
     * @param current the view that was delivered last, or null
     * @return what this member lacks, if that is known now
     */
    Optional<Frame.Sync> told(Peer from, Frame.Flush f, Mark current) {
        if (target != null && target.epoch().equals(f.target())) {
            return gather(from, f);
        }
        if (target == null && current != null && current.epoch().equals(f.target())) {
            Frame.Sync again = sent.get(from);
            if (again != null) {
                outbox.send(from, again);
            }
            return Optional.empty();
        }
        long known = target != null ? number() : current != null ? current.epoch().number() : -1;
        if (f.target().number() > known || current == null && target == null) {
            early.computeIfAbsent(f.target(), epoch -> new HashMap<>()).put(from, f);
            while (early.size() > MAX_EARLY) {
                early.remove(early.keySet().iterator().next());
            }
        }
        return Optional.empty();
    }

    private Optional<Frame.Sync> gather(Peer from, Frame.Flush f) {
        if (!target.coordinator().equals(self) || !target.contains(from)) {
            return Optional.empty();
        }
        told.put(from, f);
        if (!target.seats().stream().allMatch(seat -> told.containsKey(seat.peer()))) {
            return Optional.empty();
        }
        Map<Peer, Frame.Sync> syncs = new Reconciliation(target, told).syncs();
        List.copyOf(syncs.keySet()).stream().filter(peer -> !peer.equals(self)).forEach(peer -> {
            sent.put(peer, syncs.get(peer));
            outbox.send(peer, syncs.get(peer));
        });
        return Optional.ofNullable(syncs.get(self));
    }

    /** True if this is what the coordinator of the view that is under way says. */
    boolean accepts(Peer from, Frame.Sync f) {
        return target != null && target.epoch().equals(f.mark().epoch()) && target.coordinator().equals(from);
    }

    /** The view is delivered here. */
    void end() {
        target = null;
        told.clear();
    }

    /** All members have it. */
    void allHaveIt() {
        sent.clear();
    }
}
