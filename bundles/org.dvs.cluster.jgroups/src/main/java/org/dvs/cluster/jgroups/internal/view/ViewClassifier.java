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
import org.dvs.cluster.jgroups.internal.order.Seat;

/**
 * Says which events a new view stands for, as dvsd reference 11 has it: those who left or whose process ended = DISCONNECT; those
 * who fell silent = PARTITION; those who came = JOIN, or MERGE if separate groups became one. A node that was restarted between two
 * views both went and came. Events come in the order DISCONNECT, PARTITION, JOIN or MERGE.
 */
public final class ViewClassifier {

    private ViewClassifier() {
    }

    /**
     * @param before the view that this node was in; empty for its first
     * @param after  the new one
     * @param old    how users see {@code before}; for the first view: this node alone
     * @param now    how users see {@code after}
     */
    public static List<ViewEvent> classify(Optional<Mark> before, Mark after, View old, View now) {
        List<Member> ended = new ArrayList<>();
        List<Member> silent = new ArrayList<>();
        List<Member> came = new ArrayList<>();
        for (Seat seat : before.map(Mark::seats).orElse(List.of())) {
            if (!after.contains(seat.peer())) {
                boolean network = after.causes().getOrDefault(seat.peer(), Cause.SILENT) == Cause.SILENT;
                (network ? silent : ended).add(new Member(seat.peer().id(), seat.name()));
            }
        }
        for (Seat seat : after.seats()) {
            boolean known = before.map(mark -> mark.contains(seat.peer())).orElseGet(() -> old.contains(seat.peer().id()));
            if (!known) {
                came.add(new Member(seat.peer().id(), seat.name()));
            }
        }
        List<ViewEvent> events = new ArrayList<>();
        add(events, Kind.DISCONNECT, old, now, ended);
        add(events, Kind.PARTITION, old, now, silent);
        add(events, after.merge() && before.isPresent() ? Kind.MERGE : Kind.JOIN, old, now, came);
        return events;
    }

    private static void add(List<ViewEvent> events, Kind kind, View before, View after, List<Member> changed) {
        if (!changed.isEmpty()) {
            events.add(new ViewEvent(kind, before, after, changed.stream().sorted().toList()));
        }
    }
}
