package org.dvs.proxy.internal.pair;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Arrivals;
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
public final class Receiver implements Arrivals {
    private final ProxyPair pair;
    private final Sequences sequences;
    private final Codec codec;
    private final Counters counters;
    private final Autobind autobind;
    private final LongSupplier millis;
    private Options options;
    /** Of the frame that is being handed over: whose it is, whether it has only one command, and what is wrong with it. */
    private int from;
    private boolean alone;
    private Fault wrong;

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
     * @param node the one at the other end: nobody speaks for another one
     * @return null; {@link Fault#REPEAT}, {@link Fault#DIGEST} or {@link Fault#DECOMPRESS} of one copy were dealt with; anything
     *     else ends the connection
     */
    public Fault frame(ByteBuffer frame, int node) {
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
        if (fault != null && command.sourceNode == node) {
            counters.commandsIn++;
            pair.refuse(command, ErrorCode.BADVALUE.rcode());
            return fault;
        }
        from = node;
        alone = data;
        wrong = null;
        if (isTheirs(command)) {
            pair.put2lcl(command, this);
        }
        // Who sends and does not take its answers: what waits for it is not kept any more, so the connection cannot go on.
        return wrong == null && pair.isOverrun() ? Fault.UNSENT : wrong;
    }

    private boolean isTheirs(Command command) {
        if (command.sourceNode != from) {
            wrong = Fault.IDENTITY;
            return false;
        }
        counters.commandsIn++;
        return true;
    }

    @Override
    public boolean next(Command into) {
        return !alone && codec.decoder.next(into) && isTheirs(into);
    }

    @Override
    public void refused(int rcode) {
        counters.refused++;
    }

    @Override
    public int unbound(Command command, int rcode) {
        return options.autobind() ? autobind.put(pair, command, counters) : pair.put2lcl(command);
    }
}
