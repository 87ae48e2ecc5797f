package org.dvs.itests.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * A network namespace for each node, joined by a bridge that this machine is on too: the test can ask every node while they
 * cannot hear each other. A cut is silent, as a dead switch is: frames go to a hardware address that nobody has.
 */
final class Namespaces implements AutoCloseable {
    private static final String NOBODY = "02:00:00:00:00:ff";
    private static final int NUMBERS = 250;

    private final String name;
    private final String network;
    private final int size;

    Namespaces(int size) throws IOException, InterruptedException {
        int number = unused();
        this.name = "dvsit" + number;
        this.network = "198.18." + number + ".";
        this.size = size;
        boolean made = false;
        try {
            ip("link", "add", name, "type", "bridge");
            ip("address", "add", network + "254/24", "dev", name);
            ip("link", "set", name, "up");
            for (int node = 0; node < size; node++) {
                ip("netns", "add", space(node));
                ip("link", "add", outside(node), "type", "veth", "peer", "name", "eth0", "netns", space(node));
                ip("link", "set", outside(node), "master", name, "up");
                ip("-n", space(node), "address", "add", address(node) + "/24", "dev", "eth0");
                ip("-n", space(node), "link", "set", "eth0", "up");
                ip("-n", space(node), "link", "set", "lo", "up");
            }
            made = true;
        } finally {
            if (!made) {
                close();
            }
        }
    }

    /** Of a run that was killed something may be left. */
    private static int unused() throws IOException {
        Random random = new Random();
        for (int tries = 0; tries < NUMBERS; tries++) {
            int number = 1 + random.nextInt(NUMBERS);
            String name = "dvsit" + number;
            if (!Files.exists(Path.of("/sys/class/net", name)) && !Files.exists(Path.of("/run/netns", name + "n0"))) {
                return number;
            }
        }
        throw new IOException("the names dvsit1 to dvsit" + NUMBERS + " are taken");
    }

    /** @return why there can be none here; empty if there can */
    static String unavailable() {
        try {
            if (!"0".equals(String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid")))) {
                return "network namespaces need root";
            }
            ip("netns", "add", "dvsit-probe");
            ip("link", "add", "dvsit-probe", "type", "veth", "peer", "name", "eth0", "netns", "dvsit-probe");
            return "";
        } catch (IOException e) {
            return "network namespaces are not to be had: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } finally {
            quietly("netns", "del", "dvsit-probe");
        }
    }

    Map<String, String> environment() {
        return Map.of("DVS_NODE_ADDRESS_PATTERN", network + "%d", "DVS_NODE_EXEC_PATTERN", "ip netns exec " + name + "n%d");
    }

    /** The script numbers addresses from 1. */
    String address(int node) {
        return network + (node + 1);
    }

    void cut(int one, int other) throws IOException, InterruptedException {
        ip("-n", space(one), "neigh", "replace", address(other), "lladdr", NOBODY, "nud", "permanent", "dev", "eth0");
        ip("-n", space(other), "neigh", "replace", address(one), "lladdr", NOBODY, "nud", "permanent", "dev", "eth0");
    }

    void mend(int one, int other) throws IOException, InterruptedException {
        ip("-n", space(one), "neigh", "del", address(other), "dev", "eth0");
        ip("-n", space(other), "neigh", "del", address(one), "dev", "eth0");
    }

    private String space(int node) {
        return name + "n" + node;
    }

    private String outside(int node) {
        return name + "v" + node;
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        LocalCluster.run(command);
    }

    private static void quietly(String... words) {
        try {
            ip(words);
        } catch (IOException e) {
            // It was not there.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        for (int node = 0; node < size; node++) {
            quietly("netns", "del", space(node));
            quietly("link", "del", outside(node));
        }
        quietly("link", "del", name);
    }
}
