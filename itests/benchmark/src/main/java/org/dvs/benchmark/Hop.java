package org.dvs.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    private Process start(String role, String address) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> command = List.of(java, "-Xmx128m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                HopPeer.class.getName(), role, address, String.valueOf(bytes), String.valueOf(rounds), String.valueOf(trips),
                String.valueOf(spin));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** @return what it says where it is */
    private static String ready(Process server) throws IOException {
        String line = server.inputReader().readLine();
        if (line == null || !line.startsWith("ready ")) {
            throw new IOException("the server said " + line);
        }
        return line.substring("ready ".length());
    }

    private void client(String role, String address, Figures figures, int column, double unit)
            throws IOException, InterruptedException {
        Process client = start(role, address);
        try (BufferedReader lines = client.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                figures.add(Long.parseLong(line.split(" ")[column]) / unit);
            }
        }
        if (client.waitFor() != 0) {
            throw new IOException(role + " ended with " + client.exitValue());
        }
    }

    private static void end(Process server) throws InterruptedException {
        server.destroy();
        server.waitFor();
    }

    private void raw(Path path, Figures figures) throws IOException, InterruptedException {
        Process server = start("raw-echo", path.toString());
        try {
            client("raw-client", ready(server), figures, MEDIAN, 1e3);
        } finally {
            end(server);
        }
    }

    private void relayed(Path path, Figures figures) throws IOException, InterruptedException {
        Process relay = start("relay", path.toString());
        try {
            ready(relay);
            Process echo = start("frame-echo", path.toString());
            try {
                ready(echo);
                client("frame-client", path.toString(), figures, MEDIAN, 1e3);
            } finally {
                end(echo);
            }
        } finally {
            end(relay);
        }
    }

    private void measure(String serverRole, String clientRole, Figures figures, int column, double unit)
            throws IOException, InterruptedException {
        Process server = start(serverRole, "none");
        try {
            client(clientRole, ready(server), figures, column, unit);
        } finally {
            end(server);
        }
    }
}
