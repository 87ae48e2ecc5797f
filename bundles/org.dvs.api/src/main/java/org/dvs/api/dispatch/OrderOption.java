package org.dvs.api.dispatch;

import java.util.Arrays;
import java.util.Optional;

import org.dvs.api.request.ValueType;

/**
 * What can be said with every request besides its own parameters: which nodes, how fast, how long. Each face takes its words
 * from here, so that they mean the same everywhere. Source: conventions 1, in its order.
 */
public enum OrderOption {
    NODES("nodes", 'n', "SET", "nodes", ValueType.TEXT,
            "nodes to ask: node1, node[0-2], @group, *, comma lists, !node1 to leave one out; or else the node that is asked"),
    EXCLUDE("exclude", 'x', "SET", "exclude", ValueType.TEXT, "nodes taken away from them"),
    GROUP("group", 'g', "NAME", "groups", ValueType.TEXTS, "a group of nodes added; may be repeated"),
    ALL("all", 'a', "", "all", ValueType.FLAG, "all registered nodes"),
    PICK("pick", '\0', "N", "pick", ValueType.INTEGER, "only so many of them, chosen at random"),
    FANOUT("fanout", 'f', "N", "fanout", ValueType.INTEGER, "nodes asked at once at the most (64)"),
    TIMEOUT("timeout", 't', "TIME", "timeout", ValueType.DURATION,
            "deadline of the whole, with --watch of each time, e.g. 500ms, 30s, 5m (30s)"),
    BATCH("batch", '\0', "N|P%", "batch", ValueType.TEXT, "nodes per wave, N or P%; the next starts when the last has ended"),
    MAX_FAIL("max-fail", '\0', "N|P%", "maxFail", ValueType.TEXT,
            "failed or silent nodes, N or P%, after which no further wave starts"),
    DRY_RUN("dry-run", '\0', "", "dryRun", ValueType.FLAG, "show nodes, request and role; send nothing"),
    CONFIRM("yes", 'y', "", "confirm", ValueType.FLAG, "do it without asking, also what destroys something");

    private final String word;
    private final char letter;
    private final String placeholder;
    private final String member;
    private final ValueType type;
    private final String help;

    OrderOption(String word, char letter, String placeholder, String member, ValueType type, String help) {
        this.word = word;
        this.letter = letter;
        this.placeholder = placeholder;
        this.member = member;
        this.type = type;
        this.help = help;
    }

    /** On a command line: {@code max-fail} for {@code --max-fail}. */
    public String word() {
        return word;
    }

    /** Its short form on a command line; 0 if it has none. */
    public char letter() {
        return letter;
    }

    /** What stands for its value in the help of a command line; empty if it takes none. */
    public String placeholder() {
        return placeholder;
    }

    /** In a query or a JSON object: {@code maxFail}. */
    public String member() {
        return member;
    }

    public ValueType type() {
        return type;
    }

    /** One line. */
    public String help() {
        return help;
    }

    public static Optional<OrderOption> ofMember(String member) {
        return Arrays.stream(values()).filter(option -> option.member.equals(member)).findFirst();
    }
}
