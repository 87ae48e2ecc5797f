package org.dvs.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Prometheus text 0.0.4 or OpenMetrics text 1.0 as strictly as their descriptions allow, and more strictly where all of
 * ours is the same: each family has its help and then its type, its samples follow at once, nothing has a time. What is not so is
 * an {@link IllegalArgumentException} that names the line. It shares nothing with what writes these formats.
 */
public final class Exposition {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\S+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("([^{ ]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\n\"])*)\"(,(?=.)|$)");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?|NaN|[+-]Inf");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "info");

    private final boolean open;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Set<Object> seen = new HashSet<>();
    private Family current;

    /** @param labels by name, unescaped */
    public record Sample(String name, Map<String, String> labels, double value) {
    }

    /** @param name without {@code _total} and {@code _info} in OpenMetrics */
    public record Family(String name, String help, String type, List<Sample> samples) {
        /** The one sample with these labels and no others: name, value, and so on. */
        public double value(String... labels) {
            Map<String, String> wanted = new TreeMap<>();
            for (int i = 0; i < labels.length; i += 2) {
                wanted.put(labels[i], labels[i + 1]);
            }
            return samples.stream().filter(sample -> sample.labels().equals(wanted)).findFirst()
                    .orElseThrow(() -> new AssertionError(name + wanted + " is not among " + samples)).value();
        }
    }

    private Exposition(boolean open) {
        this.open = open;
    }

    /** @return by name */
    public static Map<String, Family> prometheus(String text) {
        return new Exposition(false).parse(text);
    }

    /** @return by name */
    public static Map<String, Family> openMetrics(String text) {
        return new Exposition(true).parse(text);
    }

    private Map<String, Family> parse(String text) {
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new IllegalArgumentException("the last line has no end");
        }
        List<String> lines = List.of(text.split("\n", -1));
        int end = lines.size() - 1;
        if (open) {
            if (end < 1 || !lines.get(--end).equals("# EOF")) {
                throw new IllegalArgumentException("the last line is not # EOF");
            }
        }
        String help = null;
        for (int i = 0; i < end; i++) {
            String line = lines.get(i);
            try {
                help = line(line, help);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage() + ": " + line, e);
            }
        }
        finish();
        return families;
    }

    /** @return the line with the help of the family that begins, else null */
    private String line(String line, String help) {
        Matcher comment = COMMENT.matcher(line);
        if (comment.matches()) {
            String name = comment.group(2);
            check(NAME.matcher(name).matches(), "no name of a metric");
            if (comment.group(1).equals("HELP")) {
                check(help == null, "a second help");
                finish();
                return name + ' ' + comment.group(3);
            }
            check(help != null && help.startsWith(name + ' '), "a type without a help");
            check(TYPES.contains(comment.group(3)) && (open || !comment.group(3).equals("info")), "no type");
            check(!open || !name.endsWith("_total") && !name.endsWith("_info"), "the suffix is not a part of the family's name");
            current = new Family(name, help.substring(name.length() + 1), comment.group(3), new ArrayList<>());
            check(families.put(name, current) == null, "the family comes twice");
            return null;
        }
        check(help == null, "a help without a type");
        check(!line.startsWith("#"), "a comment");
        Matcher sample = SAMPLE.matcher(line);
        check(sample.matches() && current != null, "no sample");
        check(NUMBER.matcher(sample.group(3)).matches(), "no number");
        Sample read = new Sample(sample.group(1), labels(sample.group(2)), number(sample.group(3)));
        check(suffixes().contains(read.name().substring(Math.min(read.name().length(), current.name().length())))
                && read.name().startsWith(current.name()), "a sample of another family");
        check(seen.add(List.of(read.name(), read.labels())), "a sample that was there");
        check(!current.type().equals("info") || read.value() == 1, "an info that is not 1");
        check(!current.type().equals("counter") || read.value() >= 0, "a counter below 0");
        current.samples().add(read);
        return null;
    }

    private Set<String> suffixes() {
        return switch (current.type()) {
            case "histogram" -> Set.of("_bucket", "_sum", "_count");
            case "counter" -> Set.of(open ? "_total" : "");
            case "info" -> Set.of("_info");
            default -> Set.of("");
        };
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text != null) {
            check(!text.isEmpty(), "no labels between the braces");
            Matcher label = LABEL.matcher(text);
            int at = 0;
            while (at < text.length()) {
                check(label.find(at) && label.start() == at, "no label at " + text.substring(at));
                check(labels.put(label.group(1), unescape(label.group(2))) == null, "a label twice");
                at = label.end();
            }
        }
        return labels;
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            plain.append(each != '\\' ? each : text.charAt(++i) == 'n' ? '\n' : text.charAt(i));
        }
        return plain.toString();
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** A histogram's buckets ascend, the last one has no end, and it is the count. */
    private void finish() {
        if (current == null || !current.type().equals("histogram")) {
            current = null;
            return;
        }
        Map<Map<String, String>, List<Sample>> series = new LinkedHashMap<>();
        for (Sample sample : current.samples()) {
            Map<String, String> without = new TreeMap<>(sample.labels());
            String le = without.remove("le");
            check((le != null) == sample.name().endsWith("_bucket"), "le belongs to buckets, and to nothing else");
            series.computeIfAbsent(without, key -> new ArrayList<>()).add(sample);
        }
        series.forEach((labels, samples) -> {
            double bound = Double.NEGATIVE_INFINITY;
            double count = 0;
            Set<String> names = new HashSet<>();
            for (Sample sample : samples) {
                names.add(sample.name());
                if (sample.name().endsWith("_bucket")) {
                    double next = number(sample.labels().get("le"));
                    check(next > bound && sample.value() >= count, "buckets that do not ascend: " + sample);
                    bound = next;
                    count = sample.value();
                } else if (sample.name().endsWith("_count")) {
                    check(sample.value() == count, "a count that is not the last bucket's: " + sample);
                }
            }
            check(bound == Double.POSITIVE_INFINITY && names.size() == 3, "a bucket, the sum or the count is missing: " + labels);
        });
        current = null;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
