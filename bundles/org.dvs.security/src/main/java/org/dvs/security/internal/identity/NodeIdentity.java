package org.dvs.security.internal.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Identity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeCertificate;

/**
 * The identity that a checked certificate gives. The certificate can be replaced by a newer one of the same node and authority;
 * id, name and cluster stay what they are. Thread-safe.
 */
public final class NodeIdentity implements Identity {
    private final Path folder;
    private final RotatingKeys keys;
    private final RenewableContext clusterTls;
    private final RenewableContext serverTls;
    private volatile NodeCertificate certificate;

    private NodeIdentity(NodeCertificate certificate, Path folder) throws IOException, GeneralSecurityException {
        this.certificate = certificate;
        this.folder = folder;
        this.keys = new RotatingKeys(certificate);
        this.clusterTls = RenewableContext.of(keys, trustOnly(certificate.authority()));
        this.serverTls = RenewableContext.of(keys, new TrustManager[0]);
    }

    /** @throws DvsException {@code BADCERT} naming the file and what is wrong with it */
    public static NodeIdentity of(KeyFolder keys) throws DvsException {
        if (!keys.hasNode()) {
            throw new DvsException(ErrorCode.BADCERT, keys.files().path(KeyFolder.NODE_STORE) + " is missing");
        }
        try {
            return new NodeIdentity(keys.node(), keys.files().folder());
        } catch (IOException e) {
            throw new DvsException(ErrorCode.BADCERT, keys.files().folder() + " cannot be read: " + e, e);
        } catch (GeneralSecurityException e) {
            throw new DvsException(ErrorCode.BADCERT, e.getMessage(), e);
        }
    }

    /**
     * Takes a certificate that was replaced on disk: new handshakes of both contexts show it, and no connection is resumed on
     * the strength of the old one. Connections that there are go on.
     *
     * @return false if it is the one that is in use already
     * @throws DvsException {@code BADCERT} if it is not this node's, of this cluster's authority
     */
    synchronized boolean replace(NodeCertificate next) throws DvsException {
        NodeCertificate now = certificate;
        if (next.chain().equals(now.chain())) {
            return false;
        }
        if (next.nodeId() != now.nodeId() || !next.nodeName().equals(now.nodeName()) || !next.authority()
                .equals(now.authority())) {
            throw new DvsException(ErrorCode.BADCERT, "the new certificate is that of node " + next.nodeId() + ", "
                    + next.nodeName()
                    + " of " + next.clusterName() + (next.authority().equals(now.authority()) ? "" : " with another authority")
                    + ", and this is node " + now.nodeId() + ", " + now.nodeName() + " of " + now.clusterName()
                    + ": to become that one takes a restart");
        }
        try {
            keys.replace(next);
            certificate = next;
            clusterTls.renew();
            serverTls.renew();
            return true;
        } catch (IOException | GeneralSecurityException e) {
            throw new DvsException(ErrorCode.BADCERT, "the new certificate cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trustOnly(X509Certificate authority) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    @Override
    public int nodeId() {
        return certificate.nodeId();
    }

    @Override
    public String nodeName() {
        return certificate.nodeName();
    }

    @Override
    public String clusterName() {
        return certificate.clusterName();
    }

    @Override
    public List<X509Certificate> chain() {
        return certificate.chain();
    }

    @Override
    public PrivateKey privateKey() {
        return certificate.key();
    }

    @Override
    public SSLContext clusterTls() {
        return clusterTls;
    }

    @Override
    public SSLContext serverTls() {
        return serverTls;
    }

    @Override
    public Path folder() {
        return folder;
    }
}
