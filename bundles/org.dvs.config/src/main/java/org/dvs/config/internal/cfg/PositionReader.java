package org.dvs.config.internal.cfg;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.configuration2.PropertiesConfiguration;
import org.dvs.api.ErrorCode;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;

/**
 * Reads like any Commons Configuration properties file, and remembers where each key and value stands. What cannot be read is
 * noted, and reading goes on, so that all problems of a file come at once.
 */
final class PositionReader extends PropertiesConfiguration.PropertiesReader {
    private static final String SEPARATORS = "=:";

    private record Line(int number, String text) {
    }

    private final String file;
    private final List<Setting> settings;
    private final List<Problem> problems;
    private final List<Line> lines = new ArrayList<>();
    private Place keyPlace = Place.START;
    private Place valuePlace = Place.START;
    private boolean broken;

    PositionReader(Reader in, String file, List<Setting> settings, List<Problem> problems) {
        super(in);
        this.file = file;
        this.settings = settings;
        this.problems = problems;
    }

    @Override
    public String readLine() throws IOException {
        String line = super.readLine();
        if (line != null && !isComment(line)) {
            lines.add(new Line(getLineNumber(), line));
        }
        return line;
    }

    private static boolean isComment(String line) {
        String text = line.trim();
        return text.isEmpty() || text.charAt(0) == '#' || text.charAt(0) == '!';
    }

    @Override
    public boolean nextProperty() throws IOException {
        do {
            lines.clear();
            broken = false;
            if (!super.nextProperty()) {
                if (!lines.isEmpty()) {
                    // Commons Configuration drops a property whose last line ends in a backslash.
                    Line last = lines.get(lines.size() - 1);
                    syntax(new Place(last.number(), last.text().length()), "the file ends where '\\' promises another line");
                }
                return false;
            }
        } while (broken);
        return true;
    }

    @Override
    protected void parseProperty(String line) {
        locate();
        super.parseProperty(line);
        if (getPropertyName().isEmpty()) {
            syntax(keyPlace, "there is no key in front of '='");
        } else if (getPropertyValue().isEmpty() && getPropertySeparator() == null) {
            syntax(keyPlace, "'" + getPropertyName() + "' has no '=' and no value");
        } else if (!broken) {
            settings.add(new Setting(getPropertyName(), getPropertyValue(), keyPlace, valuePlace));
        }
    }

    private void locate() {
        Line first = lines.get(0);
        String text = first.text();
        int start = skipBlanks(text, 0);
        int at = start;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && SEPARATORS.indexOf(text.charAt(at)) < 0) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        int end = Math.min(at, text.length());
        int value = skipBlanks(text, end);
        if (value < text.length() && SEPARATORS.indexOf(text.charAt(value)) >= 0) {
            value = skipBlanks(text, value + 1);
        }
        keyPlace = new Place(first.number(), start + 1);
        if (text.substring(Math.min(value, text.length())).trim().equals("\\") && lines.size() > 1) {
            Line next = lines.get(1);
            valuePlace = new Place(next.number(), skipBlanks(next.text(), 0) + 1);
        } else {
            valuePlace = new Place(first.number(), (value < text.length() ? value : end) + 1);
        }
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    @Override
    protected String unescapePropertyName(String name) {
        return unescaped(name, keyPlace, super::unescapePropertyName);
    }

    @Override
    protected String unescapePropertyValue(String value) {
        return unescaped(value, valuePlace, super::unescapePropertyValue);
    }

    private String unescaped(String text, Place place, java.util.function.UnaryOperator<String> unescape) {
        try {
            return unescape.apply(text);
        } catch (RuntimeException e) {
            // A bad Unicode escape; the library reports it with several exception classes.
            // The text is not repeated: it may be a secret.
            syntax(place, "a \\u escape in it is not four hexadecimal digits");
            return text;
        }
    }

    private void syntax(Place place, String text) {
        broken = true;
        problems.add(new Problem(file, place, ErrorCode.SYNTAX, text));
    }
}
