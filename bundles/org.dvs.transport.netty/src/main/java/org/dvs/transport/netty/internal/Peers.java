package org.dvs.transport.netty.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

import org.dvs.api.security.CertifiedNode;
import org.dvs.transport.api.Peer;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;

/** Finds out who is at the other end of a channel. */
final class Peers {
    private Peers() {
    }

    /** @throws IOException if the system does not tell, as it is gone already */
    static Peer of(Channel channel, Optional<CertifiedNode> node) throws IOException {
        if (channel instanceof EpollDomainSocketChannel unix) {
            PeerCredentials credentials = unix.peerCredentials();
            int[] groups = credentials.gids();
            Peer.Process process =
                    new Peer.Process(credentials.pid(), credentials.uid(), groups.length == 0 ? -1 : groups[0]);
            return new Peer("pid " + process.pid(), Optional.of(process), node);
        }
        return new Peer(text(channel.remoteAddress()), Optional.empty(), node);
    }

    private static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getAddress().getHostAddress();
            return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + inet.getPort();
        }
        return String.valueOf(address);
    }
}
