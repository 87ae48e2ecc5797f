package org.dvs.security.internal.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the audit begins and ends: without it nobody could see that lines are missing at either end. It stands in a file beside
 * the lines and is written anew, in place, after each of them.
 *
 * @param first     number of the first line that is kept
 * @param firstPrev digest that this line carries: of the last one that is not kept any more
 * @param seq       number of the last line; {@code first - 1} if there is none
 * @param digest    of the last line
 */
record Head(long first, String firstPrev, long seq, String digest) {
    static final Head EMPTY = new Head(1, Line.NO_DIGEST, 0, Line.NO_DIGEST);

    private static final Pattern TEXT = Pattern.compile("(\\d{19}) ([0-9a-f]{64}) (\\d{19}) ([0-9a-f]{64})\n");

    /** Always of the same length, so that it can be written in place. */
    String text() {
        return String.format("%019d %s %019d %s\n", first, firstPrev, seq, digest);
    }

    static Optional<Head> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ? Optional.of(new Head(Long.parseLong(matcher.group(1)), matcher.group(2),
                Long.parseLong(matcher.group(3)), matcher.group(4))) : Optional.empty();
    }

    Head after(long lineSeq, String lineDigest) {
        return new Head(first, firstPrev, lineSeq, lineDigest);
    }

    Head from(Line line) {
        return new Head(line.seq(), line.prev(), seq, digest);
    }
}
