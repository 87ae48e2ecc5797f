package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** How a file looked when reading began: one that looks otherwise at the end never was what has been read. */
record Stamp(Path file, Object key, long size, FileTime modified) {

    static Stamp of(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(file, now.fileKey(), now.size(), now.lastModifiedTime());
    }

    /** @throws DvsException {@code BUSY} if it was written meanwhile; one that was replaced as a whole is read to its end */
    void check() throws IOException, DvsException {
        if (Files.exists(file)) {
            Stamp now = of(file);
            if (now.key.equals(key) && !now.equals(this)) {
                throw new DvsException(ErrorCode.BUSY, "'" + file.getFileName() + "' was written while it was read");
            }
        }
    }
}
