package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A request and its answer between two programs outside the container, through the kernel's gate of a node's JVM: two processes
 * and the node's, beside two processes that send each other 64 bytes over one Unix-domain socket. They are measured in turns, so
 * that what else the machine does hits both.
 */
final class Programs {
    private static final int RAW_BYTES = 64;
    private static final int MEDIAN = 0;
    private static final double MICRO = 1e3;

    private final int rounds;
    private final int trips;

    private Programs(int rounds, int trips) {
        this.rounds = rounds;
        this.trips = trips;
    }

    /** Shows that it works. */
    static void smoke() throws IOException, InterruptedException {
        new Programs(1, 300).measure(1);
    }

    static void measure() throws IOException, InterruptedException {
        new Programs(5, 20_000).measure(5);
    }

    private void measure(int turns) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dvs-programs");
        Figures raw = new Figures("raw Unix-domain socket, JDK, blocking, 64 bytes", "us");
        Figures threads = new Figures("sendrec, program to program", "us");
        Figures twoCalls = new Figures("the same, server that replies and receives in two calls", "us");
        Figures handlers = new Figures("sendrec, program to a program's handler", "us");
        Figures inside = new Figures("sendrec, program to a handler in the container", "us");
        for (int turn = 0; turn < turns; turn++) {
            raw(folder.resolve("raw" + turn), raw);
            Path gate = folder.resolve("gate" + turn);
            try (PeerProcess kernel = PeerProcess.start(ProgramPeer.class, List.of(NodeStart.FLAGS.split(" ")), "kernel", gate)) {
                kernel.ready();
                asked(gate, "server", threads);
                asked(gate, "two-calls-server", twoCalls);
                asked(gate, "handler", handlers);
                try (PeerProcess client = client(gate, "inside-client")) {
                    client.rounds(inside, MEDIAN, MICRO);
                }
            }
        }
        System.out.println("A request and its answer, medians of " + rounds + " rounds of " + trips + ", in " + turns
                + " turns; the node's JVM: " + NodeStart.FLAGS);
        for (Figures figures : List.of(raw, threads, twoCalls, handlers, inside)) {
            figures.print();
        }
        threads.over(raw, "<= 2.5");
        threads.overLeast(raw, "<= 2.5");
        try (var left = Files.list(folder)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private void raw(Path path, Figures figures) throws IOException, InterruptedException {
        Object[] settings = {path, RAW_BYTES, rounds, trips, 0};
        try (PeerProcess server = PeerProcess.start(HopPeer.class, PeerProcess.PLAIN, "raw-echo", settings)) {
            server.ready();
            try (PeerProcess client = PeerProcess.start(HopPeer.class, PeerProcess.PLAIN, "raw-client", settings)) {
                client.rounds(figures, MEDIAN, MICRO);
            }
        }
    }

    private PeerProcess client(Path gate, String role) throws IOException {
        return PeerProcess.start(ProgramPeer.class, PeerProcess.PLAIN, role, gate, rounds, trips);
    }

    private void asked(Path gate, String server, Figures figures) throws IOException, InterruptedException {
        try (PeerProcess answering = PeerProcess.start(ProgramPeer.class, PeerProcess.PLAIN, server, gate)) {
            answering.ready();
            try (PeerProcess client = client(gate, "client")) {
                client.rounds(figures, MEDIAN, MICRO);
            }
        }
    }
}
