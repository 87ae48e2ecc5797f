package org.dvs.transport.netty.internal.loop;

import java.util.concurrent.ThreadFactory;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;

/** Netty's loop, that tells its {@link Spin} when there was work. */
final class SpinningLoop extends SingleThreadIoEventLoop {
    private final Spin spin;

    SpinningLoop(ThreadFactory threads, IoHandlerFactory io, Spin spin) {
        super(null, threads, io);
        this.spin = spin;
    }

    @Override
    protected int runIo() {
        int handled = super.runIo();
        if (handled > 0) {
            spin.worked();
        }
        return handled;
    }
}
