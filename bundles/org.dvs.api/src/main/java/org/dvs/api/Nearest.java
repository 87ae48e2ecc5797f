package org.dvs.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody may have meant: commands, flags, keys, names. Source: conventions 4 (edit distance up to 3). */
public final class Nearest {
    private static final int MAX_DISTANCE = 3;
    /** Words longer than this are near nothing: the cost of a comparison grows with the square. */
    private static final int MAX_LENGTH = 256;

    private record Candidate(String name, int distance) {
    }

    private Nearest() {
    }

    /**
     * @return the known word with the least distance, the first of them by the alphabet; case does not count. None if more
     *         than 3 changes or more than half of the word lie between
     */
    public static Optional<String> to(String word, Collection<String> known) {
        if (word.isEmpty() || word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return known.stream().filter(name -> Math.abs(name.length() - word.length()) <= MAX_DISTANCE)
                .map(name -> new Candidate(name, distance(lower(word), lower(name))))
                // A word of three letters is three changes away from any other.
                .filter(candidate -> candidate.distance() <= Math.min(MAX_DISTANCE, Math.max(1, word.length() / 2)))
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /** @return {@code ; did you mean 'host df'?}, or nothing */
    public static String hint(String word, Collection<String> known) {
        return to(word, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Insertions, deletions, replacements and swaps of neighbours. */
    static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] older = before;
            before = row;
            row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], before[j]) + 1, before[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], older[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}
