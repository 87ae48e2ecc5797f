package org.dvs.proxy.internal.pair;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Frame;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.proxy.internal.link.Sequences;

/**
 * From the connection to the kernel, on the pair's loop: handlers of programs run here. Every command is handled for itself: the
 * kernel answers the origin of one that it refuses, and the others go on.
 *
 * <p>Source: dsp-lb reference 5, 6; R-PXY-06, R-PXY-09, R-PXY-10.
 */
public final class Receiver {
    private final ProxyPair pair;
    private final Sequences sequences;
    private final Codec codec;
    private final Counters counters;
    private final Autobind autobind;
    private final LongSupplier millis;
    private Options options;

    /**
     * @param autobind binds sources that are unknown here, where that is wanted
     * @param millis   since the epoch, for when the other node was last heard
     */
    public Receiver(ProxyPair pair, Sequences sequences, Codec codec, Counters counters, Autobind autobind, LongSupplier millis) {
        this.pair = pair;
        this.sequences = sequences;
        this.codec = codec;
        this.counters = counters;
        this.autobind = autobind;
        this.millis = millis;
    }

    /** A session begins. */
    public void begin(Options agreed) {
        options = agreed;
    }

    /**
     * A command frame came, its header good.
     *
     * @param from the node at the other end: nobody speaks for another one
     * @return null; {@link Fault#REPEAT}, {@link Fault#DIGEST} or {@link Fault#DECOMPRESS} of one copy were dealt with; anything
     *     else ends the connection
     */
    public Fault frame(ByteBuffer frame, int from) {
        Frame header = codec.header;
        Command command = codec.incoming;
        boolean data = header.has(FrameLayout.DATA);
        Fault fault = data ? null : codec.decoder.commands(frame, header, command);
        if (fault == null) {
            fault = sequences.arrived(header.sequence, options.sequence());
        }
        if (fault != null) {
            return fault;
        }
        pair.time(millis.getAsLong());
        counters.framesIn++;
        counters.bytesIn += frame.limit();
        counters.rawIn += frame.limit() - header.length + header.raw;
        if (data) {
            fault = codec.decoder.data(frame, header, command);
        }
        if (fault != null && command.sourceNode == from) {
            counters.commandsIn++;
            pair.refuse(command, ErrorCode.BADVALUE.rcode());
            return fault;
        }
        do {
            if (command.sourceNode != from) {
                return Fault.IDENTITY;
            }
            put(command);
        } while (!data && codec.decoder.next(command));
        return null;
    }

    private void put(Command command) {
        counters.commandsIn++;
        int result = options.autobind() ? autobind.put(pair, command, counters) : pair.put2lcl(command);
        if (result < 0) {
            counters.refused++;
        }
    }
}
