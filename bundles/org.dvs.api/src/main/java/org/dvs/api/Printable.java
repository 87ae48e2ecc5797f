package org.dvs.api;

/**
 * Text from outside as it may stand in one line of a log, a table or a message, so that it can forge neither a line nor a
 * colour and cannot turn the order of what is read. Source: conventions 8.
 */
public final class Printable {
    private Printable() {
    }

    /**
     * @param text may be null, as the message of an exception may
     * @return with every {@link #suspect} character written {@code \n}, {@code \r}, {@code \t}, {@code \}{@code x1b} or
     *         {@code \}{@code u202e}, whole surrogate pairs kept; empty for null
     */
    public static String line(String text) {
        return text == null ? "" : line(text, text.length());
    }

    /**
     * @param longest so many characters are shown, one less rather than half of a pair, counted before they are escaped
     * @return {@link #line(String)} of the beginning, ending with … where something was cut
     */
    public static String line(String text, int longest) {
        if (text == null) {
            return "";
        }
        int end = Math.min(text.length(), longest);
        if (end > 0 && end < text.length() && pair(text, end - 1)) {
            end--;
        }
        StringBuilder line = new StringBuilder(end + 16);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (pair(text, i)) {
                line.append(c).append(text.charAt(++i));
            } else if (suspect(c)) {
                escape(c, line);
            } else {
                line.append(c);
            }
        }
        return line.append(end < text.length() ? "…" : "").toString();
    }

    /** @return {@link #line(String, int)} between single quotes, as values at fault stand in messages; {@code ''} for null */
    public static String quoted(String text, int longest) {
        return "'" + line(text, longest) + "'";
    }

    /**
     * Whether a character does something to a line other than stand in it: control characters, separators of lines and
     * paragraphs, what changes the direction of text, byte order marks and their like. Every half of a surrogate pair is
     * suspect too; only who sees both halves can tell.
     */
    public static boolean suspect(char c) {
        return c < 0x20 || c >= 0x7f && c < 0xa0 || Character.isSurrogate(c)
                || c == 0x61c || c == 0x200e || c == 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069
                || c == 0xfeff || c >= 0xfff0 && c <= 0xfffb;
    }

    private static boolean pair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    private static void escape(char c, StringBuilder line) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> line.append(String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c));
        }
    }
}
