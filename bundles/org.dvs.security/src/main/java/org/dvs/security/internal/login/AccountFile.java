package org.dvs.security.internal.login;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

import org.dvs.security.internal.keys.PrivateFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts of one file, read again when it has changed. Thread-safe. A file that cannot be read has no accounts: nobody
 * gets in by it.
 */
final class AccountFile {
    private static final Logger LOG = LoggerFactory.getLogger(AccountFile.class);

    /** What tells one content from another; a replaced file has another key even within the clock's grain. */
    private record Stamp(FileTime modified, long size, Object key) {
    }

    private final PrivateFiles files;
    private final String name;
    private Stamp stamp;
    private List<Account> accounts = List.of();

    AccountFile(PrivateFiles files, String name) {
        this.files = files;
        this.name = name;
    }

    synchronized List<Account> accounts() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(files.path(name), BasicFileAttributes.class);
            Stamp now = new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            if (!now.equals(stamp)) {
                accounts = read();
                stamp = now;
            }
        } catch (IOException e) {
            if (stamp != null || accounts.isEmpty()) {
                LOG.error("No logins by {}: it cannot be read: {}", files.path(name), e.toString());
            }
            stamp = null;
            accounts = List.of();
        }
        return accounts;
    }

    private List<Account> read() throws IOException {
        List<Account> read = new ArrayList<>();
        String[] lines = files.readText(name).split("\n");
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                int number = i + 1;
                // The line itself is not logged: it may hold what should be secret.
                Account.parse(line).ifPresentOrElse(read::add,
                        () -> LOG.error("{}:{}: left out, it is not name:roles:hash", files.path(name), number));
            }
        }
        return List.copyOf(read);
    }
}
