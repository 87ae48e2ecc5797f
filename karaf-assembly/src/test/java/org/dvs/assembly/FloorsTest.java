package org.dvs.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.dvs.assembly.Floors.Artifact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the floors check …". */
class FloorsTest {
    @TempDir
    Path repository;

    @Test
    void refusesAnArtifactBelowItsFloor() {
        assertEquals(List.of("org.apache.sshd:sshd-osgi:2.17.1 in x.jar is below the floor of 'floor org.apache.sshd:* 2.19.0'"),
                check("floor org.apache.sshd:*   2.19.0", "org.apache.sshd", "sshd-osgi", "2.17.1"));
    }

    @Test
    void comparesVersionsAsNumbersNotAsText() {
        assertEquals(List.of(), check("floor g:a 4.4.9", "g", "a", "4.4.10"));
        assertEquals(1, check("floor g:a 4.4.10", "g", "a", "4.4.9").size());
        assertEquals(List.of(), check("floor g:a 5.5.7.Final", "g", "a", "5.5.7.Final"));
        assertEquals(1, check("floor g:a 5.5.7.Final", "g", "a", "5.5.7.CR1").size());
        assertEquals(1, check("floor g:a 2.0", "g", "a", "2.0-beta-1").size());
    }

    @Test
    void refusesWhatIsForbiddenWhateverItsVersion() {
        assertEquals(1, check("forbid org.ops4j.pax.web:*", "org.ops4j.pax.web", "pax-web-api", "99").size());
    }

    @Test
    void missesWhatMustBeThere() {
        assertEquals(List.of("nothing is there for 'need g:a 1'"), Floors.parse(List.of("need g:a 1")).violations(List.of()));
    }

    @Test
    void takesTheFirstRuleThatFits() {
        List<String> rules = List.of("# comment", "", "forbid g:bad*", "need g:* 2");
        List<Artifact> artifacts = List.of(new Artifact("g", "bad-one", "3", "b.jar"), new Artifact("g", "good", "2", "g.jar"));
        assertEquals(List.of("g:bad-one:3 in b.jar is forbidden by 'forbid g:bad*'"), Floors.parse(rules).violations(artifacts));
    }

    @Test
    void doesNotTakeADotForAnyCharacter() {
        assertEquals(List.of(), check("forbid org.lz4:*", "orgxlz4", "a", "1"));
    }

    @Test
    void namesALineThatIsNoRule() {
        for (String line : List.of("flor g:a 1", "floor g:a", "forbid g:a 1", "floor ga 1")) {
            String message = assertThrows(IllegalArgumentException.class, () -> Floors.parse(List.of(line))).getMessage();
            assertTrue(message.contains(line), message);
        }
    }

    @Test
    void findsWhatIsPackedIntoAJar() throws IOException {
        jar("org/dvs/org.dvs.web/0.1.0/org.dvs.web-0.1.0.jar",
                Map.of("META-INF/maven/org.eclipse.jetty/jetty-util/pom.properties", "version=9.4.58"));
        jar("org/dvs/org.dvs.cluster/0.1.0/org.dvs.cluster-0.1.0.jar", Map.of("JGROUPS_VERSION.properties", "jgroups.version=5.4.0"));

        List<String> found = Floors.parse(List.of("floor org.eclipse.jetty:* 12.1.12", "floor org.jgroups:jgroups 5.5.7.Final"))
                .violations(Contents.of(repository));

        assertEquals(2, found.size(), found::toString);
        assertTrue(found.get(0).startsWith("org.jgroups:jgroups:5.4.0 in org/dvs/org.dvs.cluster/"), found::toString);
        assertTrue(found.get(1).startsWith("org.eclipse.jetty:jetty-util:9.4.58 in org/dvs/org.dvs.web/"), found::toString);
    }

    @Test
    void readsGroupNameAndVersionFromTheFolders() throws IOException {
        jar("org/apache/sshd/sshd-osgi/2.19.0/sshd-osgi-2.19.0.jar", Map.of("a", ""));
        assertEquals(List.of(new Artifact("org.apache.sshd", "sshd-osgi", "2.19.0", "org/apache/sshd/sshd-osgi/2.19.0/sshd-osgi-2.19.0.jar")),
                Contents.of(repository));
    }

    private void jar(String path, Map<String, String> entries) throws IOException {
        Path file = repository.resolve(path);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static List<String> check(String rule, String group, String name, String version) {
        return Floors.parse(List.of(rule)).violations(List.of(new Artifact(group, name, version, "x.jar")));
    }
}
