package org.dvs.security.internal.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of the audit: a JSON object of texts on one line.
 * <pre>
 * {"seq":"7","time":"2026-11-25T22:57:00.123Z","step":"asked", ... ,"prev":"SHA-256 of line 6, hexadecimal"}
 * </pre>
 * The digest is over the bytes of the line before, without its line end; the first line ever has {@link #NO_DIGEST}.
 *
 * @param seq    counts from 1, over all files
 * @param prev   digest of the line before
 * @param fields everything else, in the order written
 */
record Line(long seq, String prev, Map<String, String> fields) {
    /** Longest line taken for one, bytes. */
    static final int MAX_BYTES = 64 * 1024;
    static final String NO_DIGEST = "0".repeat(64);
    static final String TIME = "time";
    static final String STEP = "step";
    static final String RESULT = "result";
    /** Step of the line behind one that was torn when the node was killed. */
    static final String TORN = "torn";
    /** Step of a line that counts what could not be written. */
    static final String LOST = "lost";
    /** Step of a line that counts what one user had beyond the lines of an hour. */
    static final String SUMMED = "summed";
    /** Step of a line that says something about the audit itself. */
    static final String NOTE = "note";

    private static final String SEQ = "seq";
    private static final String PREV = "prev";
    private static final Pattern NAME = Pattern.compile("[a-z_]{1,32}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** @param fields printable texts: no control characters */
    byte[] bytes() {
        StringBuilder text = new StringBuilder(512).append('{');
        member(SEQ, Long.toString(seq), text);
        fields.forEach((name, value) -> member(name, value, text.append(',')));
        member(PREV, prev, text.append(','));
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void member(String name, String value, StringBuilder text) {
        text.append('"').append(name).append("\":\"").append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }

    /** @return empty for anything that {@link #bytes} does not make */
    static Optional<Line> parse(byte[] bytes) {
        Map<String, String> members = bytes.length > MAX_BYTES ? new LinkedHashMap<>()
                : new Scanner(new String(bytes, StandardCharsets.UTF_8)).members();
        String seq = members.remove(SEQ);
        String prev = members.remove(PREV);
        if (seq == null || prev == null || !NUMBER.matcher(seq).matches() || !DIGEST.matcher(prev).matches()
                || !members.containsKey(STEP)) {
            return Optional.empty();
        }
        return Optional.of(new Line(Long.parseLong(seq), prev, members));
    }

    /** Walks over the one shape of JSON that is written here; by hand, as an expression would take stack for each character. */
    private static final class Scanner {
        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        /** @return empty if anything is not as it should be */
        Map<String, String> members() {
            Map<String, String> members = new LinkedHashMap<>();
            boolean more = take('{');
            while (more) {
                String name = string();
                String value = name != null && NAME.matcher(name).matches() && take(':') ? string() : null;
                if (value == null || members.put(name, value) != null) {
                    return new LinkedHashMap<>();
                }
                more = take(',');
            }
            return take('}') && at == text.length() ? members : new LinkedHashMap<>();
        }

        private boolean take(char wanted) {
            if (at < text.length() && text.charAt(at) == wanted) {
                at++;
                return true;
            }
            return false;
        }

        private String string() {
            if (!take('"')) {
                return null;
            }
            StringBuilder value = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '"') {
                    return value.toString();
                }
                if (c == '\\') {
                    if (at == text.length() || text.charAt(at) != '"' && text.charAt(at) != '\\') {
                        return null;
                    }
                    c = text.charAt(at++);
                } else if (c < ' ') {
                    return null;
                }
                value.append(c);
            }
            return null;
        }
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** SHA-256 in lower-case hexadecimal. */
    static String digest(byte[] line) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(line));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
