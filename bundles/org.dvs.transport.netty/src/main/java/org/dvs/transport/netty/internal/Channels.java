package org.dvs.transport.netty.internal;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.handler.ssl.SslHandler;

/** What is alike for all channels of connections. */
final class Channels {
    private static final int LEAST_READ_BYTES = 512;
    private static final int FIRST_READ_BYTES = 4 << 10;
    private static final int MOST_READ_BYTES = 256 << 10;

    private Channels() {
    }

    /** Before the channel is registered. Reading begins when the link says so. */
    static void prepare(Channel channel, SslHandler tls, ChannelHandler link) {
        ChannelConfig config = channel.config();
        config.setAutoRead(false);
        // Netty's new default, the adaptive allocator, makes and clears a chunk of memory anew for every few blocks of 64 KiB.
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, MOST_READ_BYTES));
        if (!(channel instanceof DomainSocketChannel)) {
            config.setOption(ChannelOption.TCP_NODELAY, true);
        }
        if (tls != null) {
            channel.pipeline().addLast(tls);
        }
        channel.pipeline().addLast(link);
    }
}
