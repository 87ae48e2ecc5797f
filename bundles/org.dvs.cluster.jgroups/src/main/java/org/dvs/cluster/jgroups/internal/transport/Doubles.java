package org.dvs.cluster.jgroups.internal.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.jgroups.Address;
import org.jgroups.View;

/**
 * Where parts of the cluster meet, keeps those out of the merge whose id another part has too. The better part keeps its member:
 * one with a majority of the voters before one without; of two alike, the later view if they share members, as these are one part
 * at two times, else the larger one, then the later. All see the same views, so all decide alike, and no view is made that has
 * two nodes with one id.
 *
 * <p>The node that has to give way goes for good, but only after the other one has stood against it for longer than a dead one
 * stays in a view: what it met may be its own former run. Thread-safe.
 */
final class Doubles {
    private final Rivalry rivalry;
    private final Predicate<Peer> gone;
    private final long patienceNs;
    private final LongSupplier nanoTime;
    private Address rival;
    private long since;

    /**
     * @param gone       peers whose node is another peer now: they are no rivals
     * @param patienceNs how long a dead member may stay in a view
     */
    Doubles(Rivalry rivalry, Predicate<Peer> gone, long patienceNs, LongSupplier nanoTime) {
        this.rivalry = rivalry;
        this.gone = gone;
        this.patienceNs = patienceNs;
        this.nanoTime = nanoTime;
    }

    /**
     * What to merge.
     *
     * @param views what members say that their view is, by member
     * @return the same without those who have to give way, and without the views that they made
     */
    Map<Address, View> without(Address self, Map<Address, View> views) {
        Map<Address, Address> losers = losers(views.values());
        note(Optional.ofNullable(losers.get(self)));
        Map<Address, View> left = new HashMap<>();
        views.forEach((teller, view) -> {
            if (!losers.containsKey(teller) && !losers.containsKey(view.getCreator())) {
                left.put(teller, losers.isEmpty() ? view : stripped(view, losers.keySet()));
            }
        });
        return left;
    }

    private static View stripped(View view, Set<Address> losers) {
        List<Address> members = new ArrayList<>(view.getMembers());
        return members.removeAll(losers) ? new View(view.getViewId(), members) : view;
    }

    /** Who has to give way, and to whom. */
    private Map<Address, Address> losers(Collection<View> views) {
        Map<View, Boolean> majority = new LinkedHashMap<>();
        views.forEach(view -> majority.computeIfAbsent(view, this::majority));
        Map<Address, Address> losers = new HashMap<>();
        for (View worse : majority.keySet()) {
            for (View view : majority.keySet()) {
                if (view != worse && better(view, worse, majority)) {
                    doubled(view, worse, losers);
                }
            }
        }
        return losers;
    }

    private static boolean better(View one, View other, Map<View, Boolean> majority) {
        if (!majority.get(one).equals(majority.get(other))) {
            return majority.get(one);
        }
        boolean samePart = !Collections.disjoint(one.getMembers(), other.getMembers());
        return samePart || one.size() == other.size() ? one.getViewId().compareTo(other.getViewId()) > 0
                : one.size() > other.size();
    }

    private void doubled(View better, View worse, Map<Address, Address> losers) {
        Map<Integer, Address> kept = new HashMap<>();
        for (Address member : better.getMembersRaw()) {
            NodeAddress.peer(member).filter(gone.negate()).ifPresent(peer -> kept.put(peer.id(), member));
        }
        for (Address member : worse.getMembersRaw()) {
            NodeAddress.peer(member).filter(gone.negate()).map(peer -> kept.get(peer.id()))
                    .filter(other -> !other.equals(member)).ifPresent(other -> losers.put(member, other));
        }
    }

    private boolean majority(View view) {
        Set<String> names = new HashSet<>();
        for (Address member : view.getMembersRaw()) {
            NodeAddress.seat(member).map(Seat::name).ifPresent(names::add);
        }
        return rivalry.majority(names);
    }

    private void note(Optional<Address> winner) {
        synchronized (this) {
            if (winner.isEmpty() || !winner.get().equals(rival)) {
                rival = winner.orElse(null);
                since = nanoTime.getAsLong();
                return;
            }
            if (nanoTime.getAsLong() - since <= patienceNs) {
                return;
            }
        }
        rivalry.lost();
    }

    /** The view has changed: a rival would have to be met anew. */
    synchronized void forget() {
        rival = null;
    }
}
