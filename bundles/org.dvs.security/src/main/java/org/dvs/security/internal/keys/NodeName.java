package org.dvs.security.internal.keys;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What goes into a node's certificate.
 *
 * @param id        0..{@value #MAX_ID}
 * @param name      e.g. {@code node0}
 * @param addresses further host names and IP addresses that the node is reached by; loopback is always added
 */
public record NodeName(int id, String name, List<String> addresses) {
    /** Greatest node id: a node set holds 10 000 nodes at the most. */
    public static final int MAX_ID = 9_999;
    /** Front of the URI in the certificate that carries the id. */
    static final String URI_PREFIX = "dvs:node:";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    /** @throws IllegalArgumentException naming the value at fault */
    public NodeName {
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("node id " + id + " is not in 0.." + MAX_ID);
        }
        checkName(name);
        addresses = List.copyOf(addresses);
        addresses.stream().filter(address -> !isIp(address) && !HOST.matcher(address).matches()).findFirst().ifPresent(bad -> {
            throw new IllegalArgumentException("'" + bad + "' is not a host name or an IP address");
        });
    }

    /** Names of nodes and clusters alike. */
    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not a name: a letter, then up to 62 of A-Z a-z 0-9 . _ -");
        }
    }

    static boolean isIp(String address) {
        return IPV4.matcher(address).matches() || IPV6.matcher(address).matches();
    }
}
