package org.dvs.cluster.jgroups.internal.transport;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.jgroups.Address;
import org.jgroups.blocks.cs.TcpConnectionNonBlocking;
import org.jgroups.stack.IpAddress;

/**
 * A TLS connection that knows which node is at its other end. Sends through a bounded queue of its own: a node that reads no more
 * must not hold up what goes to the others. What the queue has no room for is lost here and sent again by the layers above.
 */
final class SecureConnection extends TcpConnectionNonBlocking {
    private static final int HANDSHAKE_MS = 5_000;

    private final SecureServer owner;
    private volatile NodeIdentity node;
    private volatile boolean closedHere;
    private volatile boolean broken;

    /** To a node; {@link #connect(Address)} does the work. */
    SecureConnection(Address to, SecureServer owner, int queue) throws Exception {
        super(to, owner, queue);
        this.owner = owner;
    }

    /** From a node; the handshake is done, and this reads the address that the other side listens at. */
    SecureConnection(SSLSocket socket, SecureServer owner, int queue) throws Exception {
        super(socket, owner, queue);
        this.owner = owner;
        node = owner.check(certificate(socket), socket.getRemoteSocketAddress().toString(), false);
        peer_addr = new CertifiedAddress((IpAddress) peer_addr, node);
    }

    /** Does the server's part of the handshake, within a deadline. */
    static SSLSocket accept(SSLSocket socket) throws IOException {
        socket.setSoTimeout(HANDSHAKE_MS);
        socket.startHandshake();
        socket.setSoTimeout(0);
        return socket;
    }

    NodeIdentity node() {
        return node;
    }

    /** Its end was seen: notes whether the other side caused it, before JGroups closes this side too. */
    void ended() {
        broken |= !closedHere && !isClosedGracefully();
    }

    /** True if the other side ended it, and without a farewell. */
    boolean broken() {
        return broken;
    }

    @Override
    public void connect(Address to) throws Exception {
        sock.setSoTimeout(HANDSHAKE_MS);
        super.connect(to);
        sock.setSoTimeout(0);
        try {
            node = owner.check(certificate(sock), to.toString(), true);
        } catch (DvsException e) {
            close(false);
            throw e;
        }
        peer_addr = new CertifiedAddress((IpAddress) to, node);
    }

    /** Says good-bye if the other side still listens; if it does not, that is nothing to report. */
    @Override
    protected void closeGracefully() {
        try {
            out.writeInt(GRACEFUL_CLOSE);
            out.flush();
        } catch (IOException e) {
            closed_gracefully = false;
        }
    }

    @Override
    public void close(boolean graceful) throws IOException {
        closedHere = true;
        super.close(graceful);
    }

    @Override
    public void close() throws IOException {
        closedHere = true;
        super.close();
    }

    private static X509Certificate certificate(Socket socket) throws DvsException {
        try {
            return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new DvsException(ErrorCode.BADCERT, "the other side showed no certificate", e);
        }
    }
}
