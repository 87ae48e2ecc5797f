package org.dvs.cluster.jgroups.internal.transport;

import java.io.DataInput;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

import javax.net.ssl.SSLContext;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.jgroups.Address;
import org.jgroups.Global;
import org.jgroups.Message;
import org.jgroups.MessageFactory;
import org.jgroups.PhysicalAddress;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.BasicTCP;
import org.jgroups.protocols.TCP;
import org.jgroups.stack.DiagnosticsHandler;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Util;

/**
 * TCP with mutual TLS 1.3, in the place of JGroups' {@code TCP}. Whatever comes over a connection must carry an address of the
 * node that the connection's certificate names, so the source of every message is proven, not claimed; there is nothing left for
 * AUTH to do. JGroups relays nothing in our stack, so the sender of a message is always the one at the other end of the
 * connection.
 *
 * <p>A connection that breaks without a farewell makes its node suspect at once. That replaces FD_SOCK2, whose socket of its own
 * has no TLS and reads from strangers.
 */
public final class SecureTransport extends BasicTCP {
    /** Longest piece that a node sends at once; the bundler's limit is 64 000 bytes. */
    private static final int MAX_PIECE = 1 << 20;
    private static final int SEND_QUEUE = 4_096;

    private final SSLContext tls;
    private final NodeIdentity self;
    private final LinkListener listener;
    private final LongAdder impersonated = new LongAdder();
    private SecureServer server;
    /** Where the members of the last view are. */
    private Set<Address> linked = Set.of();

    public SecureTransport(SSLContext tls, NodeIdentity self, LinkListener listener) {
        this.tls = tls;
        this.self = self;
        this.listener = listener;
        id = ClassConfigurator.getProtocolId(TCP.class);
        enableSuspectEvents(true);
        logDetails(false);
        tcpNodelay(true);
        setMaxLength(MAX_PIECE);
        // The name would be looked up at the start, and win.
        message_processing_policy = null;
        msg_processing_policy = new ReaderProcesses();
    }

    /** Messages dropped because their sender was not who the connection's certificate names. */
    public long impersonated() {
        return impersonated.sum();
    }

    /** True if nobody listened at this address within the last so many nanoseconds. */
    public boolean refused(IpAddress address, long withinNs) {
        SecureServer now = server;
        return now != null && now.refused(address, withinNs);
    }

    /** Ends all links without a farewell and takes no new ones, as the end of the process would. */
    public void breakAll() throws IOException {
        server.breakAll();
    }

    @Override
    public void start() throws Exception {
        InetAddress bind = getBindAddress();
        server = new SecureServer(getThreadFactory(), tls, self, listener, SEND_QUEUE, bind, getBindPort());
        server.usePeerConnections(true);
        server.peerAddressReadTimeout(peer_addr_read_timeout);
        server.receiver(this);
        server.timeService(time_service);
        server.socketConnectionTimeout(sock_conn_timeout);
        server.tcpNodelay(tcp_nodelay);
        server.clientBindAddress(bind);
        server.log(log);
        server.logDetails(log_details);
        server.addConnectionListener(this);
        server.setMaxLength(getMaxLength());
        super.start();
    }

    @Override
    public DiagnosticsHandler createDiagnosticsHandler() {
        return super.createDiagnosticsHandler().setEnabled(false);
    }

    @Override
    public void stop() {
        super.stop();
        if (server != null) {
            server.stop();
        }
    }

    @Override
    protected void handleConnect() throws Exception {
        server.start();
        connected = true;
        super.handleConnect();
    }

    @Override
    protected void handleDisconnect() {
        super.handleDisconnect();
        connected = false;
        server.stop();
    }

    @Override
    protected PhysicalAddress getPhysicalAddress() {
        return server != null ? (PhysicalAddress) server.localAddress() : null;
    }

    @Override
    public String printConnections() {
        return server.printConnections();
    }

    @Override
    public BasicTCP clearConnections(boolean graceful) {
        server.clearConnections(graceful);
        return this;
    }

    @Override
    public void send(Address to, byte[] data, int offset, int length) throws Exception {
        if (server != null) {
            server.send(to, data, offset, length);
        }
    }

    /** Ends the links to those who left. JGroups would also end those of nodes that are just about to join. */
    @Override
    public synchronized void retainAll(Collection<Address> now) {
        Set<Address> left = new HashSet<>(linked);
        left.removeAll(now);
        left.removeIf(place -> is_member.test((PhysicalAddress) place));
        linked = Set.copyOf(now);
        server.end(left);
    }

    @Override
    public void connectionClosed(Connection connection) {
        if (connection instanceof SecureConnection secure && server.nodeEnded(secure, secure.broken() && connected)) {
            super.connectionClosed(connection);
        }
    }

    /** Reads one piece whole before it is parsed: a piece that is broken does not break the next one. */
    @Override
    public void receive(Address sender, DataInput in, int length) throws Exception {
        if (length < Global.SHORT_SIZE + Global.BYTE_SIZE || length > MAX_PIECE) {
            throw new IllegalStateException("a piece of " + length + " bytes from " + sender);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        receive(sender, bytes, 0, length);
    }

    @Override
    public void receive(Address sender, byte[] bytes, int offset, int length) {
        if (!(sender instanceof CertifiedAddress certified)) {
            return;
        }
        try {
            ByteArrayDataInputStream in = new ByteArrayDataInputStream(bytes, offset, length);
            if (!versionMatch(in.readShort(), sender)) {
                return;
            }
            byte flags = in.readByte();
            boolean multicast = (flags & MULTICAST) == MULTICAST;
            if ((flags & LIST) == LIST) {
                for (MessageBatch batch : Util.readMessageBatch(in, multicast)) {
                    if (batch != null && proven(batch.sender(), certified)) {
                        msg_stats.received(batch);
                        processBatch(batch, batch.mode() == MessageBatch.Mode.OOB);
                    }
                }
                return;
            }
            Message message = MessageFactory.create(in.readShort());
            message.readFrom(in);
            if (proven(message.getSrc(), certified) && (multicast || !unicastDestMismatch(message.getDest()))) {
                msg_processing_policy.process(message, message.isFlagSet(Message.Flag.OOB));
                msg_stats.received(message);
            }
        } catch (Exception e) {
            log.warn("%s: a piece from %s is broken and was dropped: %s", local_addr, certified.node().name(), e);
        }
    }

    private boolean proven(Address claimed, CertifiedAddress certified) {
        if (NodeAddress.belongs(claimed, certified.node())) {
            return true;
        }
        impersonated.increment();
        listener.refused(false, new DvsException(ErrorCode.BADCERT,
                certified.node().name() + " sent a message in the name of another node; dropped"));
        return false;
    }
}
