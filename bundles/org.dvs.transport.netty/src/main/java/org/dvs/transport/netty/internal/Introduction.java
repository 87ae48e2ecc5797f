package org.dvs.transport.netty.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

import org.dvs.api.DvsException;
import org.dvs.api.security.CertifiedNode;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Peer;
import org.dvs.transport.netty.internal.socket.TlsEnds;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** How a link learns who is at its other end: from the system when it is connected, with TLS from a certificate, too. */
final class Introduction {
    private final boolean outgoing;
    private final SslHandler tls;
    private final OptionalInt expectedNode;
    private Peer peer;

    /**
     * @param tls          null for none
     * @param expectedNode the node whose certificate must be at the other end
     */
    Introduction(boolean outgoing, SslHandler tls, OptionalInt expectedNode) {
        this.outgoing = outgoing;
        this.tls = tls;
        this.expectedNode = expectedNode;
    }

    /** Null before the link is connected. Before the handshake nothing is known but where it comes from. */
    Peer peer() {
        return peer;
    }

    /** @return null, or why the link has to end */
    LinkEnd connected(Channel channel) {
        try {
            peer = Peers.of(channel, Optional.empty());
            return null;
        } catch (IOException e) {
            return new LinkEnd(CloseReason.RESET, "who is at the other end cannot be found out: " + e.getMessage());
        }
    }

    /** @return null, or why the link has to end */
    LinkEnd handshakeDone(Channel channel, SslHandshakeCompletionEvent done) {
        if (!done.isSuccess()) {
            return new LinkEnd(TlsEnds.closeReason(done.cause()), TlsEnds.reason(done.cause()));
        }
        try {
            Optional<CertifiedNode> node = expectsNode() ? Optional.of(TlsEnds.peer(tls, expectedNode)) : Optional.empty();
            peer = Peers.of(channel, node);
            return null;
        } catch (DvsException | IOException e) {
            return new LinkEnd(CloseReason.HANDSHAKE, e.getMessage());
        }
    }

    /** A listener for clients asks for no certificate, and both ends of a link between nodes need one. */
    private boolean expectsNode() {
        return outgoing || tls.engine().getNeedClientAuth();
    }
}
