package org.dvs.transport.api;

import java.util.Objects;
import java.util.Optional;

import org.dvs.api.security.CertifiedNode;

/**
 * Who is at the other end, as far as it is proven.
 *
 * @param address  for people and logs: {@code 192.0.2.7:40312}, or {@code pid 4711}
 * @param process  of a Unix-domain socket: the process that connected, as the operating system says
 * @param node     with {@link Tls#CLUSTER}: the node that the certificate names
 */
public record Peer(String address, Optional<Process> process, Optional<CertifiedNode> node) {
    public Peer {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(process, "process");
        Objects.requireNonNull(node, "node");
    }

    /**
     * A process, as it was when it connected.
     *
     * @param pid above 0
     * @param uid effective user id, unsigned
     * @param gid effective group id, unsigned
     */
    public record Process(int pid, int uid, int gid) {
    }
}
