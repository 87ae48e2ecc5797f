package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import org.dvs.config.internal.BlockFilesComponent;
import org.dvs.proxy.internal.config.ProxyBlocks;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Options;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "a block file …". */
@Tag("R-PXY-13")
class BlockFileTest {
    private static final Options NONE = new Options(false, false, false, false, false, DigestKind.NONE);
    private static final String ONE = "proxy a { proxyid 1; };\n";
    private static final long LOOK = 500_000_000;

    @TempDir
    Path folder;
    private Path path;
    private BlockFile file;
    private long now;

    @BeforeEach
    void write() throws Exception {
        path = folder.resolve("proxies.conf");
        Files.writeString(path, ONE);
        file = new BlockFile(new BlockFilesComponent(), path, blocks -> ProxyBlocks.of(blocks, 0, 3_000, false, NONE), () -> now);
        assertEquals(Set.of(1), peers(), "nothing else is there that counts");
        assertFalse(file.isSure());
    }

    private Set<Integer> peers() {
        return file.blocks().peers().keySet();
    }

    private Set<Integer> nextPeers() {
        now += LOOK;
        return peers();
    }

    @Test
    void countsOnWhileItIsSavedInPlace() throws Exception {
        Files.writeString(path, "");
        assertEquals(Set.of(1), nextPeers());
        // A member comes just then, and it is looked at once more.
        assertEquals(Set.of(1), peers());
        assertFalse(file.isSure());
        Files.writeString(path, ONE + "proxy b { proxyid 2; };\n");
        assertEquals(Set.of(1), nextPeers());
        assertEquals(Set.of(1, 2), nextPeers());
        assertTrue(file.isSure());
    }

    @Test
    void countsOnWhileAnotherOneTakesItsPlace() throws Exception {
        Path saved = folder.resolve("proxies.conf~");
        Files.move(path, saved);
        assertEquals(Set.of(1), nextPeers());
        assertEquals(Set.of(1), peers());
        Files.move(saved, path);
        assertEquals(Set.of(1), nextPeers());
        assertEquals(Set.of(1), nextPeers());
        assertTrue(file.isSure());
    }

    @Test
    void countsOnWhereNobodyCanSeeWhetherItIsThere() throws Exception {
        assertEquals(Set.of(1), nextPeers());
        Files.delete(path);
        // A file system may say so for other reasons, too, and for a while.
        Files.createSymbolicLink(path, path.getFileName());
        assertEquals(Set.of(1), nextPeers());
        assertEquals(Set.of(1), nextPeers());
        assertEquals(Set.of(1), nextPeers());
    }

    @Test
    void countsNoMoreOnceItIsGoneOrEmptyForGood() throws Exception {
        Files.writeString(path, "");
        nextPeers();
        assertEquals(Set.of(), nextPeers());
        assertTrue(file.isSure());
        Files.writeString(path, ONE);
        nextPeers();
        assertEquals(Set.of(1), nextPeers());
        Files.delete(path);
        nextPeers();
        assertEquals(Set.of(), nextPeers());
        assertTrue(file.isSure());
    }

    @Test
    void isNotSureWhileItCannotBeRead() throws Exception {
        assertEquals(Set.of(1), nextPeers());
        assertTrue(file.isSure());
        Files.writeString(path, "proxy b { proxyid 2;");
        nextPeers();
        assertEquals(Set.of(1), nextPeers());
        assertFalse(file.isSure());
    }
}
