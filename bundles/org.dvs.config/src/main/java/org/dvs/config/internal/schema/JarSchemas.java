package org.dvs.config.internal.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import javax.xml.stream.XMLStreamException;

/** Reads schemas from jars and folders, for checks without a running node. */
public final class JarSchemas {
    private final List<Schema> schemas = new ArrayList<>();
    private final List<Path> jars = new ArrayList<>();

    /**
     * Adds the metatype files of a jar, of a folder with {@code OSGI-INF/metatype} in it, or of all jars below a folder.
     *
     * @throws IOException if it is not there or cannot be read
     */
    public JarSchemas add(Path path) throws IOException {
        Path metatype = path.resolve(MetatypeReader.FOLDER);
        if (Files.isDirectory(metatype)) {
            jars.add(path);
            for (Path file : list(metatype, 1)) {
                try (InputStream in = Files.newInputStream(file)) {
                    read(in, file.toString());
                }
            }
        } else if (Files.isDirectory(path)) {
            for (Path jar : list(path, Integer.MAX_VALUE)) {
                jar(jar);
            }
        } else {
            jar(path);
        }
        return this;
    }

    private static List<Path> list(Path folder, int depth) throws IOException {
        String suffix = depth == 1 ? ".xml" : ".jar";
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix) && Files.isRegularFile(file)).sorted()
                    .toList();
        }
    }

    private void jar(Path path) throws IOException {
        try (ZipFile jar = new ZipFile(path.toFile())) {
            jars.add(path);
            for (Enumeration<? extends ZipEntry> entries = jar.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().startsWith(MetatypeReader.FOLDER + '/') && entry.getName().endsWith(".xml")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        read(in, path + "!" + entry.getName());
                    }
                }
            }
        }
    }

    private void read(InputStream in, String name) throws IOException {
        try {
            schemas.addAll(new MetatypeReader().read(in));
        } catch (XMLStreamException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    public Schemas schemas() {
        return new Schemas(schemas);
    }

    /** Jars and folders that were read. */
    public List<Path> paths() {
        return List.copyOf(jars);
    }
}
