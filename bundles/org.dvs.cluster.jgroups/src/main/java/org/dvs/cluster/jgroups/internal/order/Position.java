package org.dvs.cluster.jgroups.internal.order;

/** A place in the order. @param index 0 for the view itself, then 1, 2, ... for what was sent in it */
public record Position(Epoch epoch, long index) {
}
