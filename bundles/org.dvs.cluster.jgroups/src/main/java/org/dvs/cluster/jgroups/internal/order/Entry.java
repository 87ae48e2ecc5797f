package org.dvs.cluster.jgroups.internal.order;

/** What stands at one position of the order. */
public sealed interface Entry {

    Position at();

    /** A view. */
    record View(Mark mark) implements Entry {
        @Override
        public Position at() {
            return new Position(mark.epoch(), 0);
        }
    }

    /** A multicast. */
    record Message(Position at, Ordered message) implements Entry {
    }
}
