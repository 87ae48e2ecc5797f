package org.dvs.cluster.jgroups.internal.order;

/**
 * One run of a node: a node that was started again is another peer.
 *
 * @param id          of the node
 * @param incarnation differs at each start, never 0
 */
public record Peer(int id, long incarnation) implements Comparable<Peer> {

    @Override
    public int compareTo(Peer other) {
        int byId = Integer.compare(id, other.id);
        return byId != 0 ? byId : Long.compareUnsigned(incarnation, other.incarnation);
    }

    @Override
    public String toString() {
        return "node id " + id;
    }
}
