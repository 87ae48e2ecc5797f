package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Text in blocks of 64 KiB with and without compression, on loopback and behind 1 Gbit/s, and a file by <em>m3ftp</em> beside a
 * plain copy of as many bytes over a socket, from memory to memory as iperf3 does. Two nodes as two processes, without TLS.
 */
final class Payloads {
    private static final String PLAIN = "batch YES; autobind YES; sequence YES; compress NO;";
    private static final String PACKED = "batch YES; autobind YES; sequence YES; compress YES;";
    private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");
    private static final double MICRO = 1e3;
    private static final int GIB = 1 << 30;
    private static final double MEBI = 1 << 20;

    private Payloads() {
    }

    static void smoke() throws IOException, InterruptedException {
        text(List.of(), "on loopback", 1, 1, 20, "<= 1.05 (time of a block)");
        file(2 << 20, 1);
    }

    static void measure() throws IOException, InterruptedException {
        text(List.of(), "on loopback", 3, 3, 4_000, "<= 1.05 (time of a block)");
        limited();
        file(GIB, 3);
    }

    private static void limited() throws IOException, InterruptedException {
        String space = "dvsbench" + new Random().nextInt(1_000);
        try {
            run("ip", "netns", "add", space);
            run("ip", "-n", space, "link", "set", "lo", "up");
            run("tc", "-n", space, "qdisc", "add", "dev", "lo", "root", "tbf",
                    "rate", "1gbit", "burst", "256kb", "latency", "50ms");
            text(List.of("ip", "netns", "exec", space), "behind 1 Gbit/s", 3, 3, 1_000, "<= 0.56 (time of a block)");
        } catch (IOException e) {
            System.out.println("No figures behind 1 Gbit/s: a network namespace with tbf is not to be had: " + e.getMessage());
        } finally {
            try {
                run("ip", "netns", "del", space);
            } catch (IOException e) {
                // It was not made.
                System.out.println("  " + space + " was not there");
            }
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }

    private static void text(List<String> within, String where, int turns, int rounds, int count, String goal)
            throws IOException, InterruptedException {
        Figures off = new Figures("64 KiB of text, " + where + ", compress NO", "us");
        Figures on = new Figures("64 KiB of text, " + where + ", compress YES", "us");
        for (int turn = 0; turn < turns; turn++) {
            blocks(within, PLAIN, off, rounds, count);
            blocks(within, PACKED, on, rounds, count);
        }
        System.out.println("Four programs copy, means of " + rounds + " rounds of " + count + ", in " + turns + " turns");
        off.print();
        on.print();
        on.over(off, goal);
        on.overLeast(off, goal);
    }

    private static void blocks(List<String> within, String options, Figures figures, int rounds, int count)
            throws IOException, InterruptedException {
        int port = Ports.free();
        try (PeerProcess holder = PeerProcess.start(within, PayloadPeer.class, FLAGS, "holder", port, options)) {
            holder.ready();
            try (PeerProcess copier = PeerProcess.start(within, PayloadPeer.class, FLAGS, "text", port, options, rounds, count)) {
                copier.rounds(figures, 0, MICRO);
            }
        }
    }

    private static void file(int bytes, int turns) throws IOException, InterruptedException {
        Figures socket = new Figures("plain Java socket, memory to memory, " + (int) (bytes / MEBI) + " MiB", "ms");
        Figures m3ftp = new Figures("m3ftp put, file to file, both digests", "ms");
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("dvs.target", "target")), "m3ftp");
        Path file = folder.resolve("file");
        try {
            byte[] piece = new byte[1 << 20];
            Random random = new Random(1);
            try (var out = Files.newOutputStream(file)) {
                for (int at = 0; at < bytes; at += piece.length) {
                    random.nextBytes(piece);
                    out.write(piece);
                }
            }
            for (int turn = 0; turn < turns; turn++) {
                int port = Ports.free();
                try (PeerProcess sink = PeerProcess.start(PayloadPeer.class, FLAGS, "sink", port, "none");
                        PeerProcess source = PeerProcess.start(PayloadPeer.class, FLAGS, "source", sink.ready(), "none", bytes)) {
                    source.rounds(socket, 0, MICRO * MICRO);
                }
                int nodes = Ports.free();
                try (PeerProcess server = PeerProcess.start(PayloadPeer.class, FLAGS, "server", nodes, PLAIN, folder)) {
                    server.ready();
                    try (PeerProcess put = PeerProcess.start(PayloadPeer.class, FLAGS, "put", nodes, PLAIN, file)) {
                        put.rounds(m3ftp, 0, MICRO * MICRO);
                    }
                }
            }
        } finally {
            for (String name : new String[] {"file", "copy", ".copy.part"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
        System.out.println("A file of " + (int) (bytes / MEBI) + " MiB, in " + turns + " turns; iperf3 is stood in for by a plain"
                + " socket");
        socket.print();
        m3ftp.print();
        m3ftp.over(socket, "<= 1.43 (time)");
        m3ftp.overLeast(socket, "<= 1.43 (time)");
    }
}
