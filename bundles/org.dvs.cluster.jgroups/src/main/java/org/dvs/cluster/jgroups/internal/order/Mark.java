package org.dvs.cluster.jgroups.internal.order;

import java.util.List;
import java.util.Map;

/**
 * A view's place in the order.
 *
 * @param seats  coordinator first
 * @param causes of those who went, as far as anybody knew
 */
public record Mark(Epoch epoch, List<Seat> seats, Map<Peer, Cause> causes) {

    public Mark {
        seats = List.copyOf(seats);
        causes = Map.copyOf(causes);
    }

    public Peer coordinator() {
        return seats.get(0).peer();
    }

    public boolean contains(Peer peer) {
        return seats.stream().anyMatch(seat -> seat.peer().equals(peer));
    }
}
