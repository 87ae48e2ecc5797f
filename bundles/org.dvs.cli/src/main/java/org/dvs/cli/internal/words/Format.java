package org.dvs.cli.internal.words;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.dvs.api.DvsException;
import org.dvs.api.Nearest;

/** How an answer is shown. */
public enum Format {
    /** For people, without the columns meant for {@link #WIDE}. */
    TABLE,
    /** For people, all columns, never cut. */
    WIDE,
    /** One document. */
    JSON,
    /** One JSON object per line. */
    JSONL,
    /** RFC 4180, the node in the first column. */
    CSV,
    /** The document of {@link #JSON}. */
    YAML;

    /** The words for {@code --output}. */
    public static final List<String> WORDS = Arrays.stream(values()).map(Format::word).toList();

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Format of(String word) throws DvsException {
        for (Format format : values()) {
            if (format.word().equals(word)) {
                return format;
            }
        }
        throw Usage.error("'" + word + "' is not an output format: " + String.join(", ", WORDS) + Nearest.hint(word, WORDS));
    }
}
