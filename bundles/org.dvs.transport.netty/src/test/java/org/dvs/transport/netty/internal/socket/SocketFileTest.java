package org.dvs.transport.netty.internal.socket;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a Unix-domain socket … */
@Tag("R-CMD-11")
class SocketFileTest {
    @TempDir
    Path folder;

    /** The system gives the number of a removed file to the next one; here it is the same file under a second name. */
    @Test
    void isRemovedOnceAndNotAgainWhenAnotherHasItsNumber() throws Exception {
        Path path = folder.resolve("socket");
        Path second = folder.resolve("second");
        SocketFile file = SocketFile.prepare(path, 0600);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file.bindPath()));
            file.publish();
            Files.createLink(second, path);
            file.remove();
            assertFalse(Files.exists(path));

            Files.move(second, path);
            Path binding = Files.createFile(file.bindPath());
            file.remove();
            assertTrue(Files.exists(path));
            assertTrue(Files.exists(binding), "where the next one is bound");
        }
    }
}
