package org.dvs.kernel.api;

import java.util.BitSet;

/**
 * A DC as this node sees it: {@code dc_usr_t}. Source: dvs-kernel reference 4.2.
 *
 * @param settings what it was made with
 * @param running  false for an id that no DC has
 * @param nodes    member nodes
 * @param pid      process that holds the DC here
 * @param bound    slots in use here
 */
public record DcInfo(DcSettings settings, boolean running, BitSet nodes, int pid, int bound) {
    /** {@code dc_flags} of a running and of a free DC. */
    public static final int RUNNING = 0;
    public static final int FREE = 2;

    public DcInfo {
        nodes = (BitSet) nodes.clone();
    }

    @Override
    public BitSet nodes() {
        return (BitSet) nodes.clone();
    }

    public int flags() {
        return running ? RUNNING : FREE;
    }
}
