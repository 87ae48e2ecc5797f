package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.dvs.transport.api.Peer;
import org.dvs.transport.api.Tls;
import org.dvs.transport.netty.internal.loop.SocketKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Unix-domain socket … */
@Tag("R-CMD-11")
@ExtendWith(LeakCheck.class)
@Timeout(120)
class UnixTest {
    @TempDir
    Path folder;
    private Bed bed;
    private Path path;
    private final TestProtocol protocol = new TestProtocol();

    @BeforeEach
    void start() {
        bed = new Bed(folder, Bed.Way.UNIX);
        bed.transport().offer(protocol);
        path = folder.resolve("socket");
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private Listener listen(String name, Path where, int mode) throws DvsException {
        return bed.transport().listen(name, "test", Address.unix(where), ListenOptions.plain().mode(mode));
    }

    private ErrorCode refusal(Path where) {
        return assertThrows(DvsException.class, () -> listen("other", where, 0600)).code();
    }

    /** What another process does: connects, sends a frame, says what came back, and stays until its input ends. */
    public static final class Other {
        private Other() {
        }

        public static void main(String[] args) throws Exception {
            try (Client client = Client.unix(Address.unix(Path.of(args[0])))) {
                System.out.println(client.frame(new byte[] {9}).receive().length);
                System.in.read();
            }
        }
    }

    @Test
    void tellsWhichProcessOfWhichUserIsAtTheOtherEnd() throws Exception {
        listen("test", path, 0600);
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process other = new ProcessBuilder(java, "-Xmx64m", "-cp", System.getProperty("java.class.path"), Other.class.getName(),
                path.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            assertEquals('1', other.getInputStream().read());
            Peer.Process peer = protocol.opened.get(0).peer().process().orElseThrow();
            assertEquals(other.pid(), peer.pid());
            assertEquals((int) Files.getAttribute(path, "unix:uid"), peer.uid());
            assertEquals((int) Files.getAttribute(path, "unix:gid"), peer.gid());
            assertEquals("pid " + other.pid(), protocol.opened.get(0).peer().address());
            other.destroyForcibly();
            Bed.await(() -> protocol.closed.size() == 1);
            assertEquals("PEER", protocol.closed.peek(), "the end of a process is seen at once");
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void hasTheModeAskedForBeforeAnybodyCanConnectAndIsGoneAfterwards() throws Exception {
        Listener listener = listen("test", path, 0660);
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(Address.unix(path), listener.address());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count(), "nothing else is left there");
        }
        listener.close();
        assertFalse(Files.exists(path));
        assertTrue(bed.transport().listeners().isEmpty());
    }

    @Test
    void takesThePlaceOfOneThatAKilledProcessLeft() throws Exception {
        ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        left.bind(UnixDomainSocketAddress.of(path));
        left.close();
        assertTrue(Files.exists(path));
        Listener listener = listen("test", path, 0600);
        try (Client client = Client.unix(listener.address())) {
            assertArrayEquals(new byte[] {1}, client.frame(new byte[] {1}).receive());
        }
    }

    @Test
    void leavesAloneWhatIsAnothers() throws Exception {
        Listener listener = listen("test", path, 0600);
        assertEquals(ErrorCode.ADDRINUSE, refusal(path));
        try (Client client = Client.unix(listener.address())) {
            assertArrayEquals(new byte[] {1}, client.frame(new byte[] {1}).receive());
        }
        Path file = Files.writeString(folder.resolve("file"), "precious");
        assertEquals(ErrorCode.EXIST, refusal(file));
        assertEquals("precious", Files.readString(file));
        // Somebody else took the name meanwhile.
        Files.delete(path);
        try (ServerSocketChannel thief = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            thief.bind(UnixDomainSocketAddress.of(path));
            listener.close();
            assertTrue(Files.exists(path));
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
    }

    @Test
    void isRefusedWhereItCannotBe() {
        assertEquals(ErrorCode.BADVALUE, refusal(Path.of("relative")));
        assertEquals(ErrorCode.BADVALUE, refusal(folder.resolve("x".repeat(101))));
        assertEquals(ErrorCode.BADVALUE, refusal(Path.of("/")));
        assertEquals(ErrorCode.BADDIR, refusal(folder.resolve("missing/socket")));
        DvsException tls = assertThrows(DvsException.class, () -> bed.transport().listen("other", "test", Address.unix(path),
                ListenOptions.plain().tls(Tls.CLUSTER)));
        assertEquals(ErrorCode.BADVALUE, tls.code());
        assertFalse(Files.exists(path));
    }

    @Test
    void isRefusedWithNioWhichDoesNotTellWhoIsAtTheOtherEnd() {
        try (Bed nio = new Bed(folder, SocketKind.NIO, limits -> limits)) {
            DvsException refused = assertThrows(DvsException.class,
                    () -> nio.transport().listen("test", "test", Address.unix(path), ListenOptions.plain()));
            assertEquals(ErrorCode.PROTONOSUPPORT, refused.code());
            assertTrue(refused.getMessage().contains("without epoll nothing tells which process"), refused::getMessage);
        }
    }
}
