package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose network breaks. Names finish the sentence "two nodes …". */
@Tag("R-PXY-05")
@Tag("R-PXY-09")
class CutTest {
    private static final int SERVER = 10;
    private static final int MUTE = 11;
    private static final int CLIENT = 40;
    private static final String OPTIONS = "batch YES; autobind YES; sequence YES; digest crc32c;";

    @TempDir
    Path folder;
    private final Sockets sockets = new Sockets();

    @Test
    @Tag("R-PXY-10")
    void copyAsAWholeOrNotAtAllWhereverTheConnectionBreaks() throws Exception {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        System.out.println("CutTest: seed " + seed + " (-Ddvs.seed=)");
        Random random = new Random(seed);
        try (Pair pair = Pair.over(folder, OPTIONS, Map.of()).start();
                Copier copier = new Copier(pair.nodes[0].kernel, 0, pair.nodes[1].kernel, 1)) {
            Map<ErrorCode, Integer> ends = new EnumMap<>(ErrorCode.class);
            int good = 0;
            for (int i = 0; i < 120; i++) {
                if (random.nextInt(4) > 0) {
                    // Anywhere from the request to behind the acknowledgement.
                    pair.cable.breakAfter(random.nextBoolean() ? random.nextInt(66_000) : 65_000 + random.nextInt(2_000));
                }
                int result = copier.copy(random.nextBoolean());
                pair.cable.mend();
                pair.awaitUp();
                copier.check(result);
                if (result >= 0) {
                    good++;
                } else {
                    ends.merge(ErrorCode.ofRcode(result).orElseThrow(), 1, Integer::sum);
                }
            }
            sockets.awaitNoneInCloseWait();
            System.out.println("120 copies of 64 KiB, 3 of 4 over a connection about to break: " + good + " good, " + ends);
            assertTrue(good > 0 && ends.containsKey(ErrorCode.UNKNOWNOUTCOME), ends.toString());
            ends.keySet().removeAll(Set.of(ErrorCode.UNKNOWNOUTCOME, ErrorCode.NOTCONN));
            assertEquals(Map.of(), ends);
        }
    }

    /** What comes late once a network is mended joins the two, for a moment, over connections that are gone. */
    private static void awaitTalk(AsyncEndpoint client) {
        Pair.await(() -> {
            CompletableFuture<Integer> asked = new CompletableFuture<>();
            client.sendrec(SERVER, new Message(1), 10 * WAIT_MS, asked::complete);
            return asked.get(WAIT_MS, TimeUnit.MILLISECONDS) == 0;
        });
    }

    @Test
    void hearOfANetworkThatIsSilentOneWayOrBothAndComeBack() throws Exception {
        try (Pair pair = Pair.over(folder, OPTIONS, Map.of())) {
            for (TestNode node : pair.nodes) {
                // A machine with much else to do must not be silent by itself.
                node.set("silenceMs", 3_000);
            }
            pair.start();
            pair.nodes[1].kernel.bindHandler(DC, SERVER, "server",
                    (message, self) -> self.reply(message.source(), message, WAIT_MS, rcode -> { }));
            pair.nodes[0].kernel.rmtbind(DC, SERVER, "server", 1);
            pair.nodes[1].kernel.bindAsync(DC, MUTE, "mute", BindKind.SELF, EndpointNumbers.LOCALNODE);
            pair.nodes[0].kernel.rmtbind(DC, MUTE, "mute", 1);
            AsyncEndpoint client = pair.nodes[0].kernel.bindAsync(DC, CLIENT, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
            for (int ways = 1; ways <= 3; ways++) {
                awaitTalk(client);
                long sent = pair.nodes[0].link(1).commandsOut();
                CompletableFuture<Integer> asked = new CompletableFuture<>();
                client.sendrec(MUTE, new Message().type(1), 10 * WAIT_MS, asked::complete);
                Pair.await(() -> pair.nodes[0].link(1).commandsOut() > sent);
                pair.cable.silence(0, (ways & 1) != 0);
                pair.cable.silence(1, (ways & 2) != 0);
                assertEquals(ErrorCode.UNKNOWNOUTCOME.rcode(), asked.get(WAIT_MS, TimeUnit.MILLISECONDS));
                Pair.await(() -> !pair.nodes[0].link(1).state().equals("up") && !pair.nodes[1].link(0).state().equals("up"));
                long silent = pair.nodes[0].link(1).faultCounts().getOrDefault("silent", 0L)
                        + pair.nodes[1].link(0).faultCounts().getOrDefault("silent", 0L);
                assertTrue(silent >= ways, "way " + ways + ": " + silent);
                CompletableFuture<Integer> refused = new CompletableFuture<>();
                client.sendrec(MUTE, new Message().type(1), 10 * WAIT_MS, refused::complete);
                // Where only the peer's words are lost, this side takes a new connection for good until the peer is silent again.
                Set<Integer> told = Set.of(ErrorCode.NOTCONN.rcode(), ErrorCode.UNKNOWNOUTCOME.rcode());
                assertTrue(told.contains(refused.get(WAIT_MS, TimeUnit.MILLISECONDS)));
                pair.cable.mend();
                pair.awaitUp();
            }
            sockets.awaitNoneInCloseWait();
        }
    }

    @Test
    void areOneAgainAfterEveryBreak() throws Exception {
        try (Pair pair = Pair.over(folder, OPTIONS, Map.of()).start()) {
            for (int i = 0; i < 20; i++) {
                long sessions = pair.nodes[0].link(1).sessions();
                pair.cable.breakAll();
                Pair.await(() -> pair.nodes[0].link(1).sessions() > sessions);
                pair.awaitUp();
            }
            pair.cable.cut();
            Pair.await(() -> !pair.nodes[0].link(1).state().equals("up") && !pair.nodes[1].link(0).state().equals("up"));
            sockets.awaitNoneInCloseWait();
            pair.cable.mend();
            pair.awaitUp();
        }
    }
}
