package org.dvs.proxy.internal.pair;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.proxy.internal.frame.FrameEncoder;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.proxy.internal.link.Sequences;
import org.dvs.transport.api.Connection;

/**
 * From the kernel to the connection: takes commands while there are any and the connection has room, and writes each straight
 * into the connection's buffer. A batch is what lies in the queue; nothing is waited for. All on the pair's loop.
 *
 * <p>Source: dsp-lb reference 6.2, 6.3; R-PXY-07.
 */
public final class Sender {
    /** Frames of one turn; then the loop's other connections get theirs. */
    private static final int TURN = 256;
    /** Of a command among others, for whether they are worth compressing. */
    private static final int TYPICAL_BYTES = 32;

    /** How a turn ended. */
    public enum Turn { EMPTY, FULL, MORE, FAILED }

    private final ProxyPair pair;
    private final Sequences sequences;
    private final Codec codec;
    private final Counters counters;
    private final LongSupplier cut;
    private final LongSupplier nanos;
    private final LongSupplier millis;
    private final Payoff payoff = new Payoff();
    private Options options;
    private int version = FrameLayout.VERSION;
    private long lastAcknowledgement;

    /** @param millis since the epoch, as commands are stamped */
    public Sender(ProxyPair pair, Sequences sequences, Codec codec, Counters counters, LongSupplier cut, LongSupplier nanos,
            LongSupplier millis) {
        this.pair = pair;
        this.sequences = sequences;
        this.codec = codec;
        this.counters = counters;
        this.cut = cut;
        this.nanos = nanos;
        this.millis = millis;
    }

    /** A session begins. @param newest version of frames that both ends know */
    public void begin(Options agreed, int newest) {
        options = agreed;
        version = newest;
        lastAcknowledgement = sequences.received();
        payoff.reset();
    }

    /** Frames of the peer that no frame of this side has acknowledged yet. */
    public long unacknowledged() {
        return sequences.received() - lastAcknowledgement;
    }

    /** The peer has frames up to this. */
    public void acknowledged(long number) {
        payoff.acknowledged(number, nanos.getAsLong());
    }

    /** Writes what there is; flushes nothing. */
    public Turn pump(Connection connection) {
        for (int i = 0; i < TURN; i++) {
            if (!connection.writable()) {
                return Turn.FULL;
            }
            pair.time(millis.getAsLong());
            Command[] taken = options.batch() ? codec.several : codec.single;
            int count = pair.poll(taken);
            if (count == 0) {
                return Turn.EMPTY;
            }
            if (!write(connection, taken, count)) {
                return Turn.FAILED;
            }
        }
        return Turn.MORE;
    }

    private FrameEncoder encoder() {
        codec.encoder.agreed(options.digest(), options.sendPid(), version);
        lastAcknowledgement = sequences.received();
        codec.encoder.state(lastAcknowledgement, cut.getAsLong());
        return codec.encoder;
    }

    /** @param commands of which only the last may have data */
    private boolean write(Connection connection, Command[] commands, int count) {
        Command last = commands[count - 1];
        int plain = last.payload == null ? count : count - 1;
        return (plain == 0 || commands(connection, commands, plain)) && (plain == count || data(connection, last));
    }

    private boolean data(Connection connection, Command command) {
        int raw = command.payload.remaining();
        boolean compress = options.compress() && payoff.compress(raw);
        ByteBuffer out = connection.begin(FrameEncoder.dataBytes(raw, compress));
        if (out == null) {
            return false;
        }
        long begun = options.compress() ? nanos.getAsLong() : 0;
        long sequence = sequences.next();
        boolean packed = encoder().data(out, command, compress, sequence);
        command.payload = null;
        payoff.sent(sequence, raw, compress, packed, begun);
        return end(connection, out, 1, raw, packed);
    }

    private boolean commands(Connection connection, Command[] commands, int count) {
        boolean compress = options.compress() && count > 1 && payoff.compress(count * TYPICAL_BYTES);
        FrameEncoder encoder = encoder();
        ByteBuffer out = connection.begin(encoder.commandBytes(count, compress));
        if (out == null) {
            return false;
        }
        long begun = options.compress() ? nanos.getAsLong() : 0;
        long sequence = sequences.next();
        boolean packed = encoder.commands(out, commands, count, compress, sequence);
        int raw = out.getInt(FrameLayout.AT_RAW);
        payoff.sent(sequence, raw, compress, packed, begun);
        return end(connection, out, count, raw, packed);
    }

    private boolean end(Connection connection, ByteBuffer out, int commands, int raw, boolean packed) {
        int length = out.position();
        connection.end(out);
        counters.framesOut++;
        counters.commandsOut += commands;
        counters.bytesOut += length;
        counters.rawOut += packed ? length - out.getInt(FrameLayout.AT_LENGTH) + raw : length;
        counters.packedOut += packed ? 1 : 0;
        return true;
    }

    /**
     * Says that this side is there.
     *
     * @param ping own time, to be given back; 0 for none
     * @param echo time of the peer, given back; 0 for none
     */
    public boolean alive(Connection connection, long ping, long echo) {
        ByteBuffer out = connection.begin(FrameLayout.HEADER + FrameLayout.ALIVE_BYTES);
        if (out == null) {
            return false;
        }
        encoder().alive(out, ping, echo, sequences.sent());
        connection.end(out);
        return true;
    }
}
