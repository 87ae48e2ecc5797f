package org.dvs.agent.host.internal;

import java.io.File;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.dvs.procfs.ProcFile;

/**
 * The network interfaces of a machine from {@code /sys/class/net}. Interfaces that vanish while they are read are left out.
 * Used by one thread.
 */
final class NetworkInterfaces {
    private static final String[] FLAGS = {"UP", "BROADCAST", "DEBUG", "LOOPBACK", "POINTOPOINT", "NOTRAILERS", "RUNNING",
            "NOARP",
        "PROMISC", "ALLMULTI", "MASTER", "SLAVE", "MULTICAST", "PORTSEL", "AUTOMEDIA", "DYNAMIC"};
    private static final int HEX = 16;

    /** Finds the addresses of an interface. */
    @FunctionalInterface
    interface Addresses {
        /** @return each as {@code 192.0.2.1/24} */
        List<String> of(String name);
    }

    private final String net;
    private final Addresses addresses;
    private final ProcFile file = new ProcFile();

    /** @param root the machine's root folder, {@code /} except in tests */
    NetworkInterfaces(Path root, Addresses addresses) {
        this.net = root.resolve("sys/class/net") + "/";
        this.addresses = addresses;
    }

    /** The addresses that this process's network namespace has. */
    static List<String> addressesOf(String name) {
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            return found == null ? List.of()
                    : found.getInterfaceAddresses().stream().map(NetworkInterfaces::cidr).sorted().toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static String cidr(InterfaceAddress address) {
        return AddressText.of(address.getAddress().getAddress()) + "/" + address.getNetworkPrefixLength();
    }

    /** Names, sorted. */
    String[] names() {
        String[] names = new File(net).list((folder, name) -> new File(folder, name).isDirectory());
        if (names == null) {
            return new String[0];
        }
        Arrays.sort(names);
        return names;
    }

    /** @return the row of RQST_IFCONFIG, or null if there is no such interface (any more) */
    Object[] row(String name) {
        long index = number(name, "ifindex");
        if (index < 0) {
            return null;
        }
        String statistics = name + "/statistics";
        return new Object[] {name, index, flags(name), text(name, "operstate"), known(number(name, "mtu")), text(name, "address"),
            addresses.of(name), known(number(statistics, "rx_bytes")), known(number(statistics, "rx_packets")),
            known(number(statistics, "rx_errors")), known(number(statistics, "rx_dropped")),
            known(number(statistics, "tx_bytes")), known(number(statistics, "tx_packets")), known(number(statistics,
                    "tx_errors")),
            known(number(statistics, "tx_dropped")), known(number(statistics, "collisions"))};
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }

    private long number(String folder, String name) {
        return file.read(net + folder + "/" + name) ? file.numberAt(0) : -1;
    }

    private String text(String folder, String name) {
        if (!file.read(net + folder + "/" + name)) {
            return null;
        }
        String text = file.text().strip();
        return text.isEmpty() ? null : text;
    }

    /** As the operating system names the bits, and LOWER_UP where a cable is in it. */
    private List<String> flags(String name) {
        String hex = text(name, "flags");
        if (hex == null || !hex.matches("0x[0-9a-f]{1,8}")) {
            return List.of();
        }
        long bits = Long.parseLong(hex.substring(2), HEX);
        List<String> flags = new ArrayList<>();
        for (int bit = 0; bit < FLAGS.length; bit++) {
            if ((bits >> bit & 1) != 0) {
                flags.add(FLAGS[bit]);
            }
        }
        if (number(name, "carrier") == 1) {
            flags.add("LOWER_UP");
        }
        return flags;
    }
}
