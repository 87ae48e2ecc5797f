package org.dvs.web.internal;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names this server answers to. A page of somebody else that has pointed its own host name at our address, or that sends a
 * form to us, uses a name that is not among them.
 */
final class HostRules {
    private static final int DNS = 2;
    private static final int IP = 7;

    private final Set<String> allowed;

    HostRules(Collection<String> allowed) {
        this.allowed = allowed.stream().map(HostRules::plain).collect(Collectors.toUnmodifiableSet());
    }

    /** The names and addresses that the certificate vouches for, and {@code more}. */
    static HostRules of(X509Certificate certificate, List<String> more) throws CertificateParsingException {
        Collection<List<?>> names = Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
        Stream<String> certified = names.stream().filter(name -> name.get(0).equals(DNS) || name.get(0).equals(IP))
                .map(name -> name.get(1).toString());
        return new HostRules(Stream.concat(certified, more.stream()).toList());
    }

    /** @param host from the request, without port; an IPv6 address with or without brackets */
    boolean host(String host) {
        return host != null && allowed.contains(plain(host));
    }

    /** @param origin a header Origin; browsers send it with everything that may change something */
    boolean origin(String origin) {
        try {
            URI uri = new URI(origin);
            return "https".equals(uri.getScheme()) && host(uri.getHost());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Lower case; an IPv6 address in Java's long form without brackets, as certificates give it. */
    private static String plain(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        String lower = bare.toLowerCase(Locale.ROOT);
        return lower.contains(":") ? longForm(lower) : lower;
    }

    private static String longForm(String ipv6) {
        try {
            // A literal with colons is parsed, never looked up.
            return InetAddress.getByName(ipv6).getHostAddress();
        } catch (UnknownHostException e) {
            return ipv6;
        }
    }
}
