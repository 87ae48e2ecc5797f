package org.dvs.cluster.jgroups.internal.transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Responses;

/**
 * Finds the cluster through the seeds, and founds one where {@link FoundingRule} allows it. JGroups' own search takes its whole
 * time-out before a first node founds, and lets several found that start together.
 */
public final class SeedSearch extends TCPPING {
    private static final long ROUND_MS = 100;
    private static final long DEAF_WITHIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final FoundingRule rule;
    private final BooleanSupplier forbidden;
    private volatile boolean abandoned;
    private boolean searched;

    /** The search was given up, or has to begin anew. */
    public static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Abandoned(String message) {
            super(message);
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
        returnEntireCache(true);
    }

    /** Makes a search that is under way end with {@link Abandoned}. Any thread. */
    public void abandon() {
        abandoned = true;
    }

    @Override
    public Responses findMembers(List<Address> members, boolean initial, boolean async, long timeout) {
        return initial ? search() : super.findMembers(members, false, async, timeout);
    }

    private Responses search() {
        if (searched) {
            // JGroups would go on asking a coordinator that may be gone: begin anew, with fresh eyes.
            throw new Abandoned("no answer from the coordinator");
        }
        searched = true;
        long begin = System.nanoTime();
        Set<Address> outside = new HashSet<>();
        while (true) {
            if (abandoned || is_leaving) {
                throw new Abandoned("search for the cluster given up");
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            if (rule.mayFound(waited, outside.size(), deaf(), forbidden.getAsBoolean())) {
                return new Responses(true).done();
            }
            Responses answers = super.findMembers(null, true, false, ROUND_MS);
            answers.waitFor(ROUND_MS);
            answers.done();
            for (PingData answer : answers) {
                if (answer.isCoord()) {
                    return answers;
                }
                if (!answer.isServer() && !answer.getAddress().equals(local_addr)) {
                    outside.add(answer.getAddress());
                }
            }
        }
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
