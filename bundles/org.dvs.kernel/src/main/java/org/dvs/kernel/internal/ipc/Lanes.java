package org.dvs.kernel.internal.ipc;

import java.util.Arrays;

/** The lanes of a DC, one for each proxy pair that it has sent something by. Under the lock of the DC. */
final class Lanes {
    private final Container dc;
    /** By the pair's number. */
    private Lane[] lanes = new Lane[2];

    Lanes(Container dc) {
        this.dc = dc;
    }

    /** @return the DC's lane at that pair; that of an earlier pair of the same number, which is free, is forgotten */
    Lane at(PairState pair) {
        int id = pair.id();
        if (id >= lanes.length) {
            lanes = Arrays.copyOf(lanes, Math.max(id + 1, 2 * lanes.length));
        }
        Lane lane = lanes[id];
        if (lane == null || lane.pair != pair) {
            lane = new Lane(dc, pair);
            lanes[id] = lane;
        }
        return lane;
    }
}
