package org.dvs.kernel.internal.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the gate's socket …". */
class SocketPlaceTest {
    @TempDir
    Path folder;

    @Test
    void isWhereItIsWantedIfThatIsShortEnough() throws Exception {
        Path wanted = folder.resolve("kernel.sock");
        SocketPlace place = SocketPlace.of(wanted);
        assertEquals(wanted, place.socket());
        place.leave();
    }

    @Test
    void isBehindALinkIfTheFolderLiesTooDeep() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("d".repeat(100)));
        Path wanted = deep.resolve("kernel.sock");
        SocketPlace place = SocketPlace.of(wanted);
        assertTrue(place.socket().toString().length() <= 100, place.socket().toString());
        assertEquals(place.socket(), Files.readSymbolicLink(wanted));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place.socket().getParent())));
        SocketPlace next = SocketPlace.of(wanted);
        assertEquals(next.socket(), Files.readSymbolicLink(wanted));
        place.leave();
        next.leave();
        assertFalse(Files.exists(place.socket().getParent()));
        assertFalse(Files.isSymbolicLink(wanted));
    }
}
