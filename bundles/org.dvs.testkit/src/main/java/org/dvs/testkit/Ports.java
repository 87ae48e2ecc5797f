package org.dvs.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports of loopback for what a test starts, stops and starts again: below those that the system gives out by itself, so that
 * nobody's connection has one of them meanwhile, and none twice in one JVM. Thread-safe.
 */
public final class Ports {
    private static final int LEAST = 10_000;
    private static final Random RANDOM = new Random();
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {
    }

    /** @return one that is free now */
    public static int free() throws IOException {
        return row(1);
    }

    /** @return the first of so many in a row that are free now */
    public static synchronized int row(int count) throws IOException {
        int most = firstOfTheSystem() - count;
        for (int tries = 0; tries < 1000; tries++) {
            int first = LEAST + RANDOM.nextInt(most - LEAST);
            if (isFree(first, count)) {
                for (int port = first; port < first + count; port++) {
                    GIVEN.add(port);
                }
                return first;
            }
        }
        throw new IOException("no " + count + " free ports in a row");
    }

    private static int firstOfTheSystem() throws IOException {
        // In one read: a second one of such a file gives nothing.
        try (BufferedReader range = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            return Integer.parseInt(range.readLine().split("\\s+")[0]);
        }
    }

    private static boolean isFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            if (GIVEN.contains(port)) {
                return false;
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
