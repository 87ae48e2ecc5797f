package org.dvs.transport.netty.internal;

import java.io.IOException;

import org.dvs.transport.api.CloseReason;
import org.dvs.transport.netty.internal.socket.TlsEnds;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** What Netty says of a channel, in the words of its {@link Link}. */
final class LinkEvents extends ChannelInboundHandlerAdapter {
    private final Link link;

    LinkEvents(Link link) {
        this.link = link;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        link.connected(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        link.read((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        link.readEnds();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        link.queueChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            link.handshakeDone(done);
        } else if (event == ChannelInputShutdownEvent.INSTANCE || event == SslCloseCompletionEvent.SUCCESS) {
            link.inputEnded();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            link.fail(CloseReason.RESET, cause.getMessage());
        } else if (cause instanceof DecoderException) {
            link.badInput(TlsEnds.reason(cause.getCause()));
        } else {
            link.fault(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        link.gone();
    }
}
