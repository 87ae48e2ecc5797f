package org.dvs.cluster.jgroups.internal.transport;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.jgroups.Address;
import org.jgroups.blocks.cs.TcpConnection;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Util;

/**
 * A TLS connection that knows which node is at its other end. Sends through a bounded queue and a thread of its own: a node that
 * reads no more must not hold up what goes to the others. What the queue has no room for is lost here and sent again by the
 * layers above. (JGroups' own connection of this kind spins for ever when it is closed before it was started.)
 */
final class SecureConnection extends TcpConnection {
    static final int HANDSHAKE_MS = 5_000;
    private static final int FAREWELL_MS = 1_000;

    private final SecureServer owner;
    private final BlockingQueue<byte[]> queue;
    private Thread sender;
    private Thread reader;
    private volatile NodeIdentity node;
    private volatile boolean closedHere;
    private volatile boolean broken;

    /** To a node; {@link #connect(Address)} does the work. */
    SecureConnection(Address to, SecureServer owner, int queue) throws Exception {
        super(to, owner);
        this.owner = owner;
        this.queue = new LinkedBlockingQueue<>(queue);
    }

    /** From a node; the handshake is done, and this reads the address that the other side listens at. */
    SecureConnection(SSLSocket socket, SecureServer owner, int queue) throws Exception {
        super(socket, owner);
        this.owner = owner;
        this.queue = new LinkedBlockingQueue<>(queue);
        node = owner.check(certificate(socket), socket.getRemoteSocketAddress().toString(), false);
        peer_addr = new CertifiedAddress((IpAddress) peer_addr, node);
    }

    /** Does the server's part of the handshake, within a deadline for each read; {@link Guests} has one for all. */
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
        boolean mine = false;
        try {
            // Not into the middle of a message; and one who reads no more needs no farewell.
            mine = send_lock.tryLock() || send_lock.tryLock(FAREWELL_MS, TimeUnit.MILLISECONDS);
            if (mine) {
                out.writeInt(GRACEFUL_CLOSE);
                out.flush();
            }
        } catch (IOException e) {
            closed_gracefully = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (mine) {
                send_lock.unlock();
            }
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

    @Override
    public synchronized void start() {
        if (!closedHere && sender == null) {
            sender = owner.thread(this::sendAll, "dvs-cluster-send");
            reader = owner.thread(this::receiveAll, "dvs-cluster-receive");
            owner.stands(this);
            sender.start();
            reader.start();
        }
    }

    private void receiveAll() {
        try {
            while (!isClosed()) {
                int length = in.readInt();
                if (length == GRACEFUL_CLOSE) {
                    closed_gracefully = true;
                    break;
                }
                server.receive(peer_addr, in, length);
            }
        } catch (SSLException e) {
            // With TLS 1.3 the caller hears only now that its certificate was refused.
            owner.tlsFailed(peer_addr.toString(), true, e);
        } catch (IOException e) {
            // The other side ended it, or this one.
        } catch (Exception e) {
            owner.broken(this, e);
        } finally {
            server.notifyConnectionClosed(this);
        }
    }

    @Override
    public void send(byte[] data, int offset, int length) {
        // A copy, because JGroups' bundler uses its buffer again.
        queue.offer(Arrays.copyOfRange(data, offset, offset + length));
    }

    private void sendAll() {
        try {
            while (!isClosed()) {
                sendAndFlush(queue.take());
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (Exception e) {
            endAfterReading();
        }
    }

    /** Whoever takes leave reads no more: what was just being sent fails, and the farewell still waits to be read. */
    private void endAfterReading() {
        try {
            reader.join(FAREWELL_MS);
        } catch (InterruptedException e) {
            // Closed.
        }
        Util.close(sock);
    }

    /** Together with all that has come meanwhile. */
    private void sendAndFlush(byte[] first) throws Exception {
        send_lock.lockInterruptibly();
        try {
            for (byte[] data = first; data != null; data = queue.poll()) {
                doSend(data, 0, data.length, false);
            }
            out.flush();
        } finally {
            send_lock.unlock();
        }
    }

    @Override
    protected synchronized void doClose() {
        closedHere = true;
        super.doClose();
        if (sender != null) {
            sender.interrupt();
        }
    }

    private static X509Certificate certificate(Socket socket) throws DvsException {
        try {
            return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new DvsException(ErrorCode.BADCERT, "the other side showed no certificate", e);
        }
    }
}
