package org.dvs.cluster.jgroups.internal.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewEvent.Kind;
import org.dvs.cluster.jgroups.internal.order.Cause;
import org.dvs.cluster.jgroups.internal.order.Mark;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;

/**
 * Says which events a new view stands for, as dvsd reference 11 has it. Those who left or whose process ended = DISCONNECT; those
 * who fell silent = PARTITION; newcomers = JOIN; those who come from a separate group = MERGE. A node that was cut off without
 * noticing finds members in its new view, as in its old one, that meanwhile went on without it: for it that is PARTITION and
 * MERGE at once. A node that was restarted between two views both went and came. Events come in the order DISCONNECT, PARTITION,
 * JOIN, MERGE.
 */
public final class ViewClassifier {

    private ViewClassifier() {
    }

    /**
     * @param self   this node
     * @param before the view that this node was in; empty for its first
     * @param after  the new one
     * @param old    how users see {@code before}; for the first view: this node alone
     * @param now    how users see {@code after}
     */
    public static List<ViewEvent> classify(Peer self, Optional<Mark> before, Mark after, View old, View now) {
        List<Member> ended = new ArrayList<>();
        List<Member> silent = new ArrayList<>();
        List<Member> joined = new ArrayList<>();
        List<Member> merged = new ArrayList<>();
        for (Seat seat : before.map(Mark::seats).orElse(List.of())) {
            if (!after.contains(seat.peer())) {
                boolean network = after.causes().getOrDefault(seat.peer(), Cause.SILENT) == Cause.SILENT;
                (network ? silent : ended).add(member(seat));
            }
        }
        int own = after.seats().stream().filter(seat -> seat.peer().equals(self))
                .mapToInt(Seat::group).findFirst().orElse(Seat.NEW);
        for (Seat seat : after.seats()) {
            boolean known = seat.peer().equals(self) || before.filter(mark -> mark.contains(seat.peer())).isPresent();
            if (own != Seat.NEW && seat.group() != Seat.NEW && seat.group() != own) {
                merged.add(member(seat));
                if (known) {
                    silent.add(member(seat));
                }
            } else if (!known) {
                joined.add(member(seat));
            }
        }
        List<ViewEvent> events = new ArrayList<>();
        add(events, Kind.DISCONNECT, old, now, ended);
        add(events, Kind.PARTITION, old, now, silent);
        add(events, Kind.JOIN, old, now, joined);
        add(events, Kind.MERGE, old, now, merged);
        return events;
    }

    private static Member member(Seat seat) {
        return new Member(seat.peer().id(), seat.name());
    }

    private static void add(List<ViewEvent> events, Kind kind, View before, View after, List<Member> changed) {
        if (!changed.isEmpty()) {
            events.add(new ViewEvent(kind, before, after, changed.stream().sorted().toList()));
        }
    }
}
