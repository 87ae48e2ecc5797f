package org.dvs.security.internal.login;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may log in by SSH key, with which roles: Karaf's {@code etc/keys.properties}, {@code user = KEY,role,_g_:group} and
 * {@code _g_\:group = group,role}. Read again when it has changed. Thread-safe; a file that cannot be read holds nobody.
 */
final class SshKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SshKeys.class);
    private static final String GROUP = "_g_:";

    private final Path file;
    private Object stamp;
    private Properties lines = new Properties();

    SshKeys(Path file) {
        this.file = file;
    }

    /** @return the user's roles and key; empty if there is no such user */
    synchronized Optional<Account> of(String user) {
        read();
        String line = user.startsWith(GROUP) ? null : lines.getProperty(user);
        if (line == null) {
            return Optional.empty();
        }
        List<String> roles = new ArrayList<>();
        for (String word : behindFirst(line)) {
            if (word.startsWith(GROUP)) {
                roles.addAll(behindFirst(lines.getProperty(word, "")));
            } else {
                roles.add(word);
            }
        }
        return Optional.of(new Account(user, roles, line.split(",", 2)[0].strip()));
    }

    private static List<String> behindFirst(String line) {
        return Arrays.stream(line.split(",")).skip(1).map(String::strip).toList();
    }

    private void read() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Object now = List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            if (!now.equals(stamp)) {
                Properties read = new Properties();
                try (Reader reader = Files.newBufferedReader(file)) {
                    read.load(reader);
                }
                lines = read;
                stamp = now;
            }
        } catch (NoSuchFileException e) {
            lines = new Properties();
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("No SSH keys: {} cannot be read: {}", file, e.toString());
            lines = new Properties();
            stamp = null;
        }
    }
}
