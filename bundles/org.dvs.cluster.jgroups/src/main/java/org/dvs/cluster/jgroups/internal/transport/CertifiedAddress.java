package org.dvs.cluster.jgroups.internal.transport;

import org.jgroups.stack.IpAddress;

/**
 * The far end of a connection, with the node that its certificate proves. Equal to the plain address, which is what JGroups keys
 * its connections by; JGroups hands it to the transport with each message that comes over the connection.
 */
final class CertifiedAddress extends IpAddress {
    private final NodeIdentity node;

    CertifiedAddress(IpAddress address, NodeIdentity node) {
        super(address.getIpAddress(), address.getPort());
        this.node = node;
    }

    NodeIdentity node() {
        return node;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
