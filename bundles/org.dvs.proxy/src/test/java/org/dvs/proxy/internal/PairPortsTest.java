package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.proxy.internal.config.ProxyConfig;
import org.dvs.testkit.Ports;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ListenerInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes with {@code ports = PAIR}, each of which listens for the other one alone. One of them dials; the other one cannot, as
 * its block has a port where nobody is. Names finish the sentence "with a port for each pair a node …".
 */
@Tag("R-PXY-03")
@Tag("R-PXY-04")
class PairPortsTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 40;

    @TempDir
    Path folder;

    private static String peer(String host, int id, int nobody, int dials) {
        return "proxy " + host + " { proxyid " + id + "; " + (dials == id ? "sport " + nobody + "; " : "") + "};\n";
    }

    private TestNode node(int id, String file) throws Exception {
        return new TestNode(folder, id, file).set("ports", ProxyConfig.Ports.PAIR).set("reconnectMinMs", 10)
                .set("reconnectMaxMs", 100);
    }

    /** That it listens nowhere else. */
    private static void assertListens(TestNode node, String host, int port) {
        List<ListenerInfo> listeners = node.transport.listeners();
        assertEquals(List.of("proxy-" + (1 - node.id)), listeners.stream().map(ListenerInfo::name).toList());
        assertEquals(Address.tcp(host, port), listeners.get(0).address());
    }

    private static void assertDialed(TestNode node, String host, int port) throws Exception {
        String where = node.link(1 - node.id).where();
        assertTrue(where.endsWith(host + ":" + port), where);
    }

    /** A program of each node asks one of the other. */
    private static void exchange(Pair pair) throws Exception {
        for (TestNode here : pair.nodes) {
            TestNode there = pair.nodes[1 - here.id];
            int server = SERVER + there.id;
            there.kernel.bindHandler(DC, server, "echo", (message, self) -> self.reply(message.source(), message, WAIT_MS,
                    rcode -> { }));
            here.kernel.rmtbind(DC, server, "echo", there.id);
            try (Endpoint client = here.kernel.bind(DC, CLIENT + here.id, "client", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
                Message message = new Message(1).putInt(Message.M1_I1, 7 + here.id);
                client.sendrec(server, message, WAIT_MS);
                assertEquals(7 + here.id, message.getInt(Message.M1_I1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesToTheBasePortThatTheOthersBlockSaysAndItsOwnId(int dials) throws Exception {
        int first = Ports.row(5);
        int nobody = first + 4;
        String bases = "node node0 { nodeid 0; baseport " + first + "; };\n"
                + "node node1 { nodeid 1; baseport " + (first + 2) + "; };\n";
        try (Pair pair = new Pair(node(0, bases + peer("localhost", 1, nobody, dials)),
                node(1, bases + peer("localhost", 0, nobody, dials))).start()) {
            assertListens(pair.nodes[0], "127.0.0.1", first + 1);
            assertListens(pair.nodes[1], "127.0.0.1", first + 2);
            assertDialed(pair.nodes[dials], "127.0.0.1", dials == 0 ? first + 2 : first + 1);
            exchange(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void comesToTheBasePortThatAllHaveAtAddressesOfTheirOwn(int dials) throws Exception {
        int base = Ports.row(3);
        int nobody = base + 2;
        try (Pair pair = new Pair(
                node(0, peer("127.0.0.2", 1, nobody, dials)).set("basePort", base),
                node(1, peer("127.0.0.1", 0, nobody, dials)).set("basePort", base).set("bindAddress", "127.0.0.2")).start()) {
            assertListens(pair.nodes[0], "127.0.0.1", base + 1);
            assertListens(pair.nodes[1], "127.0.0.2", base);
            assertDialed(pair.nodes[dials], dials == 0 ? "127.0.0.2" : "127.0.0.1", dials == 0 ? base : base + 1);
            exchange(pair);
        }
    }
}
