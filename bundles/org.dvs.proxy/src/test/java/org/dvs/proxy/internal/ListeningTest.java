package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.dvs.cluster.api.AgreedState;
import org.dvs.proxy.internal.config.ProxyConfig;
import org.dvs.testkit.Logged;
import org.dvs.testkit.Ports;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ListenerInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a node may be reached. Names finish the sentence "a node …". */
@Tag("R-PXY-03")
@Tag("R-PXY-04")
class ListeningTest {
    @TempDir
    Path folder;

    private static List<String> listeners(TestNode node) {
        return node.transport.listeners().stream().map(ListenerInfo::name).toList();
    }

    private static Optional<String> said(TestNode node) {
        return node.cluster.state().get("proxy/address/" + node.id).map(AgreedState.Entry::value).map(String::new);
    }

    @Test
    void listensForAllWhereNoBlockNamesAPair() throws Exception {
        try (TestNode node = new TestNode(folder, 0, "").set("basePort", 0).set("ports", ProxyConfig.Ports.PAIR).start()) {
            assertEquals(List.of("proxy"), listeners(node));
            Address.Tcp address = (Address.Tcp) node.transport.listeners().get(0).address();
            assertEquals(Optional.of("127.0.0.1 " + address.port()), said(node));
        }
    }

    @Test
    void tellsNobodyAnAddressThatLeadsEachToItself() throws Exception {
        TestAuthority ours = new TestAuthority(folder.resolve("ours"), "ours");
        try (TestNode node = new TestNode(folder, 0, "").as(TestAuthority.identity(ours.issue(0))).set("basePort", 0).start()) {
            assertTrue(said(node).isPresent());
            node.stop();
            node.set("bindAddress", "0.0.0.0");
            String logged = Logged.during(node::start);
            assertTrue(logged.contains("bindAddress of org.dvs.proxy is 0.0.0.0"), logged);
            assertEquals(List.of("proxy"), listeners(node));
            assertEquals(Optional.empty(), said(node));
            node.stop();
            node.set("bindAddress", "127.0.0.1").start();
            assertTrue(said(node).isPresent());
        }
    }

    @Test
    void closesWhatItsNextVersionDoesNotNameAnyMore() throws Exception {
        int port = Ports.row(2);
        try (TestNode node = new TestNode(folder, 0, "node node0 { nodeid 0; baseport " + port + "; };\n"
                + "proxy localhost { proxyid 1; sport 1; };\n").start()) {
            assertEquals(List.of("proxy"), listeners(node));
            assertTrue(said(node).isPresent());
            node.stop();
            node.set("ports", ProxyConfig.Ports.PAIR).start();
            assertEquals(List.of("proxy-1"), listeners(node));
            assertEquals(Optional.empty(), said(node));
            node.stop();
            node.set("ports", ProxyConfig.Ports.SINGLE).start();
            assertEquals(List.of("proxy"), listeners(node));
            assertTrue(said(node).isPresent());
        }
    }
}
