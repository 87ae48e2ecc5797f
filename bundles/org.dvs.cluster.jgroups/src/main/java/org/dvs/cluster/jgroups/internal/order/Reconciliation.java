package org.dvs.cluster.jgroups.internal.order;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says what each member of a new view lacks, from what all have told, so that those who come from the same past come to the same
 * place. Members that were in separate groups have no common history and lack nothing of each other.
 */
final class Reconciliation {
    private final Mark target;
    private final Map<Peer, Frame.Flush> told;

    /** @param told by each member of the view */
    Reconciliation(Mark target, Map<Peer, Frame.Flush> told) {
        this.target = target;
        this.told = told;
    }

    /** What each member has to deliver: what it lacks, then the view, with the groups and causes that all agree on. */
    Map<Peer, Frame.Sync> syncs() {
        Map<Peer, List<Entry>> missing = new HashMap<>();
        List<Position> groups = new ArrayList<>();
        List<Seat> seats = new ArrayList<>();
        for (Seat seat : target.seats()) {
            List<Entry> lacks = missing(seat.peer());
            missing.put(seat.peer(), lacks);
            Optional<Position> end = lacks.isEmpty() ? told.get(seat.peer()).at() : Optional.of(lacks.get(lacks.size() - 1).at());
            seats.add(new Seat(seat.peer(), seat.name(), end.map(at -> groupOf(at, groups)).orElse(Seat.NEW)));
        }
        Mark mark = new Mark(target.epoch(), seats, causes());
        Map<Peer, Frame.Sync> syncs = new LinkedHashMap<>();
        seats.forEach(seat -> syncs.put(seat.peer(), new Frame.Sync(missing.get(seat.peer()), mark)));
        return syncs;
    }

    /** Who stands at the same place now has the same past. */
    private static int groupOf(Position end, List<Position> groups) {
        if (!groups.contains(end)) {
            groups.add(end);
        }
        return groups.indexOf(end);
    }

    /** Of those who went, what tells most. */
    private Map<Peer, Cause> causes() {
        Map<Peer, Cause> causes = new LinkedHashMap<>();
        told.values().forEach(flush -> flush.causes().forEach(
                (peer, cause) -> causes.merge(peer, cause, (one, other) -> one.compareTo(other) >= 0 ? one : other)));
        target.seats().forEach(seat -> causes.remove(seat.peer()));
        return causes;
    }

    /**
     * How the order continued for those who were with this member, as far as it was part of it. From one member's history to the
     * next: who came from the same place may have merged with others that went further.
     */
    private List<Entry> missing(Peer member) {
        List<Entry> missing = new ArrayList<>();
        Optional<Position> at = told.get(member).at();
        while (at.isPresent()) {
            List<Entry> longest = List.of();
            for (Seat seat : target.seats()) {
                List<Entry> rest = after(told.get(seat.peer()), at.get(), member);
                if (rest.size() > longest.size()) {
                    longest = rest;
                }
            }
            missing.addAll(longest);
            at = longest.isEmpty() ? Optional.empty() : Optional.of(longest.get(longest.size() - 1).at());
        }
        return missing;
    }

    private static List<Entry> after(Frame.Flush flush, Position at, Peer member) {
        boolean found = flush.base().filter(at::equals).isPresent();
        List<Entry> rest = new ArrayList<>();
        for (Entry entry : flush.history()) {
            if (found) {
                if (entry instanceof Entry.View view && !view.mark().contains(member)) {
                    break;
                }
                rest.add(entry);
            } else {
                found = entry.at().equals(at);
            }
        }
        return rest;
    }
}
