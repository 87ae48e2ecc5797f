package org.dvs.web.internal;

/** Text from outside as it may stand in a log. */
final class Printable {
    private static final int MAX = 200;

    private Printable() {
    }

    /** Cut to {@value #MAX} characters, control characters shown as {@code ?}. */
    static String text(String text) {
        if (text == null) {
            return "";
        }
        String cut = text.length() > MAX ? text.substring(0, MAX) + "..." : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
