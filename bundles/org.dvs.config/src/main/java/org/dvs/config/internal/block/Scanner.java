package org.dvs.config.internal.block;

import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;

/** Cuts the text of a block file into tokens. Used once, by one thread. */
final class Scanner {
    private static final String MARKS = "{};";

    /** Kinds of tokens. */
    enum Type { WORD, STRING, OPEN, CLOSE, END, FILE_END }

    /** @param text of a word or string, without quotes */
    record Token(Type type, String text, Place place) {
        boolean is(Type other) {
            return type == other;
        }

        /** For a message. */
        String shown() {
            return switch (type) {
                case WORD -> Printable.quoted(text, BlockChecker.SHOWN);
                case STRING -> '"' + Printable.line(text, BlockChecker.SHOWN) + '"';
                case OPEN -> "'{'";
                case CLOSE -> "'}'";
                case END -> "';'";
                case FILE_END -> "the end of the file";
            };
        }
    }

    private final String file;
    private final String text;
    private final List<Problem> problems;
    private int at;
    private int line = 1;
    private int lineStart;

    Scanner(String file, String text, List<Problem> problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    Token next() {
        skipBlanks();
        Place place = place();
        if (at == text.length()) {
            return new Token(Type.FILE_END, "", place);
        }
        char c = text.charAt(at);
        int mark = MARKS.indexOf(c);
        if (mark >= 0) {
            at++;
            return new Token(List.of(Type.OPEN, Type.CLOSE, Type.END).get(mark), "", place);
        }
        return c == '"' ? string(place) : word(place);
    }

    private Place place() {
        return new Place(line, at - lineStart + 1);
    }

    private void skipBlanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '\n') {
                at++;
                line++;
                lineStart = at;
            } else if (Character.isWhitespace(c) || c == '\uFEFF' && at == 0) {
                at++;
            } else {
                return;
            }
        }
    }

    private Token word(Place place) {
        int start = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && MARKS.indexOf(text.charAt(at)) < 0
                && text.charAt(at) != '"') {
            at = text.startsWith("${", at) ? behindVariable() : at + 1;
        }
        return new Token(Type.WORD, text.substring(start, at), place);
    }

    /** The braces of <code>${...}</code> belong to the word, if they close in its line. */
    private int behindVariable() {
        for (int i = at + 2; i < text.length() && text.charAt(i) != '\n'; i++) {
            if (text.charAt(i) == '}') {
                return i + 1;
            }
        }
        return at + 1;
    }

    private Token string(Place place) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '\n') {
            char c = text.charAt(at++);
            if (c == '"') {
                return new Token(Type.STRING, value.toString(), place);
            }
            if (c == '\\' && at < text.length() && text.charAt(at) == '"' && closesLater()) {
                value.append('"');
                at++;
            } else {
                value.append(c);
            }
        }
        problems.add(new Problem(file, place, ErrorCode.SYNTAX, "the text that begins here has no closing quote in its line"));
        return new Token(Type.STRING, value.toString(), place);
    }

    /** A path may end in a backslash: then the quote behind it is the last of its line and closes the text. */
    private boolean closesLater() {
        for (int i = at + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
            if (text.charAt(i) == '"') {
                return true;
            }
        }
        return false;
    }
}
