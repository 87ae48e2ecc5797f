package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.dvs.api.security.Identity;
import org.dvs.cluster.jgroups.internal.agree.GroupHeader;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.transport.Admission;
import org.dvs.cluster.jgroups.internal.transport.Doorkeeper;
import org.dvs.cluster.jgroups.internal.transport.FoundingRule;
import org.dvs.cluster.jgroups.internal.transport.LinkListener;
import org.dvs.cluster.jgroups.internal.transport.NetThreads;
import org.dvs.cluster.jgroups.internal.transport.NodeAddress;
import org.dvs.cluster.jgroups.internal.transport.NodeIdentity;
import org.dvs.cluster.jgroups.internal.transport.Rivalry;
import org.dvs.cluster.jgroups.internal.transport.SecureTransport;
import org.dvs.cluster.jgroups.internal.transport.SeedSearch;
import org.dvs.cluster.jgroups.internal.transport.SendQueue;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.fork.UnknownForkHandler;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FORK;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Configurator;
import org.jgroups.stack.Protocol;

/**
 * The JGroups channel of a node. Failure detection: broken connections (the transport) and heart-beats (FD_ALL3). FORK carries
 * the agreed groups beside our own messages; total order is made above the channel, so what is agreed does not wait for it.
 */
final class Stack {
    final JChannel channel;
    final SecureTransport transport;
    private final SeedSearch search;

    private Stack(JChannel channel, SecureTransport transport, SeedSearch search) {
        this.channel = channel;
        this.transport = transport;
        this.search = search;
    }

    /**
     * Who may do what.
     *
     * @param founding  whether this node may found a cluster
     * @param admission who may come in, asked when this node coordinates
     * @param former    gives the peers that this node was in earlier tries to join, oldest first
     * @param rivalry   asked where parts of the cluster meet that have nodes with one id
     * @param forbidden true once a seed has refused this node
     */
    record Rules(FoundingRule founding, Admission admission, Supplier<Set<Peer>> former, Rivalry rivalry,
            BooleanSupplier forbidden) {
    }

    /**
     * @param self   whom this node joins as
     * @param change what a test puts between, e.g. a protocol that loses messages
     */
    static Stack build(Settings settings, Identity identity, Peer self, Rules rules, LinkListener listener,
            UnaryOperator<List<Protocol>> change) throws Exception {
        // Makes JGroups know it: members with an open log send it before this node has opened its own.
        new GroupHeader();
        SecureTransport transport = new SecureTransport(identity.clusterTls(),
                new NodeIdentity(identity.nodeId(), identity.nodeName()), listener);
        transport.setBindAddress(settings.bindAddress());
        transport.setClientBindAddr(settings.bindAddress());
        transport.setBindPort(settings.bindPort());
        transport.setPortRange(0);
        transport.setThreadFactory(new NetThreads());
        transport.setSockConnTimeout(2_000);
        transport.setBundler(new SendQueue());
        SeedSearch search = new SeedSearch(settings.others(), rules.founding(), rules.forbidden());

        List<Protocol> protocols = new ArrayList<>();
        protocols.add(transport);
        protocols.add(search);
        protocols.add(new MERGE3().setMinInterval(settings.mergeMinMs()).setMaxInterval(settings.mergeMaxMs()));
        protocols.add(new FD_ALL3().setTimeout(settings.heartbeatTimeoutMs())
                .setInterval(Math.max(100, settings.heartbeatTimeoutMs() / 4)));
        protocols.add(new VERIFY_SUSPECT2().setTimeout(settings.verifyMs()));
        protocols.add(new NAKACK2().useMcastXmit(false).setXmitInterval(500));
        protocols.add(new UNICAST3().setXmitInterval(500));
        protocols.add(new STABLE().setDesiredAverageGossip(20_000).setMaxBytes(1_000_000));
        long silence = settings.heartbeatTimeoutMs() + settings.verifyMs();
        protocols.add(new Doorkeeper(rules.admission(), listener, rules.former(), rules.rivalry(),
                TimeUnit.MILLISECONDS.toNanos(2 * silence), System::nanoTime));
        // However often it has asked: whether this node may found a cluster is for the search to say.
        protocols.add(new GMS().setJoinTimeout(1_000).setMaxJoinAttempts(0).setLeaveTimeout(1_000).printLocalAddress(false));
        protocols.add(new UFC().setMaxCredits(4_000_000));
        protocols.add(new MFC().setMaxCredits(4_000_000));
        protocols.add(new FRAG4().setFragSize(60_000));
        protocols.add(new FORK().setUnknownForkHandler(new NotYet()));

        // All addresses are set above; else JGroups would look through the network cards once for each protocol.
        Configurator.skipSettingDefaultValues(true);
        JChannel channel = new JChannel(change.apply(protocols));
        channel.setName(identity.nodeName());
        channel.addAddressGenerator(() -> NodeAddress.of(self, identity.nodeName()));
        return new Stack(channel, transport, search);
    }

    /** Gives a join up that is under way, and closes. */
    void close() {
        search.abandon();
        channel.close();
    }

    /** Others may send to an agreed group before this node has opened its log; they send again. */
    private static final class NotYet implements UnknownForkHandler {
        @Override
        public Object handleUnknownForkStack(Message message, String stackId) {
            return null;
        }

        @Override
        public Object handleUnknownForkChannel(Message message, String channelId) {
            return null;
        }
    }
}
