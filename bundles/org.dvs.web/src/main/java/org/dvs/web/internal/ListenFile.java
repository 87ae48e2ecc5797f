package org.dvs.web.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file {@value #NAME} in the node's data folder, mode 0600: one line {@code address port pid start}, the last two being the
 * process and its start in ticks since the machine's (field 22 of {@code /proc/PID/stat}). The script {@code dvs} finds the node
 * by it, since settings may also come from the environment, and tells a node that answers no more from one that does not yet.
 *
 * <p>It stays when the server stops: whoever reads it looks whether that process still runs.
 */
final class ListenFile {
    static final String NAME = "https";
    private static final Path PROCESS = Path.of("/proc/self/stat");
    private static final int START = 19;

    private ListenFile() {
    }

    static void write(Path data, String address, int port) throws IOException {
        String stat = Files.readString(PROCESS, StandardCharsets.ISO_8859_1);
        // The second field, the process's name, may hold anything.
        String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START];
        Path written = Files.createTempFile(data, NAME, ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(written, address + ' ' + port + ' ' + ProcessHandle.current().pid() + ' ' + start + '\n');
            Files.move(written, data.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
