package org.dvs.registry.internal;

/** Makes text from outside fit for one line of a log or table. */
final class Escapes {
    private Escapes() {
    }

    /** Control characters become {@code \}{@code xNN}, line ends {@code \n}. Source: conventions 8. */
    static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c == '\n') {
                shown.append("\\n");
            } else if (c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029) {
                shown.append(String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", c));
            } else {
                shown.append((char) c);
            }
        });
        return shown.toString();
    }
}
