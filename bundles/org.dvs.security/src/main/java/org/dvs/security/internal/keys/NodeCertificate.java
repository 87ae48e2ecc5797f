package org.dvs.security.internal.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

import org.dvs.security.internal.keys.KeyStores.KeyAndChain;

/**
 * A node's key and certificate after every check: issued by this cluster's authority, valid now, key and certificate belong
 * together, exactly one node id inside.
 *
 * @param nodeId      from the URI among the certificate's names
 * @param nodeName    its common name
 * @param clusterName the authority's common name
 * @param key         private key of the first of {@code chain}
 * @param chain       the node's certificate, then the authority's
 */
public record NodeCertificate(int nodeId, String nodeName, String clusterName, PrivateKey key, List<X509Certificate> chain) {
    private static final int DNS_TYPE = 2;
    private static final int URI_TYPE = 6;
    private static final int IP_TYPE = 7;
    /** How Java writes ::1, which every certificate has. */
    private static final String LOOPBACK_6 = "0:0:0:0:0:0:0:1";
    private static final Pattern ID_URI = Pattern.compile(NodeName.URI_PREFIX + "(0|[1-9]\\d{0,3})");
    private static final byte[] PROBE = "does this key belong to this certificate?".getBytes(StandardCharsets.US_ASCII);

    public NodeCertificate {
        chain = List.copyOf(chain);
    }

    public X509Certificate authority() {
        return chain.get(1);
    }

    /**
     * Reads {@code node.p12} and {@code ca.pem} and checks them.
     *
     * @throws GeneralSecurityException with the file and the cause, if anything is wrong with them
     */
    static NodeCertificate read(PrivateFiles files, Instant now) throws IOException, GeneralSecurityException {
        NodeCertificate node = readAnyAge(files);
        checkDates(node.authority(), now, files.path(KeyFolder.AUTHORITY_PEM).toString());
        checkDates(node.chain().get(0), now, files.path(KeyFolder.NODE_STORE).toString());
        return node;
    }

    /** As {@link #read}, but takes one that is over, or not valid yet: to renew it. */
    static NodeCertificate readAnyAge(PrivateFiles files) throws IOException, GeneralSecurityException {
        X509Certificate authority = KeyStores.readPem(files, KeyFolder.AUTHORITY_PEM);
        if (authority.getBasicConstraints() < 0) {
            throw new CertificateException(files.path(KeyFolder.AUTHORITY_PEM) + " is not the certificate of an authority");
        }
        KeyAndChain node = KeyStores.read(files, KeyFolder.NODE_STORE);
        X509Certificate certificate = node.certificate();
        String where = files.path(KeyFolder.NODE_STORE).toString();
        try {
            authority.verify(authority.getPublicKey());
            certificate.verify(authority.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new CertificateException(where + " was not issued by the authority '" + commonName(authority) + "' of "
                    + files.path(KeyFolder.AUTHORITY_PEM), e);
        }
        if (!belongTogether(node.key(), certificate.getPublicKey())) {
            throw new CertificateException(where + ": the private key does not belong to the certificate");
        }
        return new NodeCertificate(nodeId(certificate, where), commonName(certificate), commonName(authority), node.key(),
                List.of(certificate, authority));
    }

    /** What a new certificate for the same node says: all the addresses that this one is good for. */
    NodeName name() throws CertificateException {
        List<String> addresses = new ArrayList<>();
        for (List<?> entry : chain.get(0).getSubjectAlternativeNames()) {
            if (entry.get(0).equals(DNS_TYPE) || entry.get(0).equals(IP_TYPE) && !entry.get(1).equals(LOOPBACK_6)) {
                addresses.add((String) entry.get(1));
            }
        }
        return new NodeName(nodeId, nodeName, addresses);
    }

    private static void checkDates(X509Certificate certificate, Instant now, String where) throws CertificateException {
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateException e) {
            throw new CertificateException(where + " is valid from " + certificate.getNotBefore().toInstant() + " to "
                    + certificate.getNotAfter().toInstant() + ", but the clock says " + now, e);
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(PROBE);
        return signature.verify(signed);
    }

    private static int nodeId(X509Certificate certificate, String where) throws CertificateException {
        Collection<List<?>> names = Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
        List<Matcher> ids = names.stream().filter(name -> name.get(0).equals(URI_TYPE))
                .map(name -> ID_URI.matcher((String) name.get(1)))
                .filter(Matcher::matches).toList();
        if (ids.size() != 1) {
            throw new CertificateException(where + " names " + ids.size() + " node ids instead of one");
        }
        return Integer.parseInt(ids.get(0).group(1));
    }

    private static String commonName(X509Certificate certificate) throws CertificateException {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns().stream()
                    .filter(rdn -> rdn.getType().equalsIgnoreCase("CN")).map(Rdn::getValue).map(String::valueOf).findFirst()
                    .orElseThrow(() -> new CertificateException("no common name in " + certificate.getSubjectX500Principal()));
        } catch (InvalidNameException e) {
            throw new CertificateException("unreadable name " + certificate.getSubjectX500Principal(), e);
        }
    }
}
