package org.dvs.security.internal.login;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

import org.dvs.api.security.AddressLimit;

/** Where logins come from: addresses without a port, as sockets give them, or {@value #LOCAL}. Thread-safe. */
final class Sources {
    /** A node's own terminal. */
    static final String LOCAL = "local";
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern IP_4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IP_6 = Pattern.compile("\\[?([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(%[^]]*)?]?");

    private Sources() {
    }

    /**
     * All who work on this machine share such an address. What is limited by address alone does not count it: any of them, or
     * a program that has gone wrong, would lock the others out of their own node. Looks at the machine's interfaces, which
     * takes up to milliseconds.
     */
    static boolean ofThisMachine(String source) {
        return source.equals(LOCAL) || address(source).filter(Sources::own).isPresent();
    }

    private static boolean own(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            // A machine that does not tell its addresses has that of no stranger.
            return false;
        }
    }

    /** What is limited together with a source: the address, or its {@linkplain AddressLimit#network network} of IPv6. */
    static String limited(String source) {
        return address(source).filter(Inet6Address.class::isInstance)
                .map(each -> AddressLimit.network(each).getHostAddress() + "/64")
                .orElse(source);
    }

    /** Asks no name server: what is no address in digits is none. */
    private static Optional<InetAddress> address(String source) {
        var six = IP_6.matcher(source);
        try {
            return six.matches() ? Optional.of(InetAddress.getByName("[" + six.group(1) + "]"))
                    : IP_4.matcher(source).matches() ? Optional.of(InetAddress.getByName(source)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
