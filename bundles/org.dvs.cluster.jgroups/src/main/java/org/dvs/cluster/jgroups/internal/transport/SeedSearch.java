package org.dvs.cluster.jgroups.internal.transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.dvs.cluster.jgroups.internal.order.Peer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;

/**
 * Finds the cluster through the seeds, and founds one where {@link FoundingRule} allows it. JGroups' own search takes its whole
 * time-out before a first node founds, and lets several found that start together.
 *
 * <p>GMS searches again when the coordinator has not let the node in within the time for a join, and it would go on asking one
 * that is gone. So while the same coordinator is found, which then is only slow, the node asks again as the same peer; else it
 * begins anew. A node that became another peer while it waits at a slow coordinator would be let in once for each.
 */
public final class SeedSearch extends TCPPING {
    private static final long ROUND_MS = 100;
    private static final long EXPIRY_MS = 5_000;
    private static final long DEAF_WITHIN_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration FOUND_AGAIN = Duration.ofSeconds(3);

    private final FoundingRule rule;
    private final BooleanSupplier forbidden;
    private volatile boolean abandoned;
    /** Coordinators that this node has asked to let it in. */
    private Set<Address> asked = Set.of();

    /** The search was given up, or has to begin anew. */
    public static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Abandoned(String message) {
            super(message);
        }
    }

    /** The cluster is led by another node with this node's id, or by a former run of this node that nobody misses yet. */
    public static final class OwnIdLeads extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OwnIdLeads(int id) {
            super("node id " + id + " is in the cluster already, as its coordinator");
        }
    }

    /** @param forbidden whether a seed has refused the link to this node */
    public SeedSearch(List<InetSocketAddress> seeds, FoundingRule rule, BooleanSupplier forbidden) {
        this.rule = rule;
        this.forbidden = forbidden;
        id = ClassConfigurator.getProtocolId(TCPPING.class);
        initial_hosts_set_programmatically = true;
        setInitialHosts(seeds);
        setPortRange(0);
        discoveryRspExpiryTime(EXPIRY_MS);
    }

    /** Makes a search that is under way end with {@link Abandoned}. Any thread. */
    public void abandon() {
        abandoned = true;
    }

    @Override
    public Responses findMembers(List<Address> members, boolean initial, boolean async, long timeout) {
        if (initial) {
            return search();
        }
        // MERGE3 looks for other parts on each member. That the coordinators look is enough: whom they ask, answers.
        return members == null && !is_coord ? new Responses(false).done() : super.findMembers(members, false, async, timeout);
    }

    /**
     * Answers with what was asked for: where certain members are, or where this node and its coordinator are. JGroups' own can
     * answer with all that it knows, which is the cube of the number of members when all ask all, or with this node alone, which
     * does not lead to a coordinator that is no seed.
     */
    @Override
    protected Object handle(PingHeader header, Message message) {
        List<PingData> data = readPingData(message.getArray(), message.getOffset(), message.getLength());
        if (data == null) {
            return null;
        }
        if (header.type() == PingHeader.GET_MBRS_RSP) {
            handleDiscoveryResponse(data, message.getSrc());
            return null;
        }
        Set<Address> wanted = new LinkedHashSet<>();
        for (PingData asker : data) {
            addDiscoveryResponseToCaches(asker.getAddress(), asker.getLogicalName(), asker.getPhysicalAddr());
            discoveryRequestReceived(message.getSrc(), asker.getLogicalName(), asker.getPhysicalAddr());
            addResponse(asker, false);
            wanted.addAll(asker.mbrs() == null || asker.mbrs().isEmpty() ? nextOnes() : asker.mbrs());
        }
        List<PingData> known = wanted.stream().flatMap(address -> where(address).stream()).toList();
        if (!known.isEmpty()) {
            down_prot.down(new BytesMessage(message.getSrc(), marshal(known)).setFlag(Message.Flag.OOB, Message.Flag.DONT_BUNDLE)
                    .setFlag(Message.TransientFlag.DONT_BLOCK).putHeader(id, new PingHeader(PingHeader.GET_MBRS_RSP)));
        }
        return null;
    }

    private List<Address> nextOnes() {
        Address coordinator = current_coord;
        return coordinator == null ? List.of(local_addr) : List.of(local_addr, coordinator);
    }

    private Optional<PingData> where(Address member) {
        View now = view;
        if (!member.equals(local_addr) && (now == null || !now.containsMember(member))) {
            return Optional.empty();
        }
        PhysicalAddress place = (PhysicalAddress) down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, member));
        return Optional.ofNullable(place).map(known -> new PingData(member, is_server, NameCache.get(member), known)
                .coord(isCoord(member)));
    }

    private Responses search() {
        long begin = System.nanoTime();
        boolean again = !asked.isEmpty();
        Set<Address> outside = new HashSet<>();
        while (true) {
            if (abandoned || is_leaving) {
                throw new Abandoned("search for the cluster given up");
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            if (!again && rule.mayFound(waited, outside.size(), deaf(), forbidden.getAsBoolean())) {
                return new Responses(true).done();
            }
            if (again && (waited.compareTo(FOUND_AGAIN) > 0 || deaf() == initial_hosts.size())) {
                throw new Abandoned("the coordinator is not found any more");
            }
            Responses answers = super.findMembers(null, true, false, ROUND_MS);
            answers.waitFor(ROUND_MS);
            answers.done();
            Set<Address> coordinators = new HashSet<>();
            for (PingData answer : answers) {
                if (answer.isCoord()) {
                    coordinators.add(answer.getAddress());
                } else if (!answer.isServer() && !answer.getAddress().equals(local_addr)) {
                    outside.add(answer.getAddress());
                }
            }
            if (coordinators.stream().anyMatch(this::hasOwnId)) {
                // It cannot be asked: no link stands between two nodes with one id.
                throw new OwnIdLeads(NodeAddress.peer(local_addr).orElseThrow().id());
            }
            if (again && !coordinators.isEmpty() && !coordinators.equals(asked)) {
                throw new Abandoned("another coordinator than before");
            }
            if (!coordinators.isEmpty()) {
                asked = coordinators;
                return answers;
            }
        }
    }

    private boolean hasOwnId(Address other) {
        Optional<Integer> own = NodeAddress.peer(local_addr).map(Peer::id);
        return !other.equals(local_addr) && NodeAddress.peer(other).map(Peer::id).equals(own);
    }

    private int deaf() {
        if (!(getTransport() instanceof SecureTransport transport)) {
            return 0;
        }
        int deaf = 0;
        for (PhysicalAddress seed : initial_hosts) {
            deaf += transport.refused((IpAddress) seed, DEAF_WITHIN_NS) ? 1 : 0;
        }
        return deaf;
    }
}
