package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.dvs.testkit.Ports;

/**
 * A file by <em>m3ftp</em> beside a plain copy of as many bytes over a socket, from memory to memory, and iperf3. Two nodes as
 * two processes, without TLS; the files are in memory where that can be, as iperf3 waits for no disk either.
 */
final class FileTransfer {
    private static final double MILLI = 1e6;
    private static final int MILLIS = 1_000;
    private static final int MEBI = 1 << 20;
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String GOAL = "<= 1.43 (time)";

    private FileTransfer() {
    }

    /**
     * @param within words that run what follows them somewhere
     * @param turns  of new processes
     * @param rounds in each of them; the first is the first after a start, whose JVMs compile meanwhile
     */
    static void measure(List<String> within, String where, int bytes, int turns, int rounds)
            throws IOException, InterruptedException {
        Figures socket = new Figures("plain Java socket, memory to memory, " + where, "ms");
        Figures iperf3 = new Figures("iperf3, memory to memory, " + where, "ms");
        Figures first = new Figures("m3ftp put, file to file, both digests, first, " + where, "ms");
        Figures later = new Figures("m3ftp put, the same, later ones, " + where, "ms");
        Path target = Path.of(System.getProperty("dvs.target", "target"));
        Path folder = Files.createTempDirectory(Files.isWritable(MEMORY) ? MEMORY : target, "m3ftp");
        try {
            Path file = random(folder.resolve("file"), bytes);
            for (int turn = 0; turn < turns; turn++) {
                socket(within, bytes, rounds, socket);
                for (int round = 0; round < rounds; round++) {
                    Iperf3.seconds(within, bytes, Ports.row(1)).ifPresent(seconds -> iperf3.add(seconds * MILLIS));
                }
                put(within, folder, file, rounds, first, later);
            }
        } finally {
            for (String name : new String[] {"file", "copy", ".copy.part"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
        System.out.println("A file of " + bytes / MEBI + " MiB, " + rounds + " times, in " + turns + " turns"
                + (iperf3.isEmpty() ? "; a plain socket stands in for iperf3" : ""));
        socket.print();
        if (!iperf3.isEmpty()) {
            iperf3.print();
        }
        first.print();
        later.print();
        Figures floor = iperf3.isEmpty() ? socket : iperf3;
        first.over(floor, GOAL);
        later.over(floor, GOAL);
        later.overLeast(floor, GOAL);
    }

    private static Path random(Path file, int bytes) throws IOException {
        byte[] piece = new byte[MEBI];
        Random random = new Random(1);
        try (var out = Files.newOutputStream(file)) {
            for (int at = 0; at < bytes; at += piece.length) {
                random.nextBytes(piece);
                out.write(piece);
            }
        }
        return file;
    }

    private static void socket(List<String> within, int bytes, int rounds, Figures figures)
            throws IOException, InterruptedException {
        try (PeerProcess sink = peer(within, "sink", 0, "none", rounds);
                PeerProcess source = peer(within, "source", sink.ready(), "none", bytes, rounds)) {
            source.rounds(figures, 0, MILLI);
        }
    }

    private static void put(List<String> within, Path folder, Path file, int rounds, Figures first, Figures later)
            throws IOException, InterruptedException {
        int port = Ports.row(2);
        try (PeerProcess server = peer(within, "server", port, Payloads.PLAIN, folder)) {
            server.ready();
            try (PeerProcess put = peer(within, "put", port, Payloads.PLAIN, file, rounds)) {
                put.rounds(first, later, 0, MILLI);
            }
        }
    }

    private static PeerProcess peer(List<String> within, String role, Object... words) throws IOException {
        return PeerProcess.start(within, PayloadPeer.class, Payloads.FLAGS, role, words);
    }
}
