package org.dvs.api.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * Who a certificate says that a node is: subject {@code CN=<name>}, alternative name {@code URI:dvs:node:<id>}.
 *
 * @param id   0 or more
 * @param name as in the certificate
 */
public record CertifiedNode(int id, String name) {
    private static final int URI = 6;
    private static final Pattern ID = Pattern.compile("dvs:node:(0|[1-9][0-9]{0,8})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /**
     * Reads what the authority has signed; whether it is the right authority TLS has checked before.
     *
     * @throws DvsException {@code BADCERT}, naming what is missing
     */
    public static CertifiedNode of(X509Certificate certificate) throws DvsException {
        return new CertifiedNode(id(certificate), name(certificate));
    }

    private static String name(X509Certificate certificate) throws DvsException {
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN") && NAME.matcher(rdn.getValue().toString()).matches()) {
                    return rdn.getValue().toString();
                }
            }
        } catch (InvalidNameException e) {
            throw new DvsException(ErrorCode.BADCERT, "the certificate's subject cannot be read", e);
        }
        throw new DvsException(ErrorCode.BADCERT, "the certificate names no node");
    }

    private static int id(X509Certificate certificate) throws DvsException {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                Matcher id = ID.matcher(String.valueOf(name.get(1)));
                if (Integer.valueOf(URI).equals(name.get(0)) && id.matches()) {
                    return Integer.parseInt(id.group(1));
                }
            }
        } catch (CertificateParsingException e) {
            throw new DvsException(ErrorCode.BADCERT, "the certificate's alternative names cannot be read", e);
        }
        throw new DvsException(ErrorCode.BADCERT, "the certificate holds no node id");
    }
}
