package org.dvs.config.api;

import java.util.Comparator;
import java.util.Objects;

import org.dvs.api.ErrorCode;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param file  its name, or {@code environment} for a value that comes from there
 * @param place in the file
 * @param code  one of the CFG area
 * @param text  what is wrong, naming the value at fault; free of control characters
 */
public record Problem(String file, Place place, ErrorCode code, String text) {
    /** By file, then place, then text. */
    public static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::file).thenComparing(Problem::place).thenComparing(Problem::text);

    public Problem {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(code, "code");
        file = visible(file);
        text = visible(text);
    }

    /** Control characters become {@code \}{@code xNN}: what is wrong must not be able to forge a line or a colour. */
    public static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029) {
                shown.append(String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", c));
            } else {
                shown.append((char) c);
            }
        });
        return shown.toString();
    }

    /** {@code file:line:column: CODE: text}; without line and column where there is none. Source: conventions 4. */
    @Override
    public String toString() {
        return (place.line() == 0 ? file : file + ":" + place) + ": " + code.code() + ": " + text;
    }
}
