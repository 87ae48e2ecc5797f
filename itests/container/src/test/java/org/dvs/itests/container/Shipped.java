package org.dvs.itests.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a node boots, from the features file of the distribution: a new capability is tested without being listed here. */
final class Shipped {
    private static final Pattern VERSION = Pattern.compile("<features name=\"dvs-([^\"]+)\"");
    private static final Pattern REFERENCE = Pattern.compile("<feature [^>]*>(dvs-[^<]+)<");
    private static final Pattern BUNDLE = Pattern.compile("<bundle [^>]*>mvn:org\\.dvs/([^/]+)/");

    private Shipped() {
    }

    /** Names of the features of ours, {@code dvs} first and the others in the order of the file. */
    static List<String> features() {
        Set<String> names = new LinkedHashSet<>(List.of("dvs"));
        List<String> open = List.of("dvs");
        while (!open.isEmpty()) {
            open = open.stream().flatMap(name -> all(REFERENCE, feature(name)).stream()).filter(names::add).toList();
        }
        return List.copyOf(names);
    }

    /** Symbolic names of their bundles, contracts first and fronts last. */
    static List<String> bundles() {
        return features().stream().flatMap(name -> all(BUNDLE, feature(name)).stream()).toList();
    }

    static String version() {
        return all(VERSION, text()).get(0);
    }

    /** The features file. */
    static String text() {
        try {
            return Files.readString(Path.of(System.getProperty("dvs.features")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String feature(String name) {
        return Arrays.stream(text().split("<feature (?=name=)")).filter(part -> part.startsWith("name=\"" + name + "\"")).findFirst()
                .orElseThrow(() -> new AssertionError("no feature " + name + " in the features file"));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
