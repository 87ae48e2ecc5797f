package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.dvs.testkit.Ports;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real certificates at the proxies' port. Names finish the sentence "a node …". */
@Tag("R-PXY-05")
class StrangerTest {
    @TempDir
    Path folder;
    private final Sockets sockets = new Sockets();

    private TestNode node(String at, int id, int base, Path keys) throws Exception {
        return new TestNode(folder.resolve(at), id,
                "node node0 { nodeid 0; baseport " + base + "; };\nnode node1 { nodeid 1; baseport "
                + base + "; };\nproxy localhost { proxyid " + (1 - id) + "; };\n").as(TestAuthority.identity(keys))
                .set("reconnectMinMs", 10).set("reconnectMaxMs", 50).set("heartbeatMs", 100);
    }

    private static long strangers(TestNode node, String fault) throws Exception {
        return node.proxies.strangers().get(WAIT_MS, TimeUnit.MILLISECONDS).getOrDefault(fault, 0L);
    }

    @Test
    void hasNothingToDoWithOneWhoseCertificateIsAnotherClustersAndCountsIt() throws Exception {
        TestAuthority ours = new TestAuthority(folder.resolve("ours"), "ours");
        TestAuthority theirs = new TestAuthority(folder.resolve("theirs"), "theirs");
        int base = Ports.row(2);
        try (TestNode zero = node("zero", 0, base, ours.issue(0)).start()) {
            try (TestNode stranger = node("stranger", 1, base, theirs.issue(1)).start()) {
                Pair.await(() -> strangers(zero, "handshake") >= 3 && strangers(stranger, "handshake") >= 3);
                Pair.await(() -> zero.link(1).faultCounts().getOrDefault("identity", 0L) >= 1);
                assertEquals(0, zero.link(1).sessions() + stranger.link(0).sessions());
                assertEquals("identity", zero.link(1).lastFault());
                sockets.awaitNoneInCloseWait();
            }
            // The one that it waits for is taken all the same, as long as it is there at that address.
            try (TestNode friend = node("friend", 1, base, ours.issue(1)).start()) {
                Pair.await(() -> zero.link(1).state().equals("up") && friend.link(0).state().equals("up"));
            }
        }
    }

    @Test
    void isNotBlamedForTheCertificateThatTheOtherOneHasNotYet() throws Exception {
        int base = Ports.row(2);
        try (TestNode zero = new TestNode(folder.resolve("zero"), 0, "node node1 { nodeid 1; baseport " + base + "; };\n"
                + "proxy localhost { proxyid 1; };\n").as(null).set("reconnectMinMs", 10).set("reconnectMaxMs", 50).start()) {
            Pair.await(() -> !zero.link(1).lastFault().isEmpty());
            assertEquals("lost", zero.link(1).lastFault());
            assertEquals(0, zero.link(1).faults());
        }
    }

    @Test
    void isNotTakenForAnotherOneOfItsClusterWhatItSaysInHello() throws Exception {
        TestAuthority ours = new TestAuthority(folder.resolve("ours"), "ours");
        int base = Ports.row(2);
        Path keysOfTwo = ours.issue(2);
        try (TestNode zero = node("zero", 0, base, ours.issue(0)).start();
                TestNode liar = node("liar", 1, base, keysOfTwo).start()) {
            Pair.await(() -> strangers(zero, "identity") >= 1);
            // Node 0 dials node 1, and finds node 2's certificate there.
            Pair.await(() -> zero.link(1).faultCounts().getOrDefault("identity", 0L) >= 1);
            assertEquals(0, zero.link(1).sessions() + liar.link(0).sessions());
            sockets.awaitNoneInCloseWait();
        }
    }
}
