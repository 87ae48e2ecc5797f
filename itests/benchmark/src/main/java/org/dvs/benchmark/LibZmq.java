package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** libzmq itself as a peer, by a program of this module that is compiled where a compiler and libzmq's header are. */
final class LibZmq {
    private LibZmq() {
    }

    /** @return the words that start it; empty where it cannot be had */
    static Optional<List<String>> peer() throws InterruptedException {
        Path source = Path.of(System.getProperty("dvs.project"), "itests/benchmark/src/main/c/zmqpeer.c");
        Path program = Path.of(System.getProperty("dvs.target"), "zmqpeer").toAbsolutePath();
        try {
            Process compiler = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString(), "-lzmq")
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return compiler.waitFor() == 0 ? Optional.of(List.of(program.toString())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
