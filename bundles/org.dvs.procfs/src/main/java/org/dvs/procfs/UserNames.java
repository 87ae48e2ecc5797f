package org.dvs.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/**
 * User ids to names from {@code etc/passwd}, read again when the file changed. Ids that only a directory service knows stay
 * numbers: asking one could take longer than the request may. Thread-safe.
 */
public final class UserNames {
    private final Path passwd;
    private FileTime readFrom;
    private Map<Long, String> names = Map.of();

    /** @param root the machine's root folder, {@code /} except in tests */
    public UserNames(Path root) {
        this.passwd = root.resolve("etc/passwd");
    }

    /** Reads the file if it changed. */
    public synchronized void refresh() {
        try {
            FileTime modified = Files.getLastModifiedTime(passwd);
            if (!modified.equals(readFrom)) {
                names = parse(Files.readString(passwd, StandardCharsets.ISO_8859_1));
                readFrom = modified;
            }
        } catch (IOException e) {
            names = Map.of();
            readFrom = null;
        }
    }

    /** @return the name, the number as text if there is none, or null for a negative id */
    public synchronized String name(long uid) {
        if (uid < 0) {
            return null;
        }
        String name = names.get(uid);
        return name == null ? Long.toString(uid) : name;
    }

    private static Map<Long, String> parse(String text) {
        Map<Long, String> names = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] fields = line.split(":", 4);
            if (fields.length == 4 && fields[2].matches("\\d{1,10}")) {
                names.putIfAbsent(Long.valueOf(fields[2]), fields[0]);
            }
        }
        return names;
    }
}
