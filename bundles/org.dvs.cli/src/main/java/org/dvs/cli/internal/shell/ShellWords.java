package org.dvs.cli.internal.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The words of a command as they were typed. To Karaf's shell brackets make a list: it hands {@code node[0-2],node7} over as
 * {@code node}, a list of {@code 0-2}, and {@code ,node7}. A list of numbers behind a name is taken for what it looks like;
 * who really means a word of its own puts it in quotes.
 */
final class ShellWords {
    private static final Pattern NAME_AT_END = Pattern.compile("(?:.*[=,!])?[A-Za-z][A-Za-z0-9_.-]*");
    private static final Pattern NUMBERS = Pattern.compile("\\[[0-9][0-9,-]*]");

    private ShellWords() {
    }

    static List<String> of(List<Object> arguments) {
        List<String> words = new ArrayList<>();
        boolean joined = false;
        for (Object argument : arguments) {
            String word = String.valueOf(argument);
            int last = words.size() - 1;
            boolean set = argument instanceof List<?> && last >= 0 && NUMBERS.matcher(word).matches()
                    && NAME_AT_END.matcher(words.get(last)).matches();
            if (set || joined && word.startsWith(",")) {
                words.set(last, words.get(last) + word);
            } else {
                words.add(word);
            }
            joined = set;
        }
        return words;
    }
}
