package org.dvs.config.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The node's {@code etc} folder. A change counts when two looks in a row saw the same content, so that a file caught half
 * written is not taken for what its author meant. The content is compared, not the time stamp. Used by one thread at a time.
 */
public final class Folder {
    /** Which files are ours; fileinstall leaves these alone. */
    public static final String GLOB = "org.dvs.*.{cfg,cfg.json}";
    /** Configurations in formats of others, which nobody reads when they are for us. */
    private static final String FOREIGN = "org.dvs.*.{json,config}";
    private static final Pattern SUFFIX = Pattern.compile("\\.cfg(\\.json)?$");

    private final Path path;
    private Map<String, TextFile> settled = Map.of();
    private Map<String, TextFile> last = Map.of();
    private boolean looked;

    public Folder(Path path) {
        this.path = path;
    }

    /** The file's name without {@code .cfg} or {@code .cfg.json}. */
    public static String stem(String fileName) {
        return SUFFIX.matcher(fileName).replaceFirst("");
    }

    /**
     * Looks again; the first look counts at once.
     *
     * @return files by name whose content counts
     * @throws IOException if the folder cannot be read; nothing has changed then
     */
    public Map<String, TextFile> look() throws IOException {
        Map<String, TextFile> now = read();
        if (!looked || now.equals(last)) {
            settled = now;
            looked = true;
        }
        last = now;
        return settled;
    }

    /** True if the last look saw something that does not count yet. */
    public boolean unsettled() {
        return !last.equals(settled);
    }

    /**
     * Names of files that look like configurations of ours and are read by nobody.
     *
     * @throws IOException if the folder cannot be read
     */
    public SortedSet<String> unread() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, FOREIGN)) {
            found.forEach(file -> names.add(file.getFileName().toString()));
            names.removeIf(name -> name.endsWith(".cfg.json"));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /**
     * What is there at this moment, settled or not.
     *
     * @throws IOException if the folder cannot be read; a folder that is gone does not mean that all its files were meant to go
     */
    public Map<String, TextFile> read() throws IOException {
        Map<String, TextFile> files = new TreeMap<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, GLOB)) {
            for (Path file : found) {
                if (Files.isRegularFile(file)) {
                    String name = file.getFileName().toString();
                    files.put(name, TextFile.read(file, name));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }
}
