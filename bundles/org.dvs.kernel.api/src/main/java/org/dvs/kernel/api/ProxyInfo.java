package org.dvs.kernel.api;

import java.util.BitSet;

/**
 * A proxy pair: {@code proxies_usr_t}. Source: dvs-kernel reference 4.6.
 *
 * @param id        0 to nr_nodes - 1, by convention the remote node's id
 * @param flags     {@link ProxyFlags}; 0 is free
 * @param maxBytes  of payload in one command
 * @param maxBatch  commands in one batch
 * @param nodes     served by the pair
 * @param queued    commands that wait for the sender
 */
public record ProxyInfo(int id, String name, int flags, int maxBytes, int maxBatch, BitSet nodes, int queued) {
    public ProxyInfo {
        nodes = (BitSet) nodes.clone();
    }

    @Override
    public BitSet nodes() {
        return (BitSet) nodes.clone();
    }
}
