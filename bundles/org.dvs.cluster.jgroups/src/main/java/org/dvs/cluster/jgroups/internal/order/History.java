package org.dvs.cluster.jgroups.internal.order;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far this peer is in the order, and the end of what it has delivered: as much as may not be with everybody. Not thread-safe.
 */
final class History {
    private static final int MAX_DEPARTED = 512;

    /** Everybody has what is up to here. */
    private Optional<Position> base = Optional.empty();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private Mark view;
    private long index;
    /** Of each origin, the last number; one that left is remembered for a while. */
    private final Map<Peer, Long> numbers = new LinkedHashMap<>();

    /** The view that was delivered last; null before the first. */
    Mark view() {
        return view;
    }

    /** Of what was delivered last, in the current epoch; 0 is the view itself. */
    long index() {
        return index;
    }

    /** @return empty before the first view */
    Optional<Position> at() {
        return Optional.ofNullable(view).map(mark -> new Position(mark.epoch(), index));
    }

    /** What a member tells of itself when a new view comes. At most as much as a frame may hold. */
    Frame.Flush flush(Mark target) {
        while (entries.size() > FrameCodec.MAX_ENTRIES) {
            drop();
        }
        return new Frame.Flush(target.epoch(), at(), base, List.copyOf(entries), target.causes());
    }

    void add(Entry.View entry) {
        entries.add(entry);
        index = entry.at().index();
        view = entry.mark();
        Iterator<Peer> oldest = numbers.keySet().iterator();
        while (numbers.size() > MAX_DEPARTED && oldest.hasNext()) {
            if (!view.contains(oldest.next())) {
                oldest.remove();
            }
        }
    }

    /** @return false if this message came before, from another part of the group: then it is not delivered again */
    boolean add(Entry.Message entry) {
        entries.add(entry);
        index = entry.at().index();
        Ordered message = entry.message();
        Long last = numbers.get(message.origin());
        if (last != null && last >= message.number()) {
            return false;
        }
        numbers.put(message.origin(), message.number());
        return true;
    }

    /** Messages of the current epoch from this index on. */
    List<Entry.Message> from(long first) {
        return entries.stream().filter(Entry.Message.class::isInstance).map(Entry.Message.class::cast)
                .filter(entry -> entry.at().epoch().equals(view.epoch()) && entry.at().index() >= first).toList();
    }

    /** @param upTo index in the current epoch that all members have; -1 keeps everything */
    void forget(long upTo) {
        while (upTo >= 0 && !entries.isEmpty()) {
            Position first = entries.peek().at();
            if (first.epoch().equals(view.epoch()) && first.index() > upTo) {
                return;
            }
            drop();
        }
    }

    private void drop() {
        base = Optional.of(entries.poll().at());
    }
}
