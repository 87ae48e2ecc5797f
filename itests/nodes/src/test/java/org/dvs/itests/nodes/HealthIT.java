package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "the health of a node …". */
@Tag("R-CMD-18")
@ExtendWith(ThreeNodes.class)
class HealthIT {
    private static final double MAX_ANSWER_SECONDS = 0.1;

    private static String answer(Api api, String path) throws Exception {
        HttpResponse<String> response = api.get(path, "");
        return response.statusCode() + " " + response.body().strip();
    }

    /** Waits until the probe has this status and a line of its text says this. */
    private static void awaitAnswer(Api api, String path, int status, String text) {
        await().atMost(LocalCluster.PATIENCE).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(() -> {
            String answer = answer(api, path + "?verbose");
            assertTrue(answer.startsWith(status + " ") && answer.contains(text), () -> path + ": " + answer);
        });
    }

    @Test
    void isGoodOnceItIsUpAndIsAnsweredAtOnce(LocalCluster cluster) throws Exception {
        for (String node : List.of("node0", "node1", "node2")) {
            Api api = new Api(cluster, node);
            awaitAnswer(api, "/startupz", 200, "[+] boot: OK");
            awaitAnswer(api, "/livez", 200, "[+] heap: OK");
            awaitAnswer(api, "/readyz", 200, "[+] quorum: OK, 3 of 3 voters");
            assertTrue(answer(api, "/health/checks/store").startsWith("200 [+] store: OK"), node);
            assertTrue(answer(api, "/health/checks/certificate").startsWith("200 [+] certificate: "), node);
            assertTrue(answer(api, "/health/checks/nothing").startsWith("404 "), node);
        }
        Api api = new Api(cluster, "node0");
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            answer(api, "/readyz");
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        assertTrue(best <= MAX_ANSWER_SECONDS, "best of 20 answers took " + best + " s");
    }

    @Test
    void tellsThatAVoterIsMissingThenThatTheMajorityIsAndThatItIsBack(LocalCluster cluster) throws Exception {
        Api api = new Api(cluster, "node0");
        awaitAnswer(api, "/readyz", 200, "[+] quorum: OK");
        cluster.kill("node2");
        awaitAnswer(api, "/readyz", 200, "[+] quorum: WARN, voters are missing: node2");
        cluster.kill("node1");
        awaitAnswer(api, "/readyz", 503, "[-] quorum: CRITICAL, no majority");
        // What the others do is no reason to restart this one.
        awaitAnswer(api, "/livez", 200, "[+] heap: OK");
        awaitAnswer(api, "/startupz", 200, "[+] view: OK");
        String single = answer(api, "/health/checks/quorum");
        assertTrue(single.startsWith("503 [-] quorum: CRITICAL"), single);
        cluster.whole();
        awaitAnswer(api, "/readyz", 200, "[+] quorum: OK, 3 of 3 voters");
        assertTrue(cluster.log("node0").contains("Health check quorum is CRITICAL"), "nothing of it in the log");
    }

    @Test
    void isNotReadyWhileItStartsAloneAndNotToBeHadWhenItStops(LocalCluster cluster) throws Exception {
        assertEquals(0, cluster.dvs(LocalCluster.PATIENCE.multipliedBy(2), "down").exit());
        Api api = new Api(cluster, "node0");
        Process alone = cluster.startIn(cluster.folder("node0"));
        try {
            awaitAnswer(api, "/startupz", 503, "[-] view: TEMPORARILY_UNAVAILABLE, node0 has not joined yet");
            awaitAnswer(api, "/livez", 200, "[+] heap: OK");
            awaitAnswer(api, "/readyz", 503, "[-] quorum: CRITICAL");
        } finally {
            alone.destroy();
            alone.onExit().get(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThrows(IOException.class, () -> answer(api, "/livez"));
    }
}
