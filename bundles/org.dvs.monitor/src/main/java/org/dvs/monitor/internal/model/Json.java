package org.dvs.monitor.internal.model;


import org.dvs.api.Printable;
import org.dvs.web.api.JsonTree;

/**
 * Trees of maps, lists and values as JSON for the pages. Whatever text is in them becomes printable on the way, see
 * {@link #shown}.
 */
public final class Json {
    /** So much of one text is shown; the download has all of it. */
    static final int LONGEST = 4_000;

    private Json() {
    }

    /** In UTF-8. */
    public static byte[] bytes(Object tree) {
        return JsonTree.bytes(tree, Json::shown);
    }

    /**
     * Text as a page may show it: control characters, colours of terminals and what turns the direction of text are written
     * out, lines stay lines, and what is longer than {@value #LONGEST} characters ends with …
     */
    static String shown(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        if (cut.indexOf('\n') < 0) {
            return Printable.line(cut);
        }
        StringBuilder lines = new StringBuilder(cut.length() + 16);
        int start = 0;
        for (int end = cut.indexOf('\n'); end >= 0; end = cut.indexOf('\n', start)) {
            lines.append(Printable.line(cut.substring(start, end))).append('\n');
            start = end + 1;
        }
        return lines.append(Printable.line(cut.substring(start))).toString();
    }
}
