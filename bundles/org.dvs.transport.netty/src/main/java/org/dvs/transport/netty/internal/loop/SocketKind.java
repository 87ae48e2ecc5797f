package org.dvs.transport.netty.internal.loop;

import java.nio.channels.spi.SelectorProvider;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategy;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** How this machine's sockets are reached. */
public enum SocketKind {
    /** Natively; Linux. */
    EPOLL,
    /** As the JDK does it. It has Unix-domain sockets too, but tells nothing of who is at their other end. */
    NIO;

    /** The best there is. */
    public static SocketKind best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Why there is no epoll, for people; empty if there is. */
    public static String whyNotEpoll() {
        if (Epoll.isAvailable()) {
            return "";
        }
        Throwable cause = Epoll.unavailabilityCause();
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    IoHandlerFactory handlers(SelectStrategy strategy) {
        return this == EPOLL ? EpollIoHandler.newFactory(0, () -> strategy)
                : NioIoHandler.newFactory(SelectorProvider.provider(), () -> strategy);
    }

    public boolean knowsUnixPeers() {
        return this == EPOLL;
    }

    public ServerChannel server(boolean unix) {
        if (this == EPOLL) {
            return unix ? new EpollServerDomainSocketChannel() : new EpollServerSocketChannel();
        }
        return new NioServerSocketChannel();
    }

    public Channel client(boolean unix) {
        if (this == EPOLL) {
            return unix ? new EpollDomainSocketChannel() : new EpollSocketChannel();
        }
        return new NioSocketChannel();
    }
}
