package org.dvs.cli.internal.words;

import java.util.Arrays;
import java.util.Optional;

import org.dvs.api.dispatch.OrderOption;

/**
 * The flags that mean the same with every command: those of an order, which all faces have, and those of the command line alone,
 * which say how its answer is shown. Source: conventions 1, in its order.
 */
public enum CommonFlag {
    NODES(OrderOption.NODES),
    EXCLUDE(OrderOption.EXCLUDE),
    GROUP(OrderOption.GROUP),
    ALL(OrderOption.ALL),
    PICK(OrderOption.PICK),
    FANOUT(OrderOption.FANOUT),
    CONNECT_TIMEOUT("connect-timeout", "TIME", "deadline for reaching the entry node (5s)"),
    TIMEOUT(OrderOption.TIMEOUT),
    BATCH(OrderOption.BATCH),
    MAX_FAIL(OrderOption.MAX_FAIL),
    DRY_RUN(OrderOption.DRY_RUN),
    YES(OrderOption.CONFIRM),
    RETRY("retry", "JOB", "run a job again for its nodes that were not ok"),
    OUTPUT("output", 'o', "FORMAT", "table, wide, json, jsonl, csv or yaml"),
    NO_HEADERS("no-headers", "", "no line of column names"),
    COLUMNS("columns", "A,B", "only these columns, in this order"),
    SORT("sort", "A,-B", "order of rows; - in front for descending"),
    FILTER("filter", "K=V", "only rows where K=V, K!=V or K~REGEX; all of them if repeated"),
    FOLD("fold", "", "put nodes with the same answer together (the default)"),
    NO_FOLD("no-fold", "", "one table with a column for the node"),
    DIFF("diff", "", "show where the other answers differ from the most frequent one"),
    WATCH("watch", 'w', "TIME", "repeat, every 2s unless said otherwise; show the rows of vmstat and pidstat as they come"),
    QUIET("quiet", 'q', "", "no progress and no summary"),
    VERBOSE("verbose", 'v', "", "a summary even when all went well"),
    COLOR("color", "WHEN", "auto, always or never"),
    CONTEXT("context", "NAME", "the cluster to talk to; read by the dvs script"),
    REQUEST_ID("request-id", "ID", "id for logs; the same id runs at most once"),
    HELP("help", 'h', "", "this help");

    private final String word;
    private final char shortForm;
    private final String value;
    private final String help;

    CommonFlag(OrderOption option) {
        this(option.word(), option.letter(), option.placeholder(), option.help());
    }

    CommonFlag(String word, String value, String help) {
        this(word, '\0', value, help);
    }

    CommonFlag(String word, char shortForm, String value, String help) {
        this.word = word;
        this.shortForm = shortForm;
        this.value = value;
        this.help = help;
    }

    /** Without the dashes. */
    public String word() {
        return word;
    }

    /** As it is typed: {@code --nodes}. */
    public String flag() {
        return "--" + word;
    }

    /** The letter; 0 if it has none. */
    public char shortForm() {
        return shortForm;
    }

    /** What stands for the value in the help; empty if it takes none. */
    public String value() {
        return value;
    }

    public String help() {
        return help;
    }

    /** @return true if a value must follow; {@link #WATCH} may have one */
    boolean needsValue() {
        return !value.isEmpty() && this != WATCH;
    }

    /** @param word without dashes */
    static Optional<CommonFlag> ofWord(String word) {
        return Arrays.stream(values()).filter(flag -> flag.word.equals(word)).findFirst();
    }

    static Optional<CommonFlag> ofLetter(char letter) {
        return Arrays.stream(values()).filter(flag -> flag.shortForm == letter).findFirst();
    }
}
