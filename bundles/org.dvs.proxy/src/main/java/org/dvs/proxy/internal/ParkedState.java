package org.dvs.proxy.internal;

import java.nio.ByteBuffer;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.proxy.internal.link.Agreement;
import org.dvs.proxy.internal.link.Link;
import org.dvs.proxy.internal.link.LinkSettings;
import org.dvs.proxy.internal.link.Sequences;
import org.dvs.proxy.internal.link.Told;

/**
 * What is left with a connection while the bundle is replaced:
 *
 * <pre>
 *  0         1      5                               61        65     69             130 + n
 *  +---------+------+-------------------------------+---------+------+--------------+-----------------+
 *  | version | peer | incarnations, attempts,       | options | told | peer's HELLO | heard, settled, |
 *  |         |      | sent, acknowledged, received  |         |      |              | told of frames  |
 *  +---------+------+-------------------------------+---------+------+--------------+-----------------+
 * </pre>
 *
 * Numbers are those of {@link Link.Parked}. Options are those agreed, so is the version: that of the frames that go over the
 * connection. A bundle that does not know it cannot go on with the connection. Where {@code told} is, older bundles left the
 * bytes of a copy, 1 or more, which none of them looks at; what is behind the HELLO, a name of n bytes at its end, they did not
 * leave.
 */
record ParkedState(int peer, Link.Parked numbers, Agreement agreement) {
    private static final int FIXED = 1 + Integer.BYTES + 7 * Long.BYTES + 2 * Integer.BYTES;
    private static final int MORE = 3 * Long.BYTES;

    static ByteBuffer write(Link.Parked from, LinkSettings settings, Agreement agreement) {
        ByteBuffer out = ByteBuffer.allocate(FIXED + Hello.MAX_BYTES + MORE);
        Sequences.Kept frames = from.sequences();
        out.put((byte) agreement.version()).putInt(settings.peer()).putLong(from.incarnation()).putLong(from.attempt())
                .putLong(from.peerIncarnation())
                .putLong(from.peerAttempt()).putLong(frames.sent()).putLong(frames.acknowledged()).putLong(frames.received())
                .putInt(agreement.options().bits())
                .putInt(agreement.told() == null ? agreement.peer().maxData() : agreement.told().bits());
        Hello hello = agreement.peer();
        int at = out.position();
        return out.position(at + hello.write(out, at)).putLong(frames.heard()).putLong(frames.settled()).putLong(frames.told())
                .flip();
    }

    /** @throws DvsException {@code BADVALUE} if it is of another version, or not whole */
    static ParkedState read(ByteBuffer state) throws DvsException {
        ByteBuffer in = state.slice();
        int version = in.limit() < FIXED ? 0 : in.get();
        if (version < FrameLayout.VERSION || version > FrameLayout.COMPACT) {
            throw new DvsException(ErrorCode.BADVALUE, "the state of a parked connection is of another version");
        }
        int peer = in.getInt();
        long incarnation = in.getLong();
        long attempt = in.getLong();
        long peerIncarnation = in.getLong();
        long peerAttempt = in.getLong();
        long sent = in.getLong();
        long acknowledged = in.getLong();
        long received = in.getLong();
        Options options = Options.of(in.getInt());
        Told told = Told.of(in.getInt());
        int length = Hello.length(in, FIXED);
        boolean more = in.limit() == FIXED + length + MORE;
        Hello hello = Hello.read(in, FIXED, more ? length : in.limit() - FIXED);
        if (hello == null) {
            throw new DvsException(ErrorCode.BADVALUE, "the state of a parked connection cannot be read");
        }
        // Of a peer that says less than it did nothing is known then, so it is believed.
        int at = FIXED + length;
        Sequences.Kept frames = more
                ? new Sequences.Kept(sent, acknowledged, received, in.getLong(at), in.getLong(at + Long.BYTES),
                        in.getLong(at + 2 * Long.BYTES))
                : new Sequences.Kept(sent, acknowledged, received, 0, sent, received);
        Link.Parked numbers = new Link.Parked(incarnation, attempt, peerIncarnation, peerAttempt, frames);
        return new ParkedState(peer, numbers, new Agreement(hello, told, options, version, List.of(), false));
    }
}
