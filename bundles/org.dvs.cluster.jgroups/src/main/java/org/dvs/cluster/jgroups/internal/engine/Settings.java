package org.dvs.cluster.jgroups.internal.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What a node's engine is told.
 *
 * @param bindAddress        that the cluster port listens on
 * @param bindPort           1..65535
 * @param seeds              where other nodes may be found; this node's own address does no harm
 * @param bootstrap          names of the nodes that found the cluster; see {@link #initialVoters}
 * @param logFolder          of the agreed log
 * @param heartbeatTimeoutMs silence after which a node is taken for unreachable
 * @param verifyMs           how long a suspect has to answer before it is taken out of the view
 * @param mergeMinMs         least time between two looks for other parts of the cluster
 * @param mergeMaxMs         greatest
 * @param joinTimeoutMs      how long a node that is refused goes on before it says that it cannot join
 * @param queueMessages      messages that may wait for one receiver
 * @param queueBytes         and their bytes
 */
public record Settings(InetAddress bindAddress, int bindPort, List<InetSocketAddress> seeds, List<String> bootstrap,
        Path logFolder, long heartbeatTimeoutMs, long verifyMs, long mergeMinMs, long mergeMaxMs, long joinTimeoutMs,
        int queueMessages, long queueBytes) {

    public Settings {
        seeds = List.copyOf(seeds);
        bootstrap = List.copyOf(bootstrap);
    }

    /** Seeds that are not this node itself. */
    List<InetSocketAddress> others() {
        return seeds.stream().filter(seed -> seed.getPort() != bindPort || !bindAddress.equals(seed.getAddress())).toList();
    }

    /** Who votes while the log is empty: the founders; this node if it knows of no other; nobody if it waits to be admitted. */
    List<String> initialVoters(String self) {
        return !bootstrap.isEmpty() ? bootstrap : others().isEmpty() ? List.of(self) : List.of();
    }
}
