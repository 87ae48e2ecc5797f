package org.dvs.security.internal.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Identity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeCertificate;

/** The identity that a checked certificate gives. Immutable. */
final class NodeIdentity implements Identity {
    /** Of the key in the store that lives in memory only. */
    private static final char[] NO_PASSWORD = new char[0];

    private final NodeCertificate certificate;
    private final Path folder;
    private final SSLContext clusterTls;
    private final SSLContext serverTls;

    private NodeIdentity(NodeCertificate certificate, Path folder) throws IOException, GeneralSecurityException {
        this.certificate = certificate;
        this.folder = folder;
        KeyManager[] keys = keys(certificate);
        this.clusterTls = context(keys, trustOnly(certificate.authority()));
        this.serverTls = context(keys, new TrustManager[0]);
    }

    /** @throws DvsException {@code BADCERT} naming the file and what is wrong with it */
    static NodeIdentity of(KeyFolder keys) throws DvsException {
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

    private static KeyManager[] keys(NodeCertificate certificate) throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setKeyEntry("node", certificate.key(), NO_PASSWORD, certificate.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustOnly(X509Certificate authority) throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("authority", authority);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
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
