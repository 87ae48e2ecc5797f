package org.dvs.api;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets of small numbers as people write them: {@code 0-3,7}; the empty set is {@code none}. */
public final class Ranges {
    /** The empty set. */
    public static final String NONE = "none";

    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    private Ranges() {
    }

    /** The shortest form; {@link #parse} gives the same set back. */
    public static String fold(BitSet numbers) {
        List<String> parts = new ArrayList<>();
        for (int first = numbers.nextSetBit(0); first >= 0;) {
            int end = numbers.nextClearBit(first);
            parts.add(end == first + 1 ? Integer.toString(first) : first + "-" + (end - 1));
            first = numbers.nextSetBit(end);
        }
        return parts.isEmpty() ? NONE : String.join(",", parts);
    }

    /**
     * @param max greatest number taken
     * @throws DvsException {@link ErrorCode#BADVALUE} for what cannot be read, {@link ErrorCode#BADRANGE} above {@code max}
     */
    public static BitSet parse(String text, int max) throws DvsException {
        BitSet numbers = new BitSet();
        if (text.equals(NONE)) {
            return numbers;
        }
        for (String part : text.split(",", -1)) {
            Matcher matcher = RANGE.matcher(part);
            if (!matcher.matches()) {
                throw new DvsException(ErrorCode.BADVALUE, "'" + part + "' is not a number or a range such as 1-3");
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (last < first) {
                throw new DvsException(ErrorCode.BADVALUE, "'" + part + "' runs backwards");
            }
            if (last > max) {
                throw new DvsException(ErrorCode.BADRANGE, last + " is not in range 0.." + max);
            }
            numbers.set(first, last + 1);
        }
        return numbers;
    }
}
