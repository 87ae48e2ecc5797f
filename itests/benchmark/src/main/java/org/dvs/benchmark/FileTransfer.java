package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.dvs.testkit.Ports;

/**
 * A file by <em>m3ftp</em> beside a plain copy of as many bytes over a socket, from memory to memory as iperf3 does. Two nodes as
 * two processes, without TLS; the files are in memory where that can be, as iperf3 waits for no disk either.
 */
final class FileTransfer {
    private static final double MILLI = 1e6;
    private static final int MEBI = 1 << 20;
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String GOAL = "<= 1.43 (time)";

    private FileTransfer() {
    }

    /** @param within words that run what follows them somewhere */
    static void measure(List<String> within, String where, int bytes, int turns) throws IOException, InterruptedException {
        Figures socket = new Figures("plain Java socket, memory to memory, " + where, "ms");
        Figures m3ftp = new Figures("m3ftp put, file to file, both digests, " + where, "ms");
        Path target = Path.of(System.getProperty("dvs.target", "target"));
        Path folder = Files.createTempDirectory(Files.isWritable(MEMORY) ? MEMORY : target, "m3ftp");
        try {
            Path file = random(folder.resolve("file"), bytes);
            for (int turn = 0; turn < turns; turn++) {
                socket(within, bytes, socket);
                put(within, folder, file, m3ftp);
            }
        } finally {
            for (String name : new String[] {"file", "copy", ".copy.part"}) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
        System.out.println("A file of " + bytes / MEBI + " MiB, in " + turns + " turns; a plain socket stands in for iperf3");
        socket.print();
        m3ftp.print();
        m3ftp.over(socket, GOAL);
        m3ftp.overLeast(socket, GOAL);
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

    private static void socket(List<String> within, int bytes, Figures figures) throws IOException, InterruptedException {
        try (PeerProcess sink = peer(within, "sink", 0, "none");
                PeerProcess source = peer(within, "source", sink.ready(), "none", bytes)) {
            source.rounds(figures, 0, MILLI);
        }
    }

    private static void put(List<String> within, Path folder, Path file, Figures figures) throws IOException, InterruptedException {
        int port = Ports.row(2);
        try (PeerProcess server = peer(within, "server", port, Payloads.PLAIN, folder)) {
            server.ready();
            try (PeerProcess put = peer(within, "put", port, Payloads.PLAIN, file)) {
                put.rounds(figures, 0, MILLI);
            }
        }
    }

    private static PeerProcess peer(List<String> within, String role, Object... words) throws IOException {
        return PeerProcess.start(within, PayloadPeer.class, Payloads.FLAGS, role, words);
    }
}
