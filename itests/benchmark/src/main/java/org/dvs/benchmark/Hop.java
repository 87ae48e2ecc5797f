package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Round trips of 64 bytes between processes: through the transport from one program to another over two Unix-domain sockets,
 * beside one raw socket; and over TCP, beside plain Netty. Each pair is measured in turns, so that what else the machine does
 * hits both.
 */
final class Hop {
    private static final int BYTES = 64;
    private static final int SPIN = 30;
    private static final int MEDIAN = 0;
    private static final int MEAN = 1;
    private static final int BLOCK_BYTES = 64 << 10;

    private final int bytes;
    private final int rounds;
    private final int trips;
    private final int spin;

    private Hop(int bytes, int rounds, int trips, int spin) {
        this.bytes = bytes;
        this.rounds = rounds;
        this.trips = trips;
        this.spin = spin;
    }

    /** Shows that it works. */
    static void smoke() throws IOException, InterruptedException {
        measure(1, 1, 500, 2, SPIN);
    }

    static void measure() throws IOException, InterruptedException {
        measure(3, 5, 20_000, 50, SPIN, 0);
    }

    private static void measure(int turns, int rounds, int trips, int portions, int... spins)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dvs-hop");
        for (int spin : spins) {
            Hop hop = new Hop(BYTES, rounds, trips, spin);
            Figures raw = new Figures("raw Unix-domain socket, JDK, blocking", "us");
            Figures relayed = new Figures("program, transport, program and back, spin " + spin + " us", "us");
            Figures netty = new Figures("plain Netty echo over TCP", "us");
            Figures echoed = new Figures("transport's echo over TCP, spin " + spin + " us", "us");
            for (int i = 0; i < turns; i++) {
                hop.raw(folder.resolve("raw" + spin + i), raw);
                hop.relayed(folder.resolve("relay" + spin + i), relayed);
                hop.measure("netty-echo", "netty-client", netty, MEDIAN, 1e3);
                hop.measure("transport-echo", "transport-client", echoed, MEDIAN, 1e3);
            }
            System.out.println("Round trips of " + BYTES + " bytes, medians of " + rounds + " rounds of " + trips + ", in "
                    + turns + " turns");
            raw.print();
            relayed.print();
            relayed.over(raw, "<= 2.5");
            netty.print();
            echoed.print();
            echoed.over(netty, "<= 1.5");
        }
        blocks(turns, portions);
        for (Path left : Files.list(folder).toList()) {
            Files.delete(left);
        }
        Files.delete(folder);
    }

    private static void blocks(int turns, int portions) throws IOException, InterruptedException {
        Hop hop = new Hop(BLOCK_BYTES, 3, portions, SPIN);
        Figures netty = new Figures("plain Netty over TCP, one way", "ms");
        Figures transport = new Figures("transport over TCP, one way", "ms");
        for (int i = 0; i < turns; i++) {
            hop.measure("netty-sink", "netty-flood", netty, MEAN, 1e6);
            hop.measure("transport-sink", "transport-flood", transport, MEAN, 1e6);
        }
        System.out.println("16 MiB in blocks of " + BLOCK_BYTES + " bytes, means of 3 rounds of " + portions + ", in " + turns
                + " turns");
        netty.print();
        transport.print();
        transport.over(netty, "<= 1.1");
    }

    private PeerProcess start(String role, String address) throws IOException {
        return PeerProcess.start(HopPeer.class, PeerProcess.PLAIN, role, address, bytes, rounds, trips, spin);
    }

    private void client(String role, String address, Figures figures, int column, double unit)
            throws IOException, InterruptedException {
        try (PeerProcess client = start(role, address)) {
            client.rounds(figures, column, unit);
        }
    }

    private void raw(Path path, Figures figures) throws IOException, InterruptedException {
        measure("raw-echo", path.toString(), "raw-client", figures, MEDIAN, 1e3);
    }

    private void relayed(Path path, Figures figures) throws IOException, InterruptedException {
        try (PeerProcess relay = start("relay", path.toString())) {
            relay.ready();
            try (PeerProcess echo = start("frame-echo", path.toString())) {
                echo.ready();
                client("frame-client", path.toString(), figures, MEDIAN, 1e3);
            }
        }
    }

    private void measure(String serverRole, String clientRole, Figures figures, int column, double unit)
            throws IOException, InterruptedException {
        measure(serverRole, "none", clientRole, figures, column, unit);
    }

    private void measure(String serverRole, String address, String clientRole, Figures figures, int column, double unit)
            throws IOException, InterruptedException {
        try (PeerProcess server = start(serverRole, address)) {
            client(clientRole, server.ready(), figures, column, unit);
        }
    }
}
