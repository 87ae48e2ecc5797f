package org.dvs.dispatcher.internal;

import java.nio.charset.StandardCharsets;

/** Texts from outside, made fit for logs and messages. */
public final class Text {
    private Text() {
    }

    /** @return without control characters, so that nobody writes log lines of his own */
    public static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                printable.append(String.format("\\u%04x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }

    /** @return the beginning of it that takes at most so many bytes in UTF-8 */
    public static String cut(String text, int maxBytes) {
        if (text.getBytes(StandardCharsets.UTF_8).length <= maxBytes) {
            return text;
        }
        int end = Math.min(text.length(), maxBytes / 3 - 1);
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + '…';
    }
}
