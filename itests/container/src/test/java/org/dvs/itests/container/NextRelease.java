package org.dvs.itests.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The features file of the next release, which has the next version of every bundle of ours.
 *
 * @param version of its features
 */
record NextRelease(Path file, String version) {

    /** @param build what distinguishes it from the shipped one, e.g. {@code r1} */
    static NextRelease of(String build, Path folder) throws IOException {
        String shipped = Shipped.version();
        String version = shipped + "." + build;
        String features = Shipped.text().replace("name=\"dvs-" + shipped + "\"", "name=\"dvs-" + version + "\"")
                .replace(" version=\"" + shipped + "\"", " version=\"" + version + "\"")
                .replace(" version=\"[" + shipped + "," + shipped + "]\"", " version=\"[" + version + "," + version + "]\"");
        for (String bundle : Shipped.bundles()) {
            features = features.replace("mvn:org.dvs/" + bundle + "/" + shipped + "<",
                    NextVersion.of(bundle, build, folder).jar().toUri() + "<");
        }
        return new NextRelease(Files.writeString(folder.resolve("dvs-" + version + ".xml"), features), version);
    }
}
