package org.dvs.security.internal.keys;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.dvs.security.internal.keys.KeyStores.KeyAndChain;

/** The authority of one cluster: whoever holds a certificate of it belongs to the cluster. EC P-256 throughout. */
final class Authority {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3652);
    private static final Duration NODE_LIFE = Duration.ofDays(1826);
    /** A node whose clock is behind takes a fresh certificate all the same. */
    private static final Duration BACKDATE = Duration.ofHours(1);
    private static final String SIGNATURE = "SHA256withECDSA";

    private final KeyAndChain own;
    private final Clock clock;
    private final SecureRandom random;

    Authority(KeyAndChain own, Clock clock, SecureRandom random) {
        this.own = own;
        this.clock = clock;
        this.random = random;
    }

    /** @param cluster name of the cluster, becomes the common name */
    static Authority create(String cluster, Clock clock, SecureRandom random) throws GeneralSecurityException {
        NodeName.checkName(cluster);
        KeyPair keys = keyPair(random);
        X500Name name = commonName(cluster);
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial(random), Date.from(now.minus(BACKDATE)),
                Date.from(now.plus(AUTHORITY_LIFE)), name, keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.subjectKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            X509Certificate certificate = sign(builder, keys.getPrivate());
            return new Authority(new KeyAndChain(keys.getPrivate(), List.of(certificate)), clock, random);
        } catch (IOException e) {
            throw new GeneralSecurityException("the authority's certificate cannot be encoded", e);
        }
    }

    KeyAndChain own() {
        return own;
    }

    X509Certificate certificate() {
        return own.certificate();
    }

    /** A new key with a certificate for server and client, the id as a URI among its names. */
    KeyAndChain issue(NodeName node) throws GeneralSecurityException {
        KeyPair keys = keyPair(random);
        Instant now = clock.instant();
        Instant end = now.plus(NODE_LIFE);
        Instant authorityEnd = certificate().getNotAfter().toInstant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded()), serial(random),
                Date.from(now.minus(BACKDATE)), Date.from(end.isBefore(authorityEnd) ? end : authorityEnd),
                commonName(node.name()), keys.getPublic());
        try {
            extend(builder, node, keys.getPublic());
        } catch (IOException e) {
            throw new GeneralSecurityException("the certificate of " + node.name() + " cannot be encoded", e);
        }
        return new KeyAndChain(keys.getPrivate(), List.of(sign(builder, own.key()), certificate()));
    }

    private void extend(X509v3CertificateBuilder builder, NodeName node, PublicKey key) throws IOException,
            GeneralSecurityException {
        JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
        builder.addExtension(Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(key));
        builder.addExtension(Extension.authorityKeyIdentifier, false,
                utils.createAuthorityKeyIdentifier(certificate().getPublicKey()));
        builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(node));
    }

    private static GeneralNames alternativeNames(NodeName node) {
        Set<String> hosts = new LinkedHashSet<>(List.of("localhost", node.name(), "127.0.0.1", "::1"));
        hosts.addAll(node.addresses());
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, NodeName.URI_PREFIX + node.id()));
        for (String host : hosts) {
            names.add(new GeneralName(NodeName.isIp(host) ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static KeyPair keyPair(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static X500Name commonName(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(127, random).setBit(126);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE)
                    .build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("the certificate cannot be signed", e);
        }
    }
}
