package org.dvs.cli.internal.words;

import org.dvs.api.DvsException;

/** One column to sort by. */
public record SortKey(String column, boolean descending) {

    static SortKey of(String text) throws DvsException {
        SortKey key = text.startsWith("-") ? new SortKey(text.substring(1), true) : new SortKey(text, false);
        if (key.column.isEmpty()) {
            throw Usage.error("--sort has an empty column name");
        }
        return key;
    }
}
