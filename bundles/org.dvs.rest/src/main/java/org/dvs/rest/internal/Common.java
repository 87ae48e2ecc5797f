package org.dvs.rest.internal;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Members of every call, in the query and in the body alike. */
enum Common {
    NODES("nodes", "string", "node set: node[0-2], @group, *; without any of nodes, groups and all the node that was asked"),
    EXCLUDE("exclude", "string", "node set taken away"),
    GROUPS("groups", "array", "names of groups added"),
    ALL("all", "boolean", "every registered node"),
    PICK("pick", "integer", "at most so many of them, chosen at random; 0 for all"),
    TIMEOUT("timeout", "string", "deadline of the whole, with unit: 500ms, 30s, 5m"),
    FANOUT("fanout", "integer", "nodes asked at once at the most"),
    BATCH("batch", "string", "nodes per wave, N or P%"),
    MAX_FAIL("maxFail", "string", "failed or silent nodes after which no further wave starts, N or P%"),
    DRY_RUN("dryRun", "boolean", "true: nothing is sent, the answer says what would be"),
    CONFIRM("confirm", "boolean", "true: it may destroy something");

    private final String member;
    private final String type;
    private final String help;

    Common(String member, String type, String help) {
        this.member = member;
        this.type = type;
        this.help = help;
    }

    String member() {
        return member;
    }

    /** As JSON schema has it. */
    String type() {
        return type;
    }

    String help() {
        return help;
    }

    static Optional<Common> of(String member) {
        return Arrays.stream(values()).filter(each -> each.member.equals(member)).findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(Common::member).collect(Collectors.joining(", "));
    }
}
