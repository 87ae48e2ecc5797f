package org.dvs.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Round trips of 64 bytes between processes: through the transport from one program to another over two Unix-domain sockets,
 * beside one raw socket; and over TCP, beside plain Netty. Each pair is measured in turns, so that what else the machine does
 * hits both.
 */
final class Hop {
    private static final int BYTES = 64;

    private final List<String> prefix;
    private final int rounds;
    private final int trips;
    private final int spin;

    private Hop(List<String> prefix, int rounds, int trips, int spin) {
        this.prefix = prefix;
        this.rounds = rounds;
        this.trips = trips;
        this.spin = spin;
    }

    static void measure(int turns, int rounds, int trips) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dvs-hop");
        for (int spin : new int[] {30, 0}) {
            Hop hop = new Hop(List.of(), rounds, trips, spin);
            Figures raw = new Figures("raw Unix-domain socket, JDK, blocking", "us");
            Figures relayed = new Figures("program, transport, program and back, spin " + spin + " us", "us");
            Figures netty = new Figures("plain Netty echo over TCP", "us");
            Figures echoed = new Figures("transport's echo over TCP, spin " + spin + " us", "us");
            for (int i = 0; i < turns; i++) {
                hop.raw(folder.resolve("raw" + spin + i), raw);
                hop.relayed(folder.resolve("relay" + spin + i), relayed);
                hop.tcp("netty", netty);
                hop.tcp("transport", echoed);
            }
            System.out.println("Round trips of " + BYTES + " bytes, medians of " + rounds + " rounds of " + trips + ", in " + turns
                    + " turns");
            raw.print();
            relayed.print();
            relayed.over(raw, "<= 2.5");
            netty.print();
            echoed.print();
            echoed.over(netty, "<= 1.5");
        }
        for (Path left : Files.list(folder).toList()) {
            Files.delete(left);
        }
        Files.delete(folder);
    }

    private Process start(String role, String address) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(ProcessHandle.current().info().command().orElseThrow(), "-Xmx128m", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), HopPeer.class.getName(), role, address, String.valueOf(BYTES),
                String.valueOf(rounds), String.valueOf(trips), String.valueOf(spin)));
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

    private void client(String role, String address, Figures figures) throws IOException, InterruptedException {
        Process client = start(role, address);
        try (BufferedReader lines = client.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                figures.add(Long.parseLong(line.split(" ")[0]) / 1e3);
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
            client("raw-client", ready(server), figures);
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
                client("frame-client", path.toString(), figures);
            } finally {
                end(echo);
            }
        } finally {
            end(relay);
        }
    }

    private void tcp(String kind, Figures figures) throws IOException, InterruptedException {
        Process server = start(kind + "-echo", "none");
        try {
            client(kind + "-client", ready(server), figures);
        } finally {
            end(server);
        }
    }
}
