package org.dvs.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Measurements of one kind, milliseconds or megabytes. */
final class Figures {
    private final String what;
    private final String unit;
    private final List<Double> values = new ArrayList<>();

    Figures(String what, String unit) {
        this.what = what;
        this.unit = unit;
    }

    void add(double value) {
        values.add(value);
    }

    void addNanos(long nanos) {
        add(nanos / 1e6);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    double median() {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    double least() {
        return Collections.min(values);
    }

    void print() {
        System.out.printf(Locale.ROOT, "  %-58s n=%-4d min %8.1f  median %8.1f  max %8.1f %s%n", what, values.size(),
                Collections.min(values), median(), Collections.max(values), unit);
    }

    /** Prints how this compares with a floor. */
    void over(Figures floor, String goal) {
        System.out.printf(Locale.ROOT, "  %-58s %.2f x of '%s'; goal %s%n", what, median() / floor.median(), floor.what, goal);
    }

    /** As {@link #over}, with the least of each: what is left of the difference where nothing else had the processors. */
    void overLeast(Figures floor, String goal) {
        System.out.printf(Locale.ROOT, "  %-58s %.2f x of '%s', least of each; goal %s%n", what,
                Collections.min(values) / Collections.min(floor.values), floor.what, goal);
    }
}
