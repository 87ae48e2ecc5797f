package org.dvs.cluster.jgroups.internal.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.jgroups.Address;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.blocks.cs.TcpConnection;
import org.jgroups.blocks.cs.TcpServer;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.ThreadFactory;
import org.jgroups.util.Util;

/**
 * The connections of one node. Differs from JGroups' own in what strangers and sick nodes can do: handshakes run beside the
 * acceptor, see {@link Guests}, so that one who connects and says nothing keeps nobody waiting; connects run beside the sender,
 * so that a host that does not answer delays nothing but what goes to it; and each end is checked against its certificate.
 */
final class SecureServer extends TcpServer {
    private static final int HELPERS = 32;
    private static final int QUEUED_WHILE_CONNECTING = 512;
    private static final long RETRY_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SSLContext tls;
    private final NodeIdentity self;
    private final LinkListener listener;
    private final LinkTable links;
    private final int sendQueue;
    /** For this node's own connects and farewells. */
    private final ThreadPoolExecutor helpers;
    private final Guests guests;
    private final Thread acceptThread;
    private final Map<Address, Dial> dials = new HashMap<>();
    private final Map<Address, Long> refusedAt = new ConcurrentHashMap<>();

    /** A connect under way, and what waits for it. */
    private static final class Dial {
        final Deque<byte[]> waiting = new ArrayDeque<>();
    }

    SecureServer(ThreadFactory threads, SSLContext tls, NodeIdentity self, LinkListener listener, int sendQueue, InetAddress bind,
            int port) throws Exception {
        super(threads, new Sockets(tls), bind, port, port, null, 0, 0);
        this.tls = tls;
        this.self = self;
        this.listener = listener;
        links = new LinkTable(listener);
        this.sendQueue = sendQueue;
        helpers = new ThreadPoolExecutor(0, HELPERS, 5, TimeUnit.SECONDS, new SynchronousQueue<>(),
                task -> threads.newThread(task, "dvs-cluster-connect"));
        guests = new Guests(threads, SecureConnection.HANDSHAKE_MS);
        acceptThread = threads.newThread(this::acceptAll, "dvs-cluster-accept");
    }

    /** Plain server socket, as the acceptor must not do handshakes; TLS 1.3 on the client's side. */
    private static final class Sockets extends DefaultSocketFactory {
        Sockets(SSLContext tls) {
            super(tls);
            setSocketConfigurator(socket -> {
                SSLParameters parameters = ((SSLSocket) socket).getSSLParameters();
                parameters.setProtocols(new String[] {"TLSv1.3"});
                ((SSLSocket) socket).setSSLParameters(parameters);
            });
        }

        @Override
        public ServerSocket createServerSocket(String name) throws IOException {
            return new ServerSocket();
        }
    }

    Thread thread(Runnable task, String name) {
        return factory.newThread(task, name);
    }

    /** True if a connect to this address was refused lately, so nobody listens there. */
    boolean refused(IpAddress address, long withinNs) {
        Long at = refusedAt.get(address);
        return at != null && System.nanoTime() - at < withinNs;
    }

    /** @throws DvsException {@code BADCERT} or {@code NODEBUSY} if this node must not be talked to */
    NodeIdentity check(X509Certificate certificate, String where, boolean calling) throws DvsException {
        try {
            NodeIdentity node = NodeIdentity.of(certificate);
            if (node.id() == self.id()) {
                throw new DvsException(ErrorCode.NODEBUSY, "the node at " + where + " has id " + node.id() + " too");
            }
            return node;
        } catch (DvsException e) {
            listener.refused(calling, e);
            throw e;
        }
    }

    @Override
    public void start() throws Exception {
        if (running.compareAndSet(false, true)) {
            acceptThread.start();
        }
    }

    @Override
    public void stop() {
        helpers.shutdownNow();
        guests.stop();
        super.stop();
        synchronized (dials) {
            dials.clear();
        }
    }

    private void acceptAll() {
        while (!srv_sock.isClosed()) {
            try {
                Socket guest = srv_sock.accept();
                if (!guests.welcome(guest, () -> welcome(guest))) {
                    // As many handshakes as we do at a time: this one may come again.
                    close(guest);
                }
            } catch (IOException e) {
                if (!srv_sock.isClosed()) {
                    log.warn("cannot accept connections of other nodes: %s", e.getMessage());
                    LockSupport.parkNanos(RETRY_AFTER_NS);
                }
            }
        }
    }

    private void welcome(Socket plain) {
        String where = plain.getRemoteSocketAddress().toString().replaceFirst("^/", "");
        SecureConnection connection = null;
        try {
            SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setNeedClientAuth(true);
            socket.setSSLParameters(parameters);
            connection = new SecureConnection(SecureConnection.accept(socket), this, sendQueue);
            handleIncomingConnection(connection.peerAddress(), connection);
        } catch (SSLException e) {
            close(plain);
            tlsFailed(where, false, e);
        } catch (DvsException | EOFException | SocketException | SocketTimeoutException e) {
            // Told where it was found, or somebody only looked whether the port is open.
            close(plain);
        } catch (Exception e) {
            close(plain);
            log.debug("connection of %s refused: %s", where, e);
        }
        closeIfStopped(connection);
    }

