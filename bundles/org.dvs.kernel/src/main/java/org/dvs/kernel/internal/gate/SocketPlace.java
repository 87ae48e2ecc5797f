package org.dvs.kernel.internal.gate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the gate's socket is. The operating system takes no longer path than 107 bytes: where the data folder lies deeper, the
 * socket goes into a folder of the temporary ones that only this user can enter, and a link stands where it should be.
 */
final class SocketPlace {
    private static final Logger LOG = LoggerFactory.getLogger(SocketPlace.class);
    private static final int MAX_BYTES = 100;

    private final Path wanted;
    private final Path folder;

    private SocketPlace(Path wanted, Path folder) {
        this.wanted = wanted;
        this.folder = folder;
    }

    /** @param wanted absolute */
    static SocketPlace of(Path wanted) throws IOException {
        if (wanted.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
            if (Files.isSymbolicLink(wanted)) {
                Files.delete(wanted);
            }
            return new SocketPlace(wanted, null);
        }
        SocketPlace place = new SocketPlace(wanted, Files.createTempDirectory("dvs-gate-"));
        Files.deleteIfExists(wanted);
        Files.createSymbolicLink(wanted, place.socket());
        return place;
    }

    Path socket() {
        return folder == null ? wanted : folder.resolve("kernel.sock");
    }

    /** The listener is gone, or stays for the next version: what was made beside it goes with the next one. */
    void leave() {
        if (folder == null) {
            return;
        }
        try {
            Files.deleteIfExists(wanted);
            Files.deleteIfExists(socket());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.debug("{} stays behind: {}", folder, e.getMessage());
        }
    }
}
