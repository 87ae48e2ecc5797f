package org.dvs.benchmark;

import java.io.IOException;
import java.util.List;

/** What it costs a node that many others are connected and nobody says anything: processor time and memory. */
final class IdlePeers {
    private static final int FULL = 128;
    private static final int SECONDS = 20;

    private IdlePeers() {
    }

    static void smoke() throws IOException, InterruptedException {
        measure(4, 1);
    }

    static void measure() throws IOException, InterruptedException {
        measure(FULL, SECONDS);
    }

    private static void measure(int peers, int seconds) throws IOException, InterruptedException {
        int port = Ports.free();
        Figures processor = new Figures("processor time of a node with " + peers + " idle peers", "%");
        Figures memory = new Figures("heap and direct memory of each of " + peers + " idle peers", "KiB");
        Figures resident = new Figures("resident memory of each of them", "KiB");
        try (PeerProcess others = PeerProcess.start(IdlePeer.class, PeerProcess.PLAIN, "others", port, peers, seconds)) {
            others.ready();
            try (PeerProcess node = PeerProcess.start(IdlePeer.class, List.of("-Xmx256m", "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1"), "node", port, peers, seconds)) {
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
