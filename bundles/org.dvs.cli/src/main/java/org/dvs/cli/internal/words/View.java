package org.dvs.cli.internal.words;

import java.util.List;

/**
 * How somebody wants to see an answer.
 *
 * @param columns names in order; empty for the format's own choice
 */
public record View(Format format, boolean headers, List<String> columns, List<SortKey> sort, List<Filter> filters, boolean fold,
                   boolean diff) {
    /** A folded table. */
    public static final View DEFAULT = new View(Format.TABLE, true, List.of(), List.of(), List.of(), true, false);

    /** @return true for the formats for people */
    public boolean isTable() {
        return format == Format.TABLE || format == Format.WIDE;
    }
}
