package org.dvs.transport.netty.internal;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * How a link's output ends: first what was written goes out, then the end of output, then the peer's end is awaited, so that
 * nothing sent is lost by a reset. On the link's loop.
 */
final class Farewell {
    /** Until a peer that has all must have ended, too. */
    static final long LINGER_MS = 1_000;

    private final Channel channel;
    private final SslHandler tls;

    /** @param tls null for none */
    Farewell(Channel channel, SslHandler tls) {
        this.channel = channel;
        this.tls = tls;
    }

    /** @param then when all that was written has gone, or cannot go any more */
    void sent(Runnable then) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> then.run());
    }

    /** @return false if there is no such thing: the channel ends as a whole */
    boolean endOutput() {
        if (!(channel instanceof DuplexChannel duplex)) {
            return false;
        }
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(sent -> duplex.shutdownOutput());
        }
        return true;
    }

    /** Without any farewell. @param pending whether something waits to be sent */
    void cut(boolean pending) {
        if (pending) {
            // Past TLS, which would wait for the peer to take its farewell.
            channel.unsafe().close(channel.unsafe().voidPromise());
        } else {
            channel.close();
        }
    }
}
