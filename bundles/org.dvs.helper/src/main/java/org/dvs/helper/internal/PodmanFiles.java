package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that tell Podman what containers there are, where it has them unless it was set up otherwise: its database, to which
 * it writes each change, and the folder where it is noted which programs have ended. Used by one thread at a time.
 *
 * <p>Source: read and traced from Podman 4.3.1; later ones have the database in SQLite, beside or below the storage's folder.
 */
final class PodmanFiles {
    private static final String STORAGE = "var/lib/containers/storage";
    /** The same folder nearly everywhere. */
    private static final List<String> TEMPORARY = List.of("run/libpod", "var/run/libpod");
    private static final List<String> DATABASES = List.of("libpod/bolt_state.db", "libpod/db.sql", "db.sql");
    /** What SQLite may write before it writes to the database. */
    private static final List<String> BESIDE = List.of("", "-wal", "-journal");
    /** The last is of whoever has the home folder {@code /}, as every program of the helper has. */
    private static final List<String> SETTINGS = List.of("usr/share/containers", "etc/containers", ".config/containers");
    /** Settings by which it has its files elsewhere, or asks another machine, and what they are otherwise. */
    private static final Map<String, List<String>> USUAL = Map.of("graphroot", List.of("/" + STORAGE), "static_dir",
            List.of("/" + STORAGE + "/libpod"), "tmp_dir", TEMPORARY.stream().map("/"::concat).toList(), "transient_store",
            List.of("false"), "remote", List.of("false"));
    private static final Pattern MENTION = Pattern.compile("\\b(?:" + String.join("|", USUAL.keySet()) + ")\\b");
    private static final Pattern SETTING = Pattern.compile("\\s*(\\w+)\\s*=\\s*\"?([^\"#\\s]*)\"?\\s*(?:#.*)?");

    private final Path root;
    /** As they were when {@link #usual} was found out; null before. */
    private String settings;
    private boolean usual;

    /**
     * @param stamp   another one after each change
     * @param changed when the last one was, milliseconds of the machine's clock
     */
    record State(String stamp, long changed) {
    }

    /** @param root the machine's root folder, {@code /} except in tests */
    PodmanFiles(Path root) {
        this.root = root;
    }

    /** @return empty if it has its files elsewhere, has none yet, or they may not be read: so only its program can tell */
    Optional<State> state() {
        try {
            Stamp now = new Stamp();
            settings(now);
            String found = now.text.toString();
            if (!found.equals(settings)) {
                usual = usual();
                settings = found;
            }
            boolean any = false;
            for (String database : DATABASES) {
                any |= Files.exists(root.resolve(STORAGE).resolve(database));
                for (String end : BESIDE) {
                    now.add(root.resolve(STORAGE).resolve(database + end));
                }
            }
            for (String folder : TEMPORARY) {
                now.add(root.resolve(folder));
                now.add(root.resolve(folder).resolve("exits"));
            }
            return usual && any ? Optional.of(new State(now.text.toString(), now.changed)) : Optional.empty();
        } catch (IOException e) {
            // Not ours to read, or gone while it was looked at.
            return Optional.empty();
        }
    }

    private void settings(Stamp stamp) throws IOException {
        for (Path file : settingsFiles()) {
            stamp.add(file);
        }
    }

    private List<Path> settingsFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : SETTINGS) {
            Path folder = root.resolve(name);
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.{conf,conf.d}")) {
                    for (Path each : found) {
                        if (Files.isDirectory(each)) {
                            try (DirectoryStream<Path> parts = Files.newDirectoryStream(each, "*.conf")) {
                                parts.forEach(files::add);
                            }
                        } else {
                            files.add(each);
                        }
                    }
                }
            }
        }
        files.sort(null);
        return files;
    }

    private boolean usual() throws IOException {
        for (Path file : settingsFiles()) {
            for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
                if (!line.stripLeading().startsWith("#") && MENTION.matcher(line).find() && !usual(line)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean usual(String line) {
        Matcher setting = SETTING.matcher(line);
        return setting.matches() && USUAL.getOrDefault(setting.group(1), List.of()).contains(setting.group(2));
    }

    /** Of files: what no change leaves as it was. */
    private static final class Stamp {
        private final StringBuilder text = new StringBuilder();
        private long changed;

        /** One that is not there is part of it, too. */
        void add(Path file) throws IOException {
            text.append(file).append(' ');
            if (Files.exists(file)) {
                Map<String, Object> found = Files.readAttributes(file, "unix:ino,size,ctime");
                FileTime time = (FileTime) found.get("ctime");
                text.append(found.get("ino")).append(' ').append(found.get("size")).append(' ').append(time);
                changed = Math.max(changed, time.toMillis());
            }
            text.append('\n');
        }
    }
}
