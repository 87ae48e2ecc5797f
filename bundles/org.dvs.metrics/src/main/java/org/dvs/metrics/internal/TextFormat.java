package org.dvs.metrics.internal;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

import org.dvs.api.metrics.Histogram;
import org.dvs.api.metrics.Metric;

/**
 * The two text formats. They differ in what a family is called and in the last line:
 * <pre>
 *   Prometheus 0.0.4                      OpenMetrics 1.0
 *   # HELP dvs_x_total Help.              # HELP dvs_x Help.
 *   # TYPE dvs_x_total counter            # TYPE dvs_x counter
 *   dvs_x_total{peer="node1"} 3           dvs_x_total{peer="node1"} 3
 *   # TYPE dvs_build_info gauge           # TYPE dvs_build info
 *                                         # EOF
 * </pre>
 */
enum TextFormat {
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private static final double LARGEST_EXACT = 1L << 53;

    private final String contentType;

    TextFormat(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** @param accept the header Accept, null if there is none; OpenMetrics only for who prefers it to plain text */
    static TextFormat of(String accept) {
        double open = 0;
        double plain = 0;
        for (String range : accept == null ? new String[0] : accept.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = range.split(";");
            double quality = 1;
            for (String parameter : parts) {
                if (parameter.strip().startsWith("q=")) {
                    quality = quality(parameter.strip().substring(2));
                }
            }
            switch (parts[0].strip()) {
                case "application/openmetrics-text" -> open = Math.max(open, quality);
                case "text/plain" -> plain = Math.max(plain, quality);
                default -> { }
            }
        }
        return open > 0 && open >= plain ? OPENMETRICS : PROMETHEUS;
    }

    private static double quality(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    String write(Collection<Family> families) {
        StringBuilder out = new StringBuilder(64 * 1024);
        families.forEach(family -> write(out, family));
        if (this == OPENMETRICS) {
            out.append("# EOF\n");
        }
        return out.toString();
    }

    private void write(StringBuilder out, Family family) {
        Metric metric = family.metric();
        out.append("# HELP ").append(title(metric)).append(' ');
        escape(out, metric.help(), this == OPENMETRICS);
        out.append("\n# TYPE ").append(title(metric)).append(' ').append(type(metric)).append('\n');
        family.series().forEach((labels, value) -> {
            if (value instanceof Histogram.Snapshot histogram) {
                write(out, metric, labels, histogram);
            } else {
                line(out, metric.name(), metric.labels(), labels, null, (Double) value);
            }
        });
    }

    private static void write(StringBuilder out, Metric metric, List<String> labels, Histogram.Snapshot histogram) {
        Iterator<Long> counts = histogram.counts().iterator();
        for (Double bound : Histogram.BOUNDS) {
            line(out, metric.name() + "_bucket", metric.labels(), labels, bound.toString(), counts.next());
        }
        line(out, metric.name() + "_bucket", metric.labels(), labels, "+Inf", counts.next());
        line(out, metric.name() + "_sum", metric.labels(), labels, null, histogram.sumSeconds());
        line(out, metric.name() + "_count", metric.labels(), labels, null, histogram.count());
    }

    private String title(Metric metric) {
        if (this == OPENMETRICS) {
            return switch (metric.type()) {
                case COUNTER, INFO -> metric.name().substring(0, metric.name().lastIndexOf('_'));
                default -> metric.name();
            };
        }
        return metric.name();
    }

    private String type(Metric metric) {
        return this == PROMETHEUS && metric.type() == Metric.Type.INFO ? "gauge" : metric.type().name().toLowerCase(Locale.ROOT);
    }

    private static void line(StringBuilder out, String name, List<String> names, List<String> values, String le, double value) {
        out.append(name);
        if (!names.isEmpty() || le != null) {
            char separator = '{';
            for (int i = 0; i < names.size(); i++) {
                out.append(separator).append(names.get(i)).append("=\"");
                escape(out, values.get(i), true);
                out.append('"');
                separator = ',';
            }
            if (le != null) {
                out.append(separator).append("le=\"").append(le).append('"');
            }
            out.append('}');
        }
        out.append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < LARGEST_EXACT ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** Control characters other than a line's end have no escape, and no business there. */
    private static void escape(StringBuilder out, String text, boolean quotes) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append(quotes ? "\\\"" : "\"");
                default -> out.append(Character.isISOControl(each) || lone(text, i) ? '?' : each);
            }
        }
    }

    /** Half of a character, without the other half. */
    private static boolean lone(String text, int at) {
        char each = text.charAt(at);
        return Character.isHighSurrogate(each) && (at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1)))
                || Character.isLowSurrogate(each) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
