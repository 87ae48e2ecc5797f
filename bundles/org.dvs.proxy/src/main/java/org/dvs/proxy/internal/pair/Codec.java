package org.dvs.proxy.internal.pair;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Command;
import org.dvs.proxy.internal.frame.Frame;
import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.frame.FrameEncoder;
import org.dvs.proxy.internal.frame.FrameLayout;

/** What the pairs of one loop share, as only one of them is at work at a time: so a pair costs next to no memory. */
public final class Codec {
    public final FrameEncoder encoder = new FrameEncoder();
    public final FrameDecoder decoder;
    public final Frame header = new Frame();
    final Command incoming = new Command();
    Command outgoing = new Command();
    Command next = new Command();
    final ByteBuffer batch = ByteBuffer.allocateDirect((FrameLayout.MAX_BATCH + 1) * FrameLayout.COMMAND_BYTES);

    /** @param maxData most bytes of a copy in one frame */
    public Codec(int maxData) {
        decoder = new FrameDecoder(maxData);
    }

    void swap() {
        Command command = outgoing;
        outgoing = next;
        next = command;
    }
}
