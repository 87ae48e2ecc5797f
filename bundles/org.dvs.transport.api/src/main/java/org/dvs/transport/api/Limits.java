package org.dvs.transport.api;

/**
 * Bounds of one connection. The node's settings give them (see the bundle's page); a {@link Protocol} may want others.
 *
 * @param maxFrameBytes   longest frame, 1 to 2^30
 * @param maxQueuedBytes  most bytes that wait to be sent; at least one frame
 * @param highQueuedBytes from so many on {@link Connection#writable} is false; at most {@code maxQueuedBytes}
 * @param maxStateBytes   most bytes of a parked connection's state
 * @param handshakeMs     TLS handshake, from the socket being connected
 * @param firstFrameMs    from then until the first whole frame of a peer that connected to us; 0 for ever
 * @param readMs          from a frame's first byte to its last, without those times when reading was paused
 * @param writeMs         without the peer taking anything, while something waits to be sent
 * @param idleMs          without a byte from the peer; 0 for ever, for sockets whose end is always seen
 * @param parkMs          parked
 */
public record Limits(int maxFrameBytes, int maxQueuedBytes, int highQueuedBytes, int maxStateBytes, int handshakeMs,
                     int firstFrameMs, int readMs, int writeMs, int idleMs, int parkMs) {
    /** What counts without configuration. */
    public static final Limits DEFAULT =
            new Limits(1 << 20, 4 << 20, 256 << 10, 64 << 10, 5_000, 10_000, 30_000, 30_000, 60_000, 60_000);

    /** @throws IllegalArgumentException naming the value at fault */
    public Limits {
        range("maxFrameBytes", maxFrameBytes, 1, 1 << 30);
        range("maxQueuedBytes", maxQueuedBytes, maxFrameBytes, Integer.MAX_VALUE);
        range("highQueuedBytes", highQueuedBytes, 1, maxQueuedBytes);
        range("maxStateBytes", maxStateBytes, 0, 1 << 20);
        range("handshakeMs", handshakeMs, 1, Integer.MAX_VALUE);
        range("firstFrameMs", firstFrameMs, 0, Integer.MAX_VALUE);
        range("readMs", readMs, 1, Integer.MAX_VALUE);
        range("writeMs", writeMs, 1, Integer.MAX_VALUE);
        range("idleMs", idleMs, 0, Integer.MAX_VALUE);
        range("parkMs", parkMs, 1, Integer.MAX_VALUE);
    }

    private static void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", not " + least + ".." + most);
        }
    }

    public Limits frameBytes(int max) {
        return new Limits(max, Math.max(max, maxQueuedBytes), highQueuedBytes, maxStateBytes, handshakeMs, firstFrameMs, readMs,
                writeMs, idleMs, parkMs);
    }

    public Limits queuedBytes(int high, int max) {
        return new Limits(maxFrameBytes, max, high, maxStateBytes, handshakeMs, firstFrameMs, readMs, writeMs, idleMs, parkMs);
    }

    public Limits firstFrameMs(int ms) {
        return new Limits(maxFrameBytes, maxQueuedBytes, highQueuedBytes, maxStateBytes, handshakeMs, ms, readMs, writeMs, idleMs,
                parkMs);
    }

    public Limits readMs(int ms) {
        return new Limits(maxFrameBytes, maxQueuedBytes, highQueuedBytes, maxStateBytes, handshakeMs, firstFrameMs, ms, writeMs,
                idleMs, parkMs);
    }

    public Limits writeMs(int ms) {
        return new Limits(maxFrameBytes, maxQueuedBytes, highQueuedBytes, maxStateBytes, handshakeMs, firstFrameMs, readMs, ms,
                idleMs, parkMs);
    }

    public Limits idleMs(int ms) {
        return new Limits(maxFrameBytes, maxQueuedBytes, highQueuedBytes, maxStateBytes, handshakeMs, firstFrameMs, readMs,
                writeMs, ms, parkMs);
    }

    public Limits parkMs(int ms) {
        return new Limits(maxFrameBytes, maxQueuedBytes, highQueuedBytes, maxStateBytes, handshakeMs, firstFrameMs, readMs,
                writeMs, idleMs, ms);
    }
}
