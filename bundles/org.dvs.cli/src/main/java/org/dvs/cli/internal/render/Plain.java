package org.dvs.cli.internal.render;

import org.dvs.api.Printable;

/**
 * Makes text safe for a terminal and knows how wide it is there. Source: conventions 8 (values from outside carry no
 * control characters into tables).
 */
public final class Plain {
    private static final int TAB = 8;

    private Plain() {
    }

    /** {@link Printable#line} for a terminal: a tab becomes spaces up to the next multiple of {@value #TAB} columns. */
    public static String text(String text) {
        if (text.indexOf('\t') < 0) {
            return Printable.line(text);
        }
        String[] parts = text.split("\t", -1);
        StringBuilder plain = new StringBuilder(text.length() + 16).append(Printable.line(parts[0]));
        for (int i = 1; i < parts.length; i++) {
            plain.append(" ".repeat(TAB - plain.length() % TAB)).append(Printable.line(parts[i]));
        }
        return plain.toString();
    }

    /** Text of JSON or of quoted YAML with what {@link #text} would change written as {@code \\uXXXX}. */
    static String escaped(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
            if (escaped == null && Printable.suspect(c) && !pair) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (escaped != null && Printable.suspect(c) && !pair) {
                escaped.append(String.format("\\u%04x", (int) c));
            } else if (escaped != null) {
                escaped.append(c);
            }
            if (pair) {
                i++;
                if (escaped != null) {
                    escaped.append(text.charAt(i));
                }
            }
        }
        return escaped == null ? text : escaped.toString();
    }

    /** Columns this text takes on a terminal. */
    static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            width += width(point);
            i += Character.charCount(point);
        }
        return width;
    }

    private static int width(int point) {
        if (point < 0x300) {
            return 1;
        }
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = point >= 0x1100 && point <= 0x115f || point >= 0x2e80 && point <= 0xa4cf && point != 0x303f
                || point >= 0xac00 && point <= 0xd7a3 || point >= 0xf900 && point <= 0xfaff
                || point >= 0xfe30 && point <= 0xfe6f || point >= 0xff00 && point <= 0xff60
                || point >= 0xffe0 && point <= 0xffe6 || point >= 0x1f300 && point <= 0x1faff
                || point >= 0x20000 && point <= 0x3fffd;
        return wide ? 2 : 1;
    }

    /** Cuts text to a width, ending it with an ellipsis where something was cut. */
    static String fit(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            used += width(point);
            if (used > width - 1) {
                break;
            }
            cut.appendCodePoint(point);
            i += Character.charCount(point);
        }
        return cut.append('…').toString();
    }
}
