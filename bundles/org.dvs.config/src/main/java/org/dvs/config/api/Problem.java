package org.dvs.config.api;

import java.util.Comparator;
import java.util.Objects;

import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param file  its name, or {@code environment} for a value that comes from there
 * @param place in the file
 * @param code  one of the CFG area
 * @param text  what is wrong, naming the value at fault; like the file's name made {@link Printable#line printable}
 */
public record Problem(String file, Place place, ErrorCode code, String text) {
    /** By file, then place, then text. */
    public static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::file).thenComparing(Problem::place).thenComparing(Problem::text);

    public Problem {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(code, "code");
        file = Printable.line(file);
        text = Printable.line(text);
    }

    /** {@code file:line:column: CODE: text}; without line and column where there is none. Source: conventions 4. */
    @Override
    public String toString() {
        return (place.line() == 0 ? file : file + ":" + place) + ": " + code.code() + ": " + text;
    }
}
