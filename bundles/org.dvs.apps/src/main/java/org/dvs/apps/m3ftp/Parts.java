package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * A file that comes piece by piece lies beside its place as {@code .NAME.part} and gets its name when it is whole: nobody ever
 * sees half a file, and what is there after a break can be gone on with.
 */
final class Parts {
    private static final String BEFORE = ".";
    private static final String BEHIND = ".part";
    /** Most bytes of a file's name where the file system allows 255, as most do. */
    static final int MAX_NAME = 255 - BEFORE.length() - BEHIND.length();

    private Parts() {
    }

    static Path of(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder.resolve(BEFORE + file.getFileName() + BEHIND);
    }

    /**
     * Only plain files are read or replaced: a pipe would hold up its reader, and a device would be lost. What comes of another
     * file is nobody's to name: it would be replaced under the feet of whoever brings it.
     *
     * @throws DvsException {@code ISDIR}, {@code INVAL}
     */
    static void checkPlain(Path file, String name) throws DvsException {
        String own = String.valueOf(file.getFileName());
        if (own.startsWith(BEFORE) && own.endsWith(BEHIND)) {
            throw new DvsException(ErrorCode.INVAL, "'" + name + "' is named as what has come of a file that is not whole yet");
        }
        if (Files.isDirectory(file)) {
            throw new DvsException(ErrorCode.ISDIR, "'" + name + "'");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new DvsException(ErrorCode.INVAL, "'" + name + "' is not a plain file");
        }
    }

    /**
     * Opens what has come so far of a file, empty if nothing has; nobody else may until it is closed.
     *
     * @throws DvsException {@code BUSY} if it comes from somewhere already
     */
    static FileChannel open(Path file) throws IOException, DvsException {
        FileChannel part = FileChannel.open(of(file), Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        if (locked(part)) {
            return part;
        }
        part.close();
        throw new DvsException(ErrorCode.BUSY, "'" + file.getFileName() + "' is coming already");
    }

    private static boolean locked(FileChannel part) throws IOException {
        try {
            return part.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // By this process: as by another one.
            return false;
        }
    }

    /** It is whole: on the disk, then in its place. The part stays locked until then. */
    static void complete(FileChannel part, Path file) throws IOException {
        part.force(true);
        Files.move(of(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the operating system refused, as an error of ours. */
    static DvsException failure(IOException e, String name) {
        String reason = e instanceof FileSystemException at && at.getReason() != null ? at.getReason()
                : String.valueOf(e.getMessage());
        ErrorCode code = ErrorCode.IO;
        if (e instanceof NoSuchFileException) {
            code = ErrorCode.NOENT;
            reason = "no such file, or no such folder for it";
        } else if (e instanceof AccessDeniedException) {
            code = ErrorCode.ACCES;
            reason = "no right to it or its folder";
        } else if (e instanceof NotDirectoryException || reason.contains("Not a directory")) {
            code = ErrorCode.NOTDIR;
        } else if (reason.contains("File name too long")) {
            code = ErrorCode.NAMETOOLONG;
        } else if (reason.contains("No space left") || reason.contains("quota")) {
            code = ErrorCode.NOSPC;
        } else if (reason.contains("File too large")) {
            code = ErrorCode.FBIG;
        } else if (reason.contains("Read-only file system")) {
            code = ErrorCode.ROFS;
        } else if (reason.contains("Too many open files")) {
            code = ErrorCode.MFILE;
        }
        return new DvsException(code, "'" + name + "': " + reason, e);
    }
}
