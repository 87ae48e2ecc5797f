package org.dvs.itests.nodes;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a call of the script printed.
 *
 * @param exit its exit code, -1 if it had to be killed
 */
record Printed(int exit, String out, String err, long elapsedMs) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String text() {
        return out + err;
    }

    JsonNode json() {
        try {
            return JSON.readTree(out);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + this, e);
        }
    }

    /** {@code ok,failed,silent,skipped} of the answer. */
    String counts() {
        JsonNode summary = json().path("summary");
        return summary.path("ok").asInt(-1) + "," + summary.path("failed").asInt(-1) + "," + summary.path("silent").asInt(-1) + ","
                + summary.path("skipped").asInt(-1);
    }

    /** The part of the answer that tells of one node. */
    JsonNode node(String name) {
        for (JsonNode node : json().path("nodes")) {
            if (node.path("node").asText().equals(name)) {
                return node;
            }
        }
        throw new AssertionError("no " + name + " in " + this);
    }
}
