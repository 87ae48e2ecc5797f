package org.dvs.dispatcher.internal;

import java.nio.charset.StandardCharsets;

/** Texts from outside, made fit for messages between nodes. */
public final class Text {
    private Text() {
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
