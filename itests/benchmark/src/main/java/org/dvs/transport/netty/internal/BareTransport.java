package org.dvs.transport.netty.internal;

import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Protocol;
import org.dvs.transport.api.Transport;
import org.dvs.transport.netty.internal.loop.SocketKind;

/** A transport outside of any container; in this package because the class that is one is. */
public final class BareTransport implements AutoCloseable {
    private final NettyTransport transport;

    /** @param spinMicros as the setting of that name */
    public BareTransport(int threads, int spinMicros) {
        Settings settings = new Settings(SocketKind.best(), threads, spinMicros, 1_000, 1_000, Limits.DEFAULT.idleMs(0));
        transport = new NettyTransport(settings, () -> null);
    }

    public Transport transport() {
        return transport;
    }

    public void offer(Protocol protocol) {
        transport.offer(protocol);
    }

    @Override
    public void close() {
        transport.close();
    }
}
