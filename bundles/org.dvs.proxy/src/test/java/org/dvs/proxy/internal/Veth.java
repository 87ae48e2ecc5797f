package org.dvs.proxy.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Two network namespaces, for nodes 0 and 1, joined by a virtual cable that can be cut one way, both ways, or pulled out. */
final class Veth implements AutoCloseable {
    /** A hardware address that nobody has: what goes there is lost, and nobody is told. */
    private static final String NOBODY = "02:00:00:00:00:ff";
    private static final String DEVICE = "veth0";
    private static final int PATIENCE_S = 60;

    private final String name;
    private final String network;

    Veth() throws IOException, InterruptedException {
        int number = 1 + new Random().nextInt(250);
        name = "dvspx" + number + "n";
        network = "198.19." + number + ".";
        boolean made = false;
        try {
            ip("netns", "add", space(0));
            ip("netns", "add", space(1));
            ip("link", "add", DEVICE, "netns", space(0), "type", "veth", "peer", "name", DEVICE, "netns", space(1));
            for (int node = 0; node < 2; node++) {
                ip("-n", space(node), "address", "add", address(node) + "/24", "dev", DEVICE);
                ip("-n", space(node), "link", "set", DEVICE, "up");
                ip("-n", space(node), "link", "set", "lo", "up");
            }
            made = true;
        } finally {
            if (!made) {
                close();
            }
        }
    }

    /** @return why there can be none here; empty if there can */
    static String unavailable() throws IOException, InterruptedException {
        if (!"0".equals(String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid")))) {
            return "network namespaces need root";
        }
        try (Veth probe = new Veth()) {
            probe.silence(0);
            return "";
        } catch (IOException e) {
            return "network namespaces are not to be had: " + e.getMessage();
        }
    }

    private String space(int node) {
        return name + node;
    }

    String address(int node) {
        return network + (node + 1);
    }

    /** What runs something in the namespace of a node. */
    List<String> in(int node) {
        return List.of("ip", "netns", "exec", space(node));
    }

    /** What this node sends from now on is lost. */
    void silence(int node) throws IOException, InterruptedException {
        ip("-n", space(node), "neigh", "replace", address(1 - node), "lladdr", NOBODY, "nud", "permanent", "dev", DEVICE);
    }

    void pullOut() throws IOException, InterruptedException {
        ip("-n", space(0), "link", "set", DEVICE, "down");
    }

    void mend() throws IOException, InterruptedException {
        ip("-n", space(0), "link", "set", DEVICE, "up");
        for (int node = 0; node < 2; node++) {
            quietly("-n", space(node), "neigh", "del", address(1 - node), "dev", DEVICE);
        }
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Process ip = new ProcessBuilder(command).redirectErrorStream(true).start();
        ip.getOutputStream().close();
        String said = new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!ip.waitFor(PATIENCE_S, TimeUnit.SECONDS) || ip.exitValue() != 0) {
            ip.destroyForcibly();
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }

    private static void quietly(String... words) throws InterruptedException {
        try {
            ip(words);
        } catch (IOException e) {
            // It was not there.
            return;
        }
    }

    @Override
    public void close() throws InterruptedException {
        quietly("netns", "del", space(0));
        quietly("netns", "del", space(1));
    }
}
