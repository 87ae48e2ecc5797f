package org.dvs.api;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them: {@code 500ms}, {@code 30s}, {@code 64KiB}. Source: conventions 1. */
public final class Units {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,18})([A-Za-z]*)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES = new TreeMap<>(Map.of("b", 1L, "kb", 1_000L, "kib", 1L << 10,
            "mb", 1_000_000L, "mib", 1L << 20, "gb", 1_000_000_000L, "gib", 1L << 30, "tib", 1L << 40));

    private Units() {
    }

    /**
     * @param text a whole number and a unit of ms, s, m, h, d; a bare {@code 0} is allowed, another bare number is not
     * @throws DvsException {@link ErrorCode#BADVALUE}
     */
    public static Duration duration(String text) throws DvsException {
        return Duration.ofMillis(quantity(text, MILLIS, "a duration such as 500ms, 30s or 5m"));
    }

    /**
     * @param text a whole number and a unit of B, KB, KiB, MB, MiB, GB, GiB, TiB in any case
     * @return bytes
     * @throws DvsException {@link ErrorCode#BADVALUE}
     */
    public static long size(String text) throws DvsException {
        return quantity(text, BYTES, "a size such as 512B, 64KiB or 1MiB");
    }

    private static long quantity(String text, Map<String, Long> units, String expected) throws DvsException {
        Matcher matcher = QUANTITY.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
            if (matcher.group(2).isEmpty() && number == 0) {
                return 0;
            }
            if (unit != null) {
                try {
                    return Math.multiplyExact(number, unit);
                } catch (ArithmeticException e) {
                    throw new DvsException(ErrorCode.BADRANGE, "'" + text + "' is too large", e);
                }
            }
        }
        throw new DvsException(ErrorCode.BADVALUE, "'" + text + "' is not " + expected);
    }

    /** @return the shortest exact-enough form for a table: {@code 512B}, {@code 1.5GiB} */
    public static String sizeText(long bytes) {
        if (bytes < 1024) {
            return bytes + "B";
        }
        String units = "KMGTPE";
        double value = bytes;
        int unit = -1;
        do {
            value /= 1024;
            unit++;
        } while (value >= 1023.5 && unit < units.length() - 1);
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f%ciB" : "%.0f%ciB", value, units.charAt(unit));
    }

    /** @return the shortest form for a table: {@code 512ms}, {@code 1.5s}, {@code 3m20s} */
    public static String durationText(long millis) {
        if (millis < 1_000) {
            return millis + "ms";
        }
        if (millis < 60_000) {
            // Cut, not rounded: 59 999 ms are not yet a minute.
            return String.format(Locale.ROOT, millis % 1_000 == 0 ? "%.0fs" : "%.1fs", millis / 100 / 10.0);
        }
        if (millis < 3_600_000) {
            return millis / 60_000 + "m" + (millis % 60_000 / 1_000) + "s";
        }
        if (millis < 86_400_000) {
            return millis / 3_600_000 + "h" + (millis % 3_600_000 / 60_000) + "m";
        }
        return millis / 86_400_000 + "d" + (millis % 86_400_000 / 3_600_000) + "h";
    }
}
