package org.dvs.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of loopback that are free now. */
final class Ports {
    private Ports() {
    }

    /** The first of two in a row. */
    static int free() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket second = new ServerSocket(first.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
                return second.getLocalPort() - 1;
            } catch (IOException | IllegalArgumentException e) {
                // The next one is not free: once more.
                continue;
            }
        }
        throw new IOException("no two free ports in a row");
    }
}
