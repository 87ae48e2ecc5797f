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
import org.dvs.proxy.internal.link.Told;

/**
 * What is left with a connection while the bundle is replaced:
 *
 * <pre>
 *  0         1      5                                        61        65     69
 *  +---------+------+----------------------------------------+---------+------+-----------------+
 *  | version | peer | 7 numbers: {@link Link.Parked}         | options | told | peer's HELLO    |
 *  +---------+------+----------------------------------------+---------+------+-----------------+
 * </pre>
 *
 * Options are those agreed, so is the version: that of the frames that go over the connection. A bundle that does not know it
 * cannot go on with the connection. Where {@code told} is, older bundles left the bytes of a copy, 1 or more, which none of them
 * looks at.
 */
record ParkedState(int peer, Link.Parked numbers, Agreement agreement) {
    static ByteBuffer write(Link.Parked from, LinkSettings settings, Agreement agreement) {
        ByteBuffer out = ByteBuffer.allocate(512);
        out.put((byte) agreement.version()).putInt(settings.peer()).putLong(from.incarnation()).putLong(from.attempt())
                .putLong(from.peerIncarnation())
                .putLong(from.peerAttempt()).putLong(from.sent()).putLong(from.acknowledged()).putLong(from.received())
                .putInt(agreement.options().bits())
                .putInt(agreement.told() == null ? agreement.peer().maxData() : agreement.told().bits());
        Hello hello = agreement.peer();
        int at = out.position();
        return out.position(at + hello.write(out, at)).flip();
    }

    /** @throws DvsException {@code BADVALUE} if it is of another version, or not whole */
    static ParkedState read(ByteBuffer state) throws DvsException {
        ByteBuffer in = state.slice();
        int fixed = 1 + Integer.BYTES + 7 * Long.BYTES + 2 * Integer.BYTES;
        int version = in.limit() < fixed ? 0 : in.get();
        if (version < FrameLayout.VERSION || version > FrameLayout.COMPACT) {
            throw new DvsException(ErrorCode.BADVALUE, "the state of a parked connection is of another version");
        }
        int peer = in.getInt();
        Link.Parked numbers = new Link.Parked(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(),
                in.getLong());
        Options options = Options.of(in.getInt());
        Told told = Told.of(in.getInt());
        Hello hello = Hello.read(in, fixed, in.limit() - fixed);
        if (options == null || hello == null) {
            throw new DvsException(ErrorCode.BADVALUE, "the state of a parked connection cannot be read");
        }
        return new ParkedState(peer, numbers, new Agreement(hello, told, options, version, List.of(), false));
    }
}
