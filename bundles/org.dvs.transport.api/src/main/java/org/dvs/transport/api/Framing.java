package org.dvs.transport.api;

/** How a stream of bytes is cut into what {@link Handler#frame} gets. */
public enum Framing {
    /**
     * Each frame has its length before it; a length that is not legal ends the connection before anything is allocated.
     *
     * <pre>
     *  0        4                     4 + length
     *  +--------+---------------------+
     *  | length |        frame        |      length: big-endian, 1 to maxFrameBytes
     *  +--------+---------------------+
     * </pre>
     */
    LENGTH,

    /** Not cut: the protocol finds its own ends. It may leave at most {@link Limits#maxFrameBytes} unread. */
    STREAM
}
