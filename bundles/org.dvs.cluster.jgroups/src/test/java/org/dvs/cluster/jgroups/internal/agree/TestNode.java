package org.dvs.cluster.jgroups.internal.agree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.NioStorage;
import org.dvs.cluster.jgroups.internal.log.Storage;
import org.dvs.testkit.Ports;
import org.jgroups.JChannel;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FORK;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.stack.Protocol;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.Util;

/** A node of a test: a channel over TCP on loopback with an ephemeral port, and one agreed group on it. */
final class TestNode implements AutoCloseable {
    final String name;
    final JChannel channel;
    final Agreement agreement;
    final List<DvsException> failures = new CopyOnWriteArrayList<>();
    private static final Map<String, List<InetSocketAddress>> PORTS = new ConcurrentHashMap<>();

    private final DISCARD discard = new DISCARD();

    private TestNode(String cluster, String name, List<String> voters, Path folder, Storage storage, DurableLog.Sizes sizes,
            long maxLogBytes) throws Exception {
        this.name = name;
        this.channel = new JChannel(protocols(discard, cluster, name)).name(name);
        channel.addAddressGenerator(() -> ExtendedUUID.randomUUID(name).put(RAFT.raft_id_key, Util.stringToBytes(name)));
        channel.connect(cluster);
        AgreementOptions options = AgreementOptions.of("meta", name, folder, voters, failure -> {
            failures.add(failure);
            channel.close();
        });
        try {
            agreement = storage == null && sizes == null ? Agreement.open(channel, options)
                    : Agreement.open(channel, options, DurableLog.open(
                            storage == null ? new NioStorage(folder) : storage, sizes, failure -> { }), maxLogBytes);
        } catch (DvsException e) {
            channel.close();
            throw e;
        }
    }

    static TestNode start(String cluster, String name, List<String> voters, Path root) throws Exception {
        return new TestNode(cluster, name, voters, root.resolve(name), null, null, 0);
    }

    /** With a log that makes a snapshot every {@code maxLogBytes}. */
    static TestNode start(String cluster, String name, List<String> voters, Path root, Storage storage, long maxLogBytes)
            throws Exception {
        return new TestNode(cluster, name, voters, root.resolve(name), storage, new DurableLog.Sizes(64 * 1024, 32 * 1024, 0),
                maxLogBytes);
    }

    /** Ports of node0 to node3, by cluster. */
    private static List<InetSocketAddress> ports(String cluster) {
        return PORTS.computeIfAbsent(cluster, key -> {
            List<InetSocketAddress> ports = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                try {
                    ports.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return ports;
        });
    }

    private static List<Protocol> protocols(DISCARD discard, String cluster, String name) throws Exception {
        List<InetSocketAddress> ports = ports(cluster);
        TCP tcp = new TCP();
        tcp.setBindAddress(InetAddress.getLoopbackAddress());
        tcp.setBindPort(ports.get(Integer.parseInt(name.substring(4))).getPort());
        tcp.setPortRange(0);
        GMS gms = new GMS();
        gms.setJoinTimeout(300);
        gms.printLocalAddress(false);
        // who stops for half a second is missed by nobody
        return List.of(tcp, discard, new TCPPING().setPortRange(0).initialHosts(ports),
                new MERGE3().setMinInterval(200).setMaxInterval(500),
                new FD_ALL3().setTimeout(2000).setInterval(250), new VERIFY_SUSPECT2().setTimeout(600),
                new NAKACK2().useMcastXmit(false), new UNICAST3(), new STABLE(), gms, new UFC(), new MFC(), new FRAG4(),
                        new FORK());
    }

    AgreedState state() {
        return agreement.state();
    }

    /** Nothing comes in or goes out. */
    void isolate(boolean isolated) {
        discard.discardAll(isolated);
    }

    @Override
    public void close() {
        agreement.close();
        channel.close();
    }
}
