package org.dvs.itests.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What the features file of the distribution names: a new capability is tested without being listed here. */
final class Shipped {
    private static final Pattern BUNDLE = Pattern.compile("<bundle [^>]*>mvn:org\\.dvs/([^/]+)/");
    private static final Pattern VERSION = Pattern.compile("<features name=\"dvs-([^\"]+)\"");
    private static final Pattern FEATURE = Pattern.compile("<feature name=\"([^\"]+)\"");

    private Shipped() {
    }

    /** Symbolic names of all bundles of ours, in the order of the file: contracts first, fronts last. */
    static List<String> bundles() {
        return all(BUNDLE);
    }

    /** Names of all features of ours. */
    static List<String> features() {
        return all(FEATURE);
    }

    static String version() {
        return all(VERSION).get(0);
    }

    /** The features file. */
    static String text() {
        try {
            return Files.readString(Path.of(System.getProperty("dvs.features")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> all(Pattern pattern) {
        List<String> found = pattern.matcher(text()).results().map(result -> result.group(1)).distinct().toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("nothing like " + pattern + " in the features file");
        }
        return found;
    }
}
