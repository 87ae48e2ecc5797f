package org.dvs.agent.host.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of the allow-list: a program and one shape of arguments for it.
 *
 * @param program absolute
 * @param tokens  what may stand in each place
 * @param limits  of its time and its output
 * @param line    in the file
 * @param text    as it stands there
 */
record AllowRule(String program, List<Token> tokens, Limits limits, int line, String text) {
    static final String END_OF_FLAGS = "--";

    /**
     * What the line allows the program at the most, whatever the caller asks for.
     *
     * @param timeMs      {@link Long#MAX_VALUE} for no limit of its own
     * @param outputBytes of each stream, likewise
     */
    record Limits(long timeMs, long outputBytes) {
        static final Limits NONE = new Limits(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** How often a token may occur. */
    enum Count { ONCE, OPTIONAL, ANY }

    /**
     * One place.
     *
     * @param prefix literal text in front of the value, or the whole token if {@code type} is null
     * @param type   of the rest; null for a literal
     */
    record Token(String prefix, ArgumentType type, Count count) {

        boolean matches(String argument) {
            if (type == null) {
                return argument.equals(prefix);
            }
            return argument.startsWith(prefix) && type.matches(argument.substring(prefix.length()));
        }

        /** {@code --} need not be given and is always passed on: behind it nothing is taken for a flag. */
        boolean endsFlags() {
            return type == null && prefix.equals(END_OF_FLAGS);
        }
    }

    /** The name people type: the last part of the program's path. */
    String name() {
        return program.substring(program.lastIndexOf('/') + 1);
    }

    /** @return what to execute, without the program; empty if the arguments do not have this rule's shape */
    Optional<List<String>> match(List<String> arguments) {
        List<String> executed = new ArrayList<>();
        return match(0, arguments, 0, executed) ? Optional.of(executed) : Optional.empty();
    }

    private boolean match(int token, List<String> arguments, int at, List<String> executed) {
        if (token == tokens.size()) {
            return at == arguments.size();
        }
        Token place = tokens.get(token);
        int size = executed.size();
        if (at < arguments.size() && place.matches(arguments.get(at))) {
            executed.add(arguments.get(at));
            int next = place.count() == Count.ANY ? token : token + 1;
            if (match(next, arguments, at + 1, executed)) {
                return true;
            }
            executed.subList(size, executed.size()).clear();
        }
        if (place.endsFlags()) {
            executed.add(END_OF_FLAGS);
        } else if (place.count() == Count.ONCE) {
            return false;
        }
        if (match(token + 1, arguments, at, executed)) {
            return true;
        }
        executed.subList(size, executed.size()).clear();
        return false;
    }
}
