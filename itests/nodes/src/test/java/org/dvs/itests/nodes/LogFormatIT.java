package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "the log of a node …". */
@ExtendWith(ThreeNodes.class)
class LogFormatIT {
    private static final String REFUSED = "Refused GET /metrics";

    /** Has the node write a line, until the last one is as it should be. */
    private static void awaitLine(LocalCluster cluster, Api stranger, String start) {
        await().atMost(LocalCluster.PATIENCE).pollInterval(500, TimeUnit.MILLISECONDS).until(() -> {
            stranger.get("/metrics", "");
            List<String> refused = cluster.log("node0").lines().filter(line -> line.contains(REFUSED)).toList();
            return !refused.isEmpty() && refused.get(refused.size() - 1).startsWith(start);
        });
    }

    @Test
    void isEcsJsonWhenOneSettingSaysSoAndTextAgainWhenItDoesNot(LocalCluster cluster) throws Exception {
        Path file = cluster.folder("node0").resolve("etc/org.ops4j.pax.logging.cfg");
        String before = Files.readString(file);
        assertTrue(before.contains("dvs.log.format = text"), before);
        Api stranger = Api.asStranger(cluster, "node0");
        awaitLine(cluster, stranger, "20");
        try {
            Files.writeString(file, before.replace("dvs.log.format = text", "dvs.log.format = ecs"));
            awaitLine(cluster, stranger, "{");
            List<String> lines = cluster.log("node0").lines().dropWhile(line -> !line.startsWith("{")).toList();
            ObjectMapper mapper = new ObjectMapper();
            JsonNode last = null;
            for (String line : lines) {
                JsonNode json = mapper.readTree(line);
                last = json.path("message").asText().startsWith(REFUSED) ? json : last;
            }
            assertEquals("INFO", last.path("log.level").asText());
            assertEquals("dvs", last.path("service.name").asText());
            assertEquals("node0", last.path("service.node.name").asText());
            assertTrue(last.path("log.logger").asText().startsWith("org.dvs.web."), last::toString);
            assertTrue(last.path("@timestamp").asText().endsWith("Z"), last::toString);
            assertTrue(last.hasNonNull("process.thread.name"), last::toString);
            assertTrue(last.path("dvs.request_id").asText().length() > 8, last::toString);
            assertEquals("127.0.0.1", last.path("source.ip").asText());
        } finally {
            Files.writeString(file, before);
        }
        awaitLine(cluster, stranger, "20");
    }
}
