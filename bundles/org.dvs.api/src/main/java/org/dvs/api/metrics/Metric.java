package org.dvs.api.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is measured, not how much. Two bundles may offer the same metric if all of it is equal and their label values differ.
 *
 * @param name   {@code dvs_...} in base units; counters end in {@code _total}, infos in {@code _info}, others in neither
 * @param help   one sentence
 * @param labels names of the labels, of {@link #LABELS}
 */
public record Metric(String name, Type type, String help, List<String> labels) {
    /**
     * The labels there are. What a user chose freely, such as texts, paths, messages and session ids, is never a label: each new
     * value would be a series that is kept for ever. Source: conventions 7.
     */
    public static final Set<String> LABELS = Set.of("node", "peer", "dc", "proxy", "service", "server", "topic", "command",
            "direction", "outcome", "cause", "code", "state", "stage", "limit", "version", "revision", "java", "hash");

    private static final Pattern NAME = Pattern.compile("dvs(_[a-z0-9]+)+");
    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    /** What the values do. */
    public enum Type {
        /** Only grows while the source lives; begins anew at 0 with it. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** A {@link Histogram} of seconds. */
        HISTOGRAM,
        /** Always 1: the labels are what it tells. */
        INFO
    }

    /** @throws IllegalArgumentException if name or labels are not legal: a defect of the source */
    public Metric {
        labels = List.copyOf(labels);
        boolean suffix = switch (type) {
            case COUNTER -> name.endsWith(TOTAL);
            case INFO -> name.endsWith(INFO);
            case HISTOGRAM -> name.endsWith("_seconds");
            case GAUGE -> !name.endsWith(TOTAL) && !name.endsWith(INFO);
        };
        if (!NAME.matcher(name).matches() || !suffix) {
            throw new IllegalArgumentException(name + " is no name of a " + type);
        }
        if (!LABELS.containsAll(labels) || new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException(name + " has labels that there are not: " + labels);
        }
    }

    public static Metric counter(String name, String help, String... labels) {
        return new Metric(name, Type.COUNTER, help, List.of(labels));
    }

    public static Metric gauge(String name, String help, String... labels) {
        return new Metric(name, Type.GAUGE, help, List.of(labels));
    }

    public static Metric histogram(String name, String help, String... labels) {
        return new Metric(name, Type.HISTOGRAM, help, List.of(labels));
    }

    public static Metric info(String name, String help, String... labels) {
        return new Metric(name, Type.INFO, help, List.of(labels));
    }
}
