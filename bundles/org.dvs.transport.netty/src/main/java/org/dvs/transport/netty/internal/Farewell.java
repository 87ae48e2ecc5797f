package org.dvs.transport.netty.internal;

import org.dvs.transport.api.CloseReason;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Why, how and until when a link ends: first what was written goes out, then the end of output, then the peer's end is awaited,
 * so that nothing sent is lost by a reset. On the link's loop.
 */
final class Farewell {
    /** Until a peer that has all must have ended, too. */
    private static final long LINGER_MS = 1_000;
    private static final long NEVER = Long.MIN_VALUE;

    private final Channel channel;
    private final SslHandler tls;
    private LinkEnd end;
    private long sendsSince = NEVER;
    private long lingersSince = NEVER;

    /** @param tls null for none */
    Farewell(Channel channel, SslHandler tls) {
        this.channel = channel;
        this.tls = tls;
    }

    /** The first reason that it may end for counts, unless it fails. */
    void note(CloseReason why, String text) {
        if (end == null) {
            end = new LinkEnd(why, text);
        }
    }

    /** It fails: that counts, whatever was noted before. */
    void fails(LinkEnd why) {
        end = why;
    }

    /** Null as long as there is no reason to end. */
    LinkEnd end() {
        return end;
    }

    /** @param then when all that was written has gone, or cannot go any more */
    void sends(long nowMs, Runnable then) {
        sendsSince = nowMs;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> then.run());
    }

    /** All is sent: what is awaited from now on is the peer's end. */
    void lingers(long nowMs) {
        lingersSince = nowMs;
    }

    /** Whether it has taken too long. @param writeMs for what was written; the peer's end has a time of its own */
    boolean overdue(long nowMs, long writeMs) {
        if (lingersSince != NEVER) {
            return nowMs - lingersSince >= LINGER_MS;
        }
        return sendsSince != NEVER && nowMs - sendsSince >= writeMs;
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
