package org.dvs.cluster.jgroups.internal.transport;

import java.security.cert.X509Certificate;

import org.dvs.api.DvsException;
import org.dvs.api.security.CertifiedNode;

/**
 * Who a certificate says that a node is; see {@link CertifiedNode}.
 *
 * @param id   0 or more
 * @param name as in the certificate
 */
public record NodeIdentity(int id, String name) {

    /**
     * Reads what the authority has signed; whether it is the right authority TLS has checked before.
     *
     * @throws DvsException {@code BADCERT}, naming what is missing
     */
    public static NodeIdentity of(X509Certificate certificate) throws DvsException {
        CertifiedNode node = CertifiedNode.of(certificate);
        return new NodeIdentity(node.id(), node.name());
    }
}
