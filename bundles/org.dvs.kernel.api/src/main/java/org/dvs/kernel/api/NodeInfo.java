package org.dvs.kernel.api;

import java.util.BitSet;

/**
 * An entry of this node's table of nodes: {@code node_usr_t}. Source: dvs-kernel reference 4.3.
 *
 * @param id     0 to nr_nodes - 1
 * @param name   empty for a free entry
 * @param flags  {@link NodeFlags}; 0 is free
 * @param proxy  pair that reaches it; {@link EndpointNumbers#LOCALNODE} for the local node or none
 * @param dcs    DCs it is a member of
 * @param sentAt time of the last command sent to it, ms since the epoch; 0 never
 * @param receivedAt of the last received from it
 * @param sent   commands sent to it
 * @param received commands received from it
 */
public record NodeInfo(int id, String name, int flags, int proxy, BitSet dcs, long sentAt, long receivedAt, long sent,
                       long received) {
    public NodeInfo {
        dcs = (BitSet) dcs.clone();
    }

    @Override
    public BitSet dcs() {
        return (BitSet) dcs.clone();
    }
}
