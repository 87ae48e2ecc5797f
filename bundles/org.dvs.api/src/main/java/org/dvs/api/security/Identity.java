package org.dvs.api.security;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Who this node is: the node id and name stand in its certificate and nowhere else, so they cannot disagree.
 * The certificate may be replaced by a newer one of the same node while the node runs; id, name and cluster never change.
 * Thread-safe.
 */
@ProviderType
public interface Identity {

    /** 0 or more. */
    int nodeId();

    /** E.g. {@code node0}. */
    String nodeName();

    /** The name of the cluster, from the certificate of its authority. */
    String clusterName();

    /** This node's certificate, the newest, then its authority's. */
    List<X509Certificate> chain();

    /** Of the newest certificate. */
    PrivateKey privateKey();

    /**
     * For links between nodes: presents this node's certificate and trusts only this cluster's authority. Ask it for an engine or
     * factory for each connection, so that a certificate that was replaced counts.
     */
    SSLContext clusterTls();

    /** For clients: presents this node's certificate and asks for none. To be used as {@link #clusterTls}. */
    SSLContext serverTls();

    /** The folder that holds keys and tokens; readable by the owner only. */
    Path folder();
}