    /** A link is in use from now on. */
    void stands(SecureConnection connection) {
        links.stands(connection.node(), connection);
    }

    /** @return true if the node at the other end has ended, as far as its links tell */
    boolean nodeEnded(SecureConnection connection, boolean broken) {
        return connection.node() != null && links.ended(connection.node(), connection, broken);
    }

    /** A peer that proved itself sends what cannot be: the link ends. */
    void broken(SecureConnection connection, Exception e) {
        log.warn("link to %s ended: %s", connection.node().name(), e.getMessage());
    }

    /** Ends these links, with a farewell; beside the caller, since a node that reads no more delays the farewell to it. */
    void end(Collection<Address> places) {
        for (Address place : places) {
            Connection connection = conns.remove(place);
            locks.remove(place);
            try {
                helpers.execute(() -> Util.close(connection));
            } catch (RejectedExecutionException e) {
                Util.close(connection);
            }
        }
    }

    /** Ends everything without a farewell, as the end of the process would. */
    void breakAll() throws IOException {
        srv_sock.close();
        running.set(false);
        clearConnections(false);
        helpers.shutdownNow();
        guests.stop();
    }

    /** One that came to be while the server stopped is in no table any more. */
    private void closeIfStopped(Connection connection) {
        if (connection != null && !running()) {
            Util.close(connection);
        }
    }

    void tlsFailed(String where, boolean calling, SSLException e) {
        log.debug("TLS with %s failed: %s, %s", where, e, e.getCause());
        // A caller that gives up in the middle of its handshake ends the connection, or leaves a record that cannot be decrypted.
        boolean gaveUp = e.getCause() instanceof EOFException || e.getCause() instanceof SocketException
                || e.getCause() instanceof AEADBadTagException;
        if (running() && !gaveUp) {
            listener.refused(calling,
                    new DvsException(ErrorCode.BADCERT, "no trust between this node and " + where + ": " + reason(e), e));
        }
    }

    private static String reason(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "its certificate has expired";
            }
            if (cause instanceof GeneralSecurityException) {
                return "its certificate is not of this cluster";
            }
        }
        String message = String.valueOf(e.getMessage());
        return message.contains("fatal alert") ? "it refused this node's certificate (" + message.replaceFirst(".*: *", "") + ")"
                : message;
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    protected TcpConnection createConnection(Address to) throws Exception {
        return new SecureConnection(to, this, sendQueue);
    }

    @Override
    public void connectionClosed(Connection connection) {
        if (connection instanceof SecureConnection secure) {
            secure.ended();
        }
        super.connectionClosed(connection);
        // Also one that is in no table, because another took its place.
        Util.close(connection);
    }

    @Override
    public void send(Address to, byte[] data, int offset, int length) throws Exception {
        if (to == null || to.equals(local_addr) || data == null || !running()) {
            return;
        }
        Connection connection = conns.get(to);
        if (connection != null && connection.isConnected() && !connection.isClosed()) {
            connection.send(data, offset, length);
            return;
        }
        byte[] copy = new byte[length];
        System.arraycopy(data, offset, copy, 0, length);
        synchronized (dials) {
            Dial dial = dials.get(to);
            if (dial == null) {
                if (refused((IpAddress) to, RETRY_AFTER_NS)) {
                    return;
                }
                try {
                    helpers.execute(() -> dial(to));
                } catch (RejectedExecutionException e) {
                    return;
                }
                dial = new Dial();
                dials.put(to, dial);
            }
            if (dial.waiting.size() < QUEUED_WHILE_CONNECTING) {
                dial.waiting.add(copy);
            }
        }
    }

    private void dial(Address to) {
        Connection connection = null;
        try {
            connection = getConnection(to);
            refusedAt.remove(to);
        } catch (SSLException e) {
            tlsFailed(to.toString(), true, e);
        } catch (ConnectException | NoRouteToHostException e) {
            refusedAt.put(to, System.nanoTime());
        } catch (Exception e) {
            log.debug("no connection to %s: %s", to, e);
        }
        List<byte[]> waiting;
        synchronized (dials) {
            Dial dial = dials.remove(to);
            waiting = dial == null ? List.of() : new ArrayList<>(dial.waiting);
        }
        if (connection == null) {
            return;
        }
        closeIfStopped(connection);
        try {
            for (byte[] data : waiting) {
                connection.send(data, 0, data.length);
            }
        } catch (Exception e) {
            removeConnectionIfPresent(to, connection);
        }
    }
}
