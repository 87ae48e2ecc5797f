package org.dvs.proxy.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/** Sockets of this process that the other side has closed and this one has not; those that were there before do not count. */
final class Sockets {
    private static final String CLOSE_WAIT = "08";
    /** Longest that one may last, 5 s by dsp-lb reference 4.1, and what a machine with much else to do takes for that. */
    private static final int AGE_S = 15;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private final Set<String> before = closeWait();

    /** None may last. */
    void awaitNoneInCloseWait() {
        Set<String> waiting = closeWait();
        waiting.removeAll(before);
        if (!waiting.isEmpty()) {
            Awaitility.await().atMost(AGE_S, TimeUnit.SECONDS).until(() -> {
                waiting.retainAll(closeWait());
                return waiting.isEmpty();
            });
        }
    }

    private static Set<String> closeWait() {
        try {
            return read(own());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> read(Set<String> own) throws IOException {
        Set<String> waiting = new HashSet<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            Path file = Path.of("/proc/self/net", table);
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                String[] words = line.strip().split(" +");
                if (words.length > INODE && words[STATE].equals(CLOSE_WAIT) && own.contains("socket:[" + words[INODE] + "]")) {
                    waiting.add(words[INODE]);
                }
            }
        }
        return waiting;
    }

    private static Set<String> own() throws IOException {
        Set<String> own = new HashSet<>();
        try (var files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                try {
                    own.add(Files.readSymbolicLink(file).toString());
                } catch (IOException e) {
                    // Closed meanwhile.
                    continue;
                }
            }
        }
        return own;
    }
}
