package org.dvs.transport.netty.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.handler.ssl.SslHandler;

/** What is alike for all channels of connections. */
final class Channels {
    private Channels() {
    }

    /** Before the channel is registered. Reading begins when the link says so. */
    static void prepare(Channel channel, SslHandler tls, ChannelHandler link) {
        ChannelConfig config = channel.config();
        config.setAutoRead(false);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (!(channel instanceof DomainSocketChannel)) {
            config.setOption(ChannelOption.TCP_NODELAY, true);
        }
        if (tls != null) {
            channel.pipeline().addLast(tls);
        }
        channel.pipeline().addLast(link);
    }
}
