package org.dvs.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/**
 * A new bundle is named where Maven builds it, in a feature, before the features, and in README. Names finish the sentence "each
 * bundle of the project …"; what fails says which line is missing.
 */
class FeaturesTest {
    private static final Path PROJECT = Path.of("..");
    /** Used by tests only. */
    private static final Set<String> NOT_SHIPPED = Set.of("org.dvs.testkit");

    private static String read(String file) throws IOException {
        return Files.readString(PROJECT.resolve(file));
    }

    private static List<String> all(String regex, String text) {
        return Pattern.compile(regex).matcher(text).results().map(found -> found.group(1)).toList();
    }

    private static List<String> shipped() throws IOException {
        List<String> bundles = all("<module>([^<]+)</module>", read("bundles/pom.xml"));
        assertTrue(bundles.size() > 10 && bundles.containsAll(NOT_SHIPPED), bundles.toString());
        return bundles.stream().filter(bundle -> !NOT_SHIPPED.contains(bundle)).sorted().toList();
    }

    private static void assertOnceEach(List<String> named, String where) throws IOException {
        List<String> shipped = shipped();
        assertEquals(List.of(), shipped.stream().filter(bundle -> !named.contains(bundle)).toList(), "missing in " + where);
        assertEquals(shipped, named.stream().sorted().toList(), "no bundle of bundles/pom.xml, or twice, in " + where);
    }

    private static String features() throws IOException {
        return read("features/src/main/feature/feature.xml");
    }

    @Test
    void isInOneFeature() throws IOException {
        assertOnceEach(all("<bundle [^>]*>mvn:org\\.dvs/([^/]+)/", features()), "features/src/main/feature/feature.xml");
    }

    @Test
    void isBuiltBeforeTheFeatures() throws IOException {
        assertOnceEach(all("<artifactId>(org\\.dvs\\.[^<]+)<", read("features/pom.xml")), "features/pom.xml, dependencies");
    }

    @Test
    void isAtWorkOnANodeOrLiesInTheArchiveToBeInstalled() throws IOException {
        String everything = features().substring(features().indexOf("<feature name=\"dvs\""));
        everything = everything.substring(0, everything.indexOf("</feature>\n\n"));
        List<String> atWork = all("<feature [^>]*>(dvs-[^<]+)<", everything);
        List<String> installable = all("<feature>(dvs-[^<]+)</feature>", read("karaf-assembly/pom.xml"));

        List<String> lost = all("<feature name=\"(dvs-[^\"]+)\"", features()).stream()
                .filter(name -> Collections.frequency(atWork, name) + Collections.frequency(installable, name) != 1).toList();
        assertEquals(List.of(), lost, "once in feature 'dvs' of feature.xml, or in <installedFeatures> of karaf-assembly/pom.xml");
    }

    @Test
    void comesWithOthersOfTheSameRelease() throws IOException {
        List<String> open = Arrays.stream(features().split("\n")).filter(line -> line.contains(">dvs-"))
                .filter(line -> !line.contains("<feature version=\"${this.release}\">")).map(String::strip).toList();
        assertEquals(List.of(), open, "write <feature version=\"${this.release}\">: open ranges leave old ones beside new ones");
    }

    @Test
    void standsInTheTableOfReadme() throws IOException {
        List<String> rows = all("(?m)^\\| \\[`(org\\.dvs\\.[^`]+)`]", read("README.md"));
        assertOnceEach(rows.stream().filter(bundle -> !NOT_SHIPPED.contains(bundle)).toList(), "README.md, Bundles");
    }
}
