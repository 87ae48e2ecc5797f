package org.dvs.cli.internal.words;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.dvs.api.DvsException;

/**
 * A condition on one column: {@code k=v}, {@code k!=v} or {@code k~regex}.
 *
 * @param text    as it was typed
 * @param column  the name in front
 * @param negated true for {@code !=}
 * @param value   what to compare with; null for a regular expression
 * @param pattern found anywhere in the value; null for a comparison
 */
public record Filter(String text, String column, boolean negated, String value, Pattern pattern) {
    private static final Pattern SHAPE = Pattern.compile("([a-z][a-z0-9_]*)(!=|=|~)(.*)", Pattern.DOTALL);
    private static final int LONGEST_REGEX = 256;
    /** Characters a regular expression may look at for one value: enough for any sane one, a stop for the others. */
    private static final int MOST_STEPS = 200_000;

    static Filter of(String text) throws DvsException {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw Usage.error("--filter '" + text + "' is not of the form column=value, column!=value or column~regex");
        }
        String value = matcher.group(3);
        if (!matcher.group(2).equals("~")) {
            return new Filter(text, matcher.group(1), matcher.group(2).equals("!="), value, null);
        }
        if (value.length() > LONGEST_REGEX) {
            throw Usage.error("--filter: a regular expression of " + value.length() + " characters, at most " + LONGEST_REGEX);
        }
        try {
            return new Filter(text, matcher.group(1), false, null, Pattern.compile(value));
        } catch (PatternSyntaxException e) {
            throw Usage.error("--filter '" + text + "' has no valid regular expression: " + e.getDescription());
        }
    }

    /**
     * @param raw   the value as machines get it
     * @param human the value as a table shows it
     * @throws DvsException {@code USAGE} when a regular expression takes too many steps
     */
    public boolean accepts(String raw, String human) throws DvsException {
        if (pattern == null) {
            return (raw.equals(value) || human.equals(value)) != negated;
        }
        try {
            return pattern.matcher(new Bounded(raw, new int[] {MOST_STEPS})).find();
        } catch (TooManySteps | StackOverflowError e) {
            throw Usage.error("--filter '" + text + "' needs too many steps; write a simpler regular expression");
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super(null, null, false, false);
        }
    }

    /** Text that can be looked at only so often: a regular expression cannot hold the thread for longer. */
    private record Bounded(CharSequence text, int[] left) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Bounded(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
