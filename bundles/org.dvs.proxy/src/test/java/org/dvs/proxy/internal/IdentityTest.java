package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.security.CertifiedNode;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Frame;
import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.frame.FrameEncoder;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.testkit.Ports;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Peer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who says HELLO must be who the certificate says. Names finish the sentence "a node …". */
@Tag("R-PXY-05")
class IdentityTest {
    @TempDir
    Path folder;

    /** A connection whose peer has shown the certificate of a node. */
    private static Connection certified(int node, CompletableFuture<ByteBuffer> written) {
        ByteBuffer out = ByteBuffer.allocate(4_096);
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "peer" -> new Peer("test", Optional.empty(), Optional.of(new CertifiedNode(node, "node" + node)));
                    case "begin" -> out.clear();
                    // A copy: the first sign of life follows at once, in the same buffer.
                    case "end" -> written.complete(ByteBuffer.wrap(Arrays.copyOf(out.array(), out.position())));
                    case "isOpen", "writable" -> true;
                    case "limits" -> Limits.DEFAULT;
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "outgoing" -> false;
                    default -> null;
                });
    }

    private static ByteBuffer answer(TestNode node, int certificate, int claimed) throws Exception {
        CompletableFuture<ByteBuffer> written = new CompletableFuture<>();
        Connection connection = certified(certificate, written);
        ByteBuffer hello = RawPeer.bytes(to -> new FrameEncoder().hello(to, FrameLayout.HELLO, RawPeer.hello(claimed, 5, 1), 0));
        node.proxies.proxies().loop().execute(() -> new ProxyConnection(node.proxies.proxies(), connection).frame(connection, hello));
        return written.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS);
    }

    @Test
    void refusesAHelloInTheNameOfAnotherNode() throws Exception {
        try (TestNode node = new TestNode(folder, 0, "node node0 { nodeid 0; baseport " + Ports.row(2) + "; };\n"
                + "proxy localhost { proxyid 1; sport 1; };\n").start()) {
            Frame header = new Frame();
            ByteBuffer refusal = answer(node, 2, 1);
            assertNull(new FrameDecoder(1).header(refusal, header));
            assertEquals(FrameLayout.END, header.type);
            assertEquals(Fault.IDENTITY, FrameDecoder.why(refusal));
            assertEquals("down", node.link(1).state().replace("dialing", "down"));
            assertNull(new FrameDecoder(1).header(answer(node, 1, 1), header));
            assertEquals(FrameLayout.WELCOME, header.type);
        }
    }
}
