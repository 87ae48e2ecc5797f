package org.dvs.web.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that says where the node listens … */
@Tag("R-CMD-01")
class ListenFileTest {
    @TempDir
    Path data;

    @Test
    void namesAddressPortAndThisVeryProcessForItsOwnerOnly() throws Exception {
        ListenFile.write(data, "127.0.0.1", 23292);
        ListenFile.write(data, "10.0.0.1", 8443);

        Path file = data.resolve(ListenFile.NAME);
        long pid = ProcessHandle.current().pid();
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String start = stat.substring(stat.lastIndexOf(") ") + 2).split(" ")[19];
        assertEquals("10.0.0.1 8443 " + pid + ' ' + start + '\n', Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (Stream<Path> files = Files.list(data)) {
            assertEquals(List.of(file), files.toList());
        }
    }
}
