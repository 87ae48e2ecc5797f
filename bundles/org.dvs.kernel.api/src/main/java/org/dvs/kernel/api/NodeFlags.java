package org.dvs.kernel.api;

/** Bits of a node's entry; 0 is a free entry. Source: dvs-kernel reference 5.2. */
public final class NodeFlags {
    /** Has a proxy pair. */
    public static final int ATTACHED = 0x2;
    /** The pair's sender is connected. */
    public static final int SENDER = 0x4;
    /** The pair's receiver is connected. */
    public static final int RECEIVER = 0x8;
    /** What the local node shows. */
    public static final int LOCAL = ATTACHED | SENDER | RECEIVER;

    private NodeFlags() {
    }
}
