package org.dvs.assembly;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds the artifacts in a folder laid out like a Maven repository, and those packed into their jars. */
final class Contents {
    private static final Pattern POM = Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.properties");
    /** What JGroups says of itself; it is packed into our bundle without its Maven description. */
    private static final String JGROUPS = "JGROUPS_VERSION.properties";

    private Contents() {
    }

    /** @param repository holds {@code group/parts/artifact/version/file.jar}; other files are looked over */
    static List<Floors.Artifact> of(Path repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository)) {
            List<Floors.Artifact> found = new ArrayList<>();
            files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jar -> found.addAll(ofJar(repository, jar)));
            return found;
        }
    }

    private static List<Floors.Artifact> ofJar(Path repository, Path jar) {
        Path path = repository.relativize(jar);
        String where = path.toString();
        List<Floors.Artifact> found = new ArrayList<>();
        if (path.getNameCount() < 4) {
            throw new IllegalArgumentException(where + " does not lie where a repository would have it");
        }
        int version = path.getNameCount() - 2;
        String group = path.subpath(0, version - 1).toString().replace('/', '.');
        found.add(new Floors.Artifact(group, path.getName(version - 1).toString(), path.getName(version).toString(), where));
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                Matcher pom = POM.matcher(entry.getName());
                if (pom.matches()) {
                    found.add(new Floors.Artifact(pom.group(1), pom.group(2), read(zip, entry).getProperty("version"), where));
                } else if (entry.getName().equals(JGROUPS)) {
                    found.add(new Floors.Artifact("org.jgroups", "jgroups", read(zip, entry).getProperty("jgroups.version"), where));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(where, e);
        }
        return found;
    }

    private static Properties read(ZipFile zip, ZipEntry entry) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = zip.getInputStream(entry)) {
            properties.load(in);
        }
        return properties;
    }
}
