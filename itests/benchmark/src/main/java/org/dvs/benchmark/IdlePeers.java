package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.dvs.testkit.Ports;

/**
 * What it costs a node that many others are connected and nobody says anything: processor time and memory. The heap is resident
 * from the start, as it is in a node that has run for a while: else each object that is made while the peers connect, and dropped
 * again, counted as theirs.
 */
final class IdlePeers {
    private static final int FULL = 128;
    private static final int SECONDS = 20;

    private IdlePeers() {
    }

    static void smoke() throws Exception {
        measure(4, 1);
    }

    static void measure() throws Exception {
        measure(FULL, SECONDS);
    }

    private static void measure(int peers, int seconds) throws Exception {
        int port = Ports.row(2);
        Path keys = Files.createTempDirectory("dvs-idle");
        try {
            IdlePeer.issue(keys, peers + 1);
            measure(peers, seconds, port, keys);
        } finally {
            try (Stream<Path> all = Files.walk(keys)) {
                all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void measure(int peers, int seconds, int port, Path keys) throws IOException, InterruptedException {
        Figures processor = new Figures("processor time of a node with " + peers + " idle peers", "%");
        Figures memory = new Figures("heap of each of " + peers + " idle peers", "KiB");
        Figures resident = new Figures("the same, and what became resident beside the heap", "KiB");
        try (PeerProcess others = PeerProcess.start(IdlePeer.class, PeerProcess.PLAIN, "others", port, peers, seconds,
                keys)) {
            others.ready();
            try (PeerProcess node = PeerProcess.start(IdlePeer.class, List.of("-Xmx256m", "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1", "-XX:+AlwaysPreTouch"), "node", port, peers,
                    seconds, keys)) {
                String[] words = node.ready().split(" ");
                processor.add(Double.parseDouble(words[0]));
                memory.add(Double.parseDouble(words[1]));
                resident.add(Double.parseDouble(words[2]));
            }
        }
        System.out.println("A node whose peers are idle, over " + seconds + " s; a heartbeat every 3 s each way");
        processor.print();
        memory.print();
        resident.print();
        System.out.println("  goal: at most 2 % of one processor, at most 256 KiB a peer");
    }
}
