package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, each a process in a network namespace of its own, and the cable between them. Names finish "two nodes …". */
@Tag("R-PXY-05")
@Tag("R-PXY-09")
class NetworkCutTest {
    private static final int PORT = 3_000;
    private static final long PATIENCE_S = 90;
    /** Shorter than the silence after which a peer is taken for dead. */
    private static final long SHORT_MS = 300;
    private static final int ROUNDS = 2;

    @TempDir
    Path folder;

    private interface Cut {
        void make(Veth network) throws Exception;
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE_S, TimeUnit.SECONDS).pollInterval(20, TimeUnit.MILLISECONDS).until(condition);
    }

    @Test
    @Tag("R-PXY-10")
    void tellEachCallItsOneEndAndDeliverNothingWrongWhateverHappensToTheNetwork() throws Exception {
        String why = Veth.unavailable();
        if (!why.isEmpty()) {
            System.out.println("NetworkCutTest is skipped: " + why);
        }
        assumeTrue(why.isEmpty(), why);
        TestAuthority authority = new TestAuthority(folder.resolve("keys"), "cut");
        Path[] keys = {authority.issue(0), authority.issue(1)};
        try (Veth network = new Veth();
                NodeProcess zero = new NodeProcess(network, 0, folder, keys[0], PORT);
                NodeProcess one = new NodeProcess(network, 1, folder, keys[1], PORT)) {
            await(() -> zero.isUp() && one.isUp());
            zero.ask("call " + one.ask("serve")[0]);
            Cut[] cuts = {each -> each.silence(0), each -> each.silence(1), each -> {
                each.silence(0);
                each.silence(1);
            }, Veth::pullOut};
            int made = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (Cut cut : cuts) {
                    awaitTalk(zero, 200);
                    cut.make(network);
                    new CountDownLatch(1).await(SHORT_MS, TimeUnit.MILLISECONDS);
                    network.mend();
                    awaitTalk(zero, 200);
                    cut.make(network);
                    await(() -> !zero.isUp() && !one.isUp());
                    network.mend();
                    await(() -> zero.isUp() && one.isUp());
                    made += 2;
                }
            }
            awaitTalk(zero, 200);
            check(zero, one, made);
        }
    }

    private static void awaitTalk(NodeProcess client, int more) throws Exception {
        long before = Long.parseLong(client.ask("good")[0]);
        await(() -> Long.parseLong(client.ask("good")[0]) > before + more);
    }

    private static void check(NodeProcess client, NodeProcess server, int made) throws Exception {
        await(() -> client.ask("quiet")[0].equals("0"));
        String[] told = client.ask("quiet");
        String[] seen = server.ask("quiet");
        assertEquals("none", told[2]);
        assertEquals("none", seen[2]);
        BitSet good = AcrossPrograms.set(told[3]);
        BitSet notConnected = AcrossPrograms.set(told[4]);
        BitSet unknown = AcrossPrograms.set(told[5]);
        BitSet arrived = AcrossPrograms.set(seen[6]);
        System.out.printf("%d cuts of a real network: %d calls answered, %d not connected, %d of unknown outcome; %s blocks of 64 KiB%n",
                made, good.cardinality(), notConnected.cardinality(), unknown.cardinality(), told[1]);
        BitSet both = (BitSet) notConnected.clone();
        both.and(arrived);
        assertEquals(new BitSet(), both, "arrived, and their senders were told that they had not left");
        BitSet lost = (BitSet) good.clone();
        lost.andNot(arrived);
        assertEquals(new BitSet(), lost, "answered, and never arrived");
        BitSet foreign = (BitSet) arrived.clone();
        foreign.andNot(good);
        foreign.andNot(unknown);
        assertEquals(new BitSet(), foreign, "arrived, and nobody sent them");
        assertTrue(unknown.cardinality() > 0, "cuts with something under way");
        assertTrue(Integer.parseInt(told[1]) > 0, "blocks");
    }
}
