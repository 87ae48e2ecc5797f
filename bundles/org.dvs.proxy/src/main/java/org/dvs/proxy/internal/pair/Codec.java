package org.dvs.proxy.internal.pair;

import java.util.Arrays;

import org.dvs.kernel.api.Command;
import org.dvs.proxy.internal.frame.Frame;
import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.frame.FrameEncoder;

/** What the pairs of one loop share, as only one of them is at work at a time: so a pair costs next to no memory. */
public final class Codec {
    /** Commands that go into one frame; more gain nothing, and fit less well into the nearest cache. */
    private static final int BATCH = 128;

    public final FrameEncoder encoder = new FrameEncoder();
    public final FrameDecoder decoder;
    public final Frame header = new Frame();
    final Command incoming = new Command();
    /** Room for one, where nothing is batched. */
    final Command[] single = {new Command()};
    final Command[] several = commands();

    /** @param maxData most bytes of a copy in one frame */
    public Codec(int maxData) {
        decoder = new FrameDecoder(maxData);
    }

    private static Command[] commands() {
        Command[] commands = new Command[BATCH];
        Arrays.setAll(commands, i -> new Command());
        return commands;
    }
}
