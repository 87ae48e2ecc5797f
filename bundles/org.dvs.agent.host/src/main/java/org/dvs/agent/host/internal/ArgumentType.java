package org.dvs.agent.host.internal;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What may stand in the place of a {@code {type}} of the allow-list.
 *
 * @param pattern the whole argument must match
 * @param least   least number, for {@code int}
 * @param most    greatest number
 */
record ArgumentType(String name, Pattern pattern, long least, long most) {
    private static final String INT = "int";
    private static final int LONGEST = 4096;

    /** The types every list knows. None of them takes an argument that begins with a dash, or a control character. */
    static final Map<String, ArgumentType> BUILT_IN = Map.of(
            INT, of(INT, "[0-9]{1,18}"),
            "word", of("word", "[A-Za-z0-9_][A-Za-z0-9_.,:@%+=-]{0,254}"),
            "host", of("host", "[A-Za-z0-9][A-Za-z0-9.:-]{0,252}"),
            "path", of("path", "(?!(?:.*/)?\\.\\.(?:/|$))/[^\\p{Cntrl}]*"),
            "text", of("text", "(?!-)[^\\p{Cntrl}]{0,1024}"));

    static ArgumentType of(String name, String regex) {
        return new ArgumentType(name, Pattern.compile(regex, Pattern.DOTALL), Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** An {@code int} within limits. */
    ArgumentType range(long from, long to) {
        return new ArgumentType(name + ":" + from + ".." + to, pattern, from, to);
    }

    boolean number() {
        return name.equals(INT);
    }

    boolean matches(String argument) {
        if (argument.length() > LONGEST || !pattern.matcher(argument).matches()) {
            return false;
        }
        if (least == Long.MIN_VALUE) {
            return true;
        }
        long value = Long.parseLong(argument);
        return value >= least && value <= most;
    }
}
