package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;

/** What all files that are read or replaced have in common, and what the operating system says when it refuses one. */
final class PlainFile {

    /** What is read for bytes that are not UTF-8. */
    private static final char NO_CHARACTER = '\uFFFD';

    private PlainFile() {
    }

    /**
     * Only plain files are read or replaced: a pipe would hold up its reader, and a device would be lost. What comes of another
     * file is nobody's to name: it would be replaced under the feet of whoever brings it.
     *
     * @throws DvsException {@code ISDIR}, {@code INVAL}
     */
    static void check(Path file, String name) throws DvsException {
        if (Part.isName(String.valueOf(file.getFileName()))) {
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
     * @throws DvsException {@code INVAL} for a name that is not UTF-8: what came of it is another one; {@code ISDIR} for a
     *                      folder's
     */
    static void checkName(String name) throws DvsException {
        if (name.indexOf(NO_CHARACTER) >= 0) {
            throw new AdvisedException(ErrorCode.INVAL, "'" + name + "' has characters that are not UTF-8, so nobody could tell"
                    + " which file that is", "Rename the file, or give it a name of another kind.");
        }
        if (name.endsWith("/") || name.endsWith("/.")) {
            throw new AdvisedException(ErrorCode.ISDIR, "'" + name + "' is a folder's name", "Name a file.");
        }
    }

    /** What the operating system refused, as an error of ours. The programs run in a locale whose words are these. */
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
            return noSpace("'" + name + "': " + reason);
        } else if (reason.contains("File too large")) {
            code = ErrorCode.FBIG;
        } else if (reason.contains("Read-only file system")) {
            code = ErrorCode.ROFS;
        } else if (reason.contains("Too many open files")) {
            code = ErrorCode.MFILE;
        }
        return new DvsException(code, "'" + name + "': " + reason, e);
    }

    static AdvisedException noSpace(String detail) {
        return new AdvisedException(ErrorCode.NOSPC, detail,
                "Free space on that disk, then go on with --resume; what has come lies beside the file as .NAME.part.");
    }
}
