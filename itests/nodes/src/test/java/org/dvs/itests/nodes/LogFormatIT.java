package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "the log of a node …". */
@ExtendWith(ThreeNodes.class)
class LogFormatIT {
    private static final String REFUSED = "Refused GET /metrics";
    /** Of conventions 8. */
    private static final Set<String> EVERY_EVENT = Set.of("@timestamp", "ecs.version", "log.level", "log.logger", "message",
            "service.name", "service.version", "service.node.name", "process.thread.name");
    /** And what some have; the last three are Pax Logging's. */
    private static final Set<String> KNOWN = Stream.concat(EVERY_EVENT.stream(), Stream.of("error.type", "error.message",
            "error.stack_trace", "event.code", "user.name", "source.ip", "trace.id", "dvs.request_id", "dvs.job_id", "dvs.dc_id",
            "dvs.peer", "tags", "bundle.id", "bundle.name", "bundle.version")).collect(Collectors.toSet());

    /** Has the node write a line, until the last one behind the first ones is as it should be. */
    private static void awaitLine(LocalCluster cluster, Api stranger, String start, int first) {
        await().atMost(LocalCluster.PATIENCE).pollInterval(500, TimeUnit.MILLISECONDS).until(() -> {
            stranger.get("/metrics", "");
            List<String> refused = lines(cluster).stream().skip(first).filter(line -> line.contains(REFUSED)).toList();
            return !refused.isEmpty() && refused.get(refused.size() - 1).startsWith(start);
        });
    }

    @Test
    void isEcsJsonWhenOneSettingSaysSoAndTextAgainWhenItDoesNot(LocalCluster cluster) throws Exception {
        Path file = cluster.folder("node0").resolve("etc/org.ops4j.pax.logging.cfg");
        String before = Files.readString(file);
        assertTrue(before.contains("dvs.log.format = text"), before);
        Api stranger = Api.asStranger(cluster, "node0");
        awaitLine(cluster, stranger, "20", 0);
        Path faulty = cluster.deploy("node0", "dvs.faulty");
        try {
            Files.writeString(file, before.replace("dvs.log.format = text", "dvs.log.format = ecs"));
            awaitLine(cluster, stranger, "{", 0);
            awaitLine(cluster, stranger, "{", lines(cluster).size());
            // From here on: a thread that was about to write when the format changed may write as text behind the first event.
            int first = behindTheText(cluster);
            await().atMost(LocalCluster.PATIENCE).until(() -> cluster.dvs("host", "fault", "throw", "--dcid=7").text()
                    .contains("has a defect"));
            cluster.kill("node2");
            // Another test's may be there from before.
            await().atMost(LocalCluster.PATIENCE).until(() -> lines(cluster).stream()
                    .skip(first).anyMatch(line -> line.contains("DISCONNECT: ")));

            List<JsonNode> events = events(cluster, first);
            for (JsonNode each : events) {
                EVERY_EVENT.forEach(name -> assertTrue(each.path(name).isTextual(), () -> name + " is not in " + each));
                assertTrue(KNOWN.containsAll(names(each)), each::toString);
                assertEquals("dvs", each.path("service.name").asText());
                assertEquals("node0", each.path("service.node.name").asText());
                assertTrue(each.path("service.version").asText().matches("[0-9]+\\.[0-9]+\\.[0-9]+.*"), each::toString);
                assertTrue(each.path("@timestamp").asText().endsWith("Z"), each::toString);
            }
            JsonNode refused = find(events, REFUSED);
            assertEquals("INFO", refused.path("log.level").asText());
            assertTrue(refused.path("log.logger").asText().startsWith("org.dvs.web."), refused::toString);
            assertTrue(refused.path("dvs.request_id").asText().length() > 8, refused::toString);
            assertEquals("127.0.0.1", refused.path("source.ip").asText());
            assertEquals("DVS-SEC-1005", refused.path("event.code").asText());
            JsonNode defect = find(events, "the handler of RQST_FAULT");
            assertEquals("ERROR", defect.path("log.level").asText());
            assertTrue(defect.path("event.code").asText().endsWith("-0099"), defect::toString);
            assertEquals("operator", defect.path("user.name").asText());
            assertEquals("7", defect.path("dvs.dc_id").asText());
            assertTrue(defect.path("dvs.job_id").asText().startsWith("node0-"), defect::toString);
            assertTrue(defect.path("error.type").asText().endsWith("Exception"), defect::toString);
            assertTrue(defect.path("error.stack_trace").asText().contains("FaultyHandler"), defect::toString);
            JsonNode left = find(events, "DISCONNECT: ");
            assertEquals("DISCONNECT", left.path("event.code").asText());
            assertEquals("node2", left.path("dvs.peer").asText());
        } finally {
            Files.writeString(file, before);
            Files.delete(faulty);
        }
        awaitLine(cluster, stranger, "20", 0);
    }

    /** Of node0's log, without one that is only begun. */
    private static List<String> lines(LocalCluster cluster) {
        String log = cluster.log("node0");
        return log.substring(0, log.lastIndexOf('\n') + 1).lines().toList();
    }

    /** @return how many lines there are up to the last one that is no event */
    private static int behindTheText(LocalCluster cluster) {
        List<String> lines = lines(cluster);
        int count = lines.size();
        while (count > 0 && lines.get(count - 1).startsWith("{")) {
            count--;
        }
        return count;
    }

    /** All but the first lines. */
    private static List<JsonNode> events(LocalCluster cluster, int first) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> events = new ArrayList<>();
        for (String line : lines(cluster).stream().skip(first).toList()) {
            events.add(mapper.readTree(line));
        }
        return events;
    }

    private static Set<String> names(JsonNode event) {
        Set<String> names = new TreeSet<>();
        event.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode find(List<JsonNode> events, String part) {
        return events.stream().filter(event -> event.path("message").asText().contains(part)).reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError(part + " is not in " + events));
    }
}
