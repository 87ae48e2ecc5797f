package org.dvs.cli.internal.words;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody probably meant. Source: conventions 4 (edit distance of at most 3). */
public final class Nearest {
    private static final int FARTHEST = 3;
    /** Longer words are never near anything, and cost too much to compare. */
    private static final int LONGEST = 64;

    private Nearest() {
    }

    /** @return the known word with the least edit distance, if that is at most 3 and changes less than half of the word */
    public static Optional<String> to(String word, Collection<String> known) {
        String best = null;
        int least = Math.min(FARTHEST, word.length() / 2) + 1;
        if (word.length() <= LONGEST) {
            for (String candidate : known) {
                int distance = candidate.length() > LONGEST ? least : distance(word, candidate);
                if (distance < least) {
                    least = distance;
                    best = candidate;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** @return {@code ; did you mean 'host df'?}, or nothing */
    public static String hint(String word, Collection<String> known) {
        return to(word, known).map(near -> "; did you mean '" + near + "'?").orElse("");
    }

    /** Insertions, deletions, replacements and swaps of neighbours. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
