package org.dvs.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.Random;

import net.jpountz.lz4.LZ4Factory;
import org.dvs.testkit.Ports;

/**
 * Text in blocks of 64 KiB with and without compression, on loopback and behind 1 Gbit/s, and {@link FileTransfer} on both. Two
 * nodes as two processes, without TLS.
 */
final class Payloads {
    static final String PLAIN = "batch YES; autobind YES; sequence YES; compress NO;";
    private static final String PACKED = "batch YES; autobind YES; sequence YES; compress YES;";
    static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");
    private static final double MICRO = 1e3;
    private static final int GIB = 1 << 30;
    private static final int BLOCK = 64 << 10;
    private static final int PERCENT = 100;

    private Payloads() {
    }

    static void smoke() throws IOException, InterruptedException {
        text(List.of(), "on loopback", 1, 1, 20, "<= 1.05 (time of a block)");
        FileTransfer.measure(List.of(), "on loopback", 2 << 20, 1, 2);
    }

    static void measure() throws IOException, InterruptedException {
        byte[] block = LogText.of(BLOCK);
        int packed = LZ4Factory.fastestInstance().fastCompressor().compress(block).length;
        System.out.println("LZ4 makes the text " + PERCENT * packed / BLOCK + " % as long");
        text(List.of(), "on loopback", 3, 3, 4_000, "<= 1.05 (time of a block)");
        FileTransfer.measure(List.of(), "on loopback", GIB, 3, 4);
        limited();
    }

    private static void limited() throws IOException, InterruptedException {
        String space = "dvsbench" + new Random().nextInt(1_000);
        try {
            run("ip", "netns", "add", space);
            run("ip", "-n", space, "link", "set", "lo", "up");
            run("tc", "-n", space, "qdisc", "add", "dev", "lo", "root", "tbf",
                    "rate", "1gbit", "burst", "256kb", "latency", "50ms");
            text(List.of("ip", "netns", "exec", space), "behind 1 Gbit/s", 3, 3, 1_000, "<= 0.56 (time of a block)");
            FileTransfer.measure(List.of("ip", "netns", "exec", space), "behind 1 Gbit/s", GIB, 1, 2);
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
        int port = Ports.row(2);
        try (PeerProcess holder = PeerProcess.start(within, PayloadPeer.class, FLAGS, "holder", port, options)) {
            holder.ready();
            try (PeerProcess copier = PeerProcess.start(within, PayloadPeer.class, FLAGS, "text", port, options, rounds, count)) {
                copier.rounds(figures, 0, MICRO);
            }
        }
    }
}
