package org.dvs.config.api;

/**
 * A place in a text.
 *
 * @param line   1 or more; 0 if the thing stands in no line, as an environment variable does
 * @param column 1 or more, in characters: a tab counts as one; 0 where {@code line} is 0
 */
public record Place(int line, int column) implements Comparable<Place> {
    /** In no line of the file. */
    public static final Place NONE = new Place(0, 0);
    /** Where a file begins; for problems of the file as a whole. */
    public static final Place START = new Place(1, 1);

    @Override
    public int compareTo(Place other) {
        return line != other.line ? Integer.compare(line, other.line) : Integer.compare(column, other.column);
    }

    /** {@code line:column}. */
    @Override
    public String toString() {
        return line + ":" + column;
    }
}
