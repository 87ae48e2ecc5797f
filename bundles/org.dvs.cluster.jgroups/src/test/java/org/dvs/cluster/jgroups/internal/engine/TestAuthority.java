package org.dvs.cluster.jgroups.internal.engine;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.dvs.api.security.Identity;

/** An authority for tests; its certificates have the shape that org.dvs.security gives them. */
public final class TestAuthority {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final String cluster;
    private final KeyPair keys;
    private final X509Certificate certificate;

    public TestAuthority(String cluster) {
        this.cluster = cluster;
        try {
            keys = pair();
            certificate = sign("CN=" + cluster, keys, null);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509Certificate sign(String subject, KeyPair pair, String uri) throws Exception {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(new X500Name("CN=" + cluster),
                BigInteger.valueOf(SERIAL.getAndIncrement()), Date.from(Instant.now().minusSeconds(60)),
                Date.from(Instant.now().plusSeconds(3_600)), new X500Name(subject), pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(uri == null));
        if (uri != null) {
            builder.addExtension(Extension.subjectAlternativeName, false,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    public Identity node(int id) {
        return node(id, "node" + id);
    }

    Identity node(int id, String name) {
        try {
            KeyPair pair = pair();
            X509Certificate own = sign("CN=" + name, pair, "dvs:node:" + id);
            return new TestIdentity(id, name, cluster, List.of(own, certificate), pair.getPrivate());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A node whose certificate says one thing, and that says another. */
    Identity pretender(int certified, int claimed) {
        TestIdentity honest = (TestIdentity) node(certified);
        return new TestIdentity(claimed, "node" + claimed, cluster, honest.chain(), honest.privateKey());
    }

    /** A client that trusts this authority and shows nothing. */
    Socket withoutCertificate(InetAddress host, int port) throws Exception {
        return context(null, certificate).getSocketFactory().createSocket(host, port);
    }

    private static SSLContext context(TestIdentity own, X509Certificate trusted) throws Exception {
        KeyStore trust = KeyStore.getInstance("JKS");
        trust.load(null, null);
        trust.setCertificateEntry("authority", trusted);
        TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        TrustManager[] trustManagers = trusts.getTrustManagers();
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        if (own == null) {
            context.init(null, trustManagers, null);
            return context;
        }
        // JKS only because it opens a hundred times faster than PKCS12, which matters to tests.
        KeyStore key = KeyStore.getInstance("JKS");
        key.load(null, null);
        key.setKeyEntry("node", own.privateKey(), new char[0], own.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(key, new char[0]);
        context.init(keys.getKeyManagers(), trustManagers, null);
        return context;
    }

    private record TestIdentity(int nodeId, String nodeName, String clusterName, List<X509Certificate> chain,
            PrivateKey privateKey) implements Identity {
        @Override
        public SSLContext clusterTls() {
            try {
                return context(this, chain.get(1));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public SSLContext serverTls() {
            throw new UnsupportedOperationException("not for these tests");
        }

        @Override
        public Path folder() {
            throw new UnsupportedOperationException("not for these tests");
        }
    }
}
