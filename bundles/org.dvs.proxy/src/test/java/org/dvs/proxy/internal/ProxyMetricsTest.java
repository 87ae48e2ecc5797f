package org.dvs.proxy.internal;

import static org.awaitility.Awaitility.await;
import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.testkit.Measured;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the proxies' metrics …". */
@Tag("R-CMD-13")
class ProxyMetricsTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 40;
    private static final int ROUNDS = 100;

    @TempDir
    Path folder;

    /** A loop that does not come to it in time is no failure of this test. */
    private static Map<String, Double> values(TestNode node) {
        return await().atMost(WAIT_MS, TimeUnit.MILLISECONDS).ignoreExceptions()
                .until(() -> Measured.of(node.proxies), map -> true);
    }

    private static String only(Map<String, Double> values, String name) {
        String peer = values.keySet().stream().filter(key -> key.startsWith("dvs_proxy_up{")).findFirst().orElseThrow();
        return name + peer.substring(peer.indexOf('{'));
    }

    private static String with(Map<String, Double> values, String name, String more) {
        return only(values, name).replace("}", "," + more + "}");
    }

    @Test
    void tellWhatAPairCarriesHowLongAHeartbeatTakesAndWhatEndedItsConnection() throws Exception {
        try (Pair pair = new Pair(folder, "batch YES; autobind YES; sequence YES; sendpid YES;").start()) {
            pair.nodes[1].kernel.bindHandler(DC, SERVER, "echo",
                    (message, self) -> self.reply(message.source(), message, WAIT_MS, rcode -> { }));
            pair.nodes[0].kernel.rmtbind(DC, SERVER, "echo", 1);
            Endpoint client = pair.nodes[0].kernel.bind(DC, CLIENT, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
            Message message = new Message();
            for (int i = 0; i < ROUNDS; i++) {
                client.sendrec(SERVER, message.type(1).putInt(Message.M1_I1, i), WAIT_MS);
            }
            Map<String, Double> values = values(pair.nodes[0]);
            assertEquals(1, values.get(only(values, "dvs_proxy_up")));
            assertEquals(2 * ROUNDS, values.get(with(values, "dvs_proxy_commands_total", "out")));
            assertEquals(1 + ROUNDS, values.get(with(values, "dvs_proxy_commands_total", "in")));
            assertTrue(values.get(with(values, "dvs_proxy_bytes_total", "out,raw"))
                    >= values.get(with(values, "dvs_proxy_frames_total", "out")), values::toString);
            assertEquals(1, values.get(only(values, "dvs_proxy_sessions_total")));
            assertEquals(0, values.get(with(values, "dvs_proxy_rejected_frames_total", "gap")));
            await().atMost(WAIT_MS, TimeUnit.MILLISECONDS).until(() -> {
                Map<String, Double> now = values(pair.nodes[0]);
                Double roundTrip = now.get(only(now, "dvs_proxy_rtt_seconds"));
                return roundTrip != null && roundTrip > 0;
            });

            pair.nodes[1].stop();
            pair.nodes[1].transport.stop();
            await().atMost(WAIT_MS, TimeUnit.MILLISECONDS).until(() -> {
                Map<String, Double> now = values(pair.nodes[0]);
                double ended = now.entrySet().stream().filter(each -> each.getKey().startsWith("dvs_proxy_reconnects_total{"))
                        .mapToDouble(Map.Entry::getValue).sum();
                return now.get(only(now, "dvs_proxy_up")) == 0 && ended >= 1;
            });
        }
    }
}
