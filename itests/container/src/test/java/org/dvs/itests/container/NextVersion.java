package org.dvs.itests.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * The next version of a shipped bundle, as a build would make it: the same classes under a higher version.
 *
 * @param version what the bundle then says it is
 */
record NextVersion(Path jar, Version version) {

    /** @param build what distinguishes it from the shipped one, e.g. {@code r1} */
    static NextVersion of(String bundle, String build, Path folder) throws IOException {
        Path shipped = shipped(bundle);
        try (InputStream in = Files.newInputStream(shipped); JarInputStream old = new JarInputStream(in)) {
            Manifest manifest = new Manifest(old.getManifest());
            Attributes headers = manifest.getMainAttributes();
            Version version = new Version(headers.getValue(Constants.BUNDLE_VERSION) + "." + build);
            headers.putValue(Constants.BUNDLE_VERSION, version.toString());
            Path jar = folder.resolve(bundle + "-" + version + ".jar");
            try (OutputStream out = Files.newOutputStream(jar); JarOutputStream next = new JarOutputStream(out, manifest)) {
                for (JarEntry entry = old.getNextJarEntry(); entry != null; entry = old.getNextJarEntry()) {
                    next.putNextEntry(new JarEntry(entry.getName()));
                    old.transferTo(next);
                }
            }
            return new NextVersion(jar, version);
        }
    }

    /** Where a bundle lies in the distribution. */
    static Path shipped(String bundle) throws IOException {
        Path versions = Path.of(System.getProperty("karaf.home"), "system", "org", "dvs", bundle);
        try (var jars = Files.walk(versions)) {
            return jars.filter(file -> file.getFileName().toString().endsWith(".jar")).findFirst()
                    .orElseThrow(() -> new AssertionError("no jar below " + versions));
        }
    }
}
