package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;

/** The folder whose files may be fetched and left: no name leads out of it by dots, and none goes by a link. */
final class Folder {
    private final Path root;

    /** @throws DvsException {@code BADDIR} if it is no folder */
    Folder(Path root) throws DvsException {
        try {
            this.root = root.toRealPath();
        } catch (IOException e) {
            throw new DvsException(ErrorCode.BADDIR, root + " is not there, or cannot be entered", e);
        }
        if (!Files.isDirectory(this.root)) {
            throw new DvsException(ErrorCode.BADDIR, root + " is not a folder");
        }
    }

    /**
     * The folder that a node's settings name. Only the one that they name by themselves is made: of another one that is not there
     * the name is wrong, or its disk is missing.
     *
     * @param data    of the node, absolute
     * @param setting relative to {@code data}, and then within it; or absolute
     * @throws DvsException {@code BADDIR}
     */
    static Folder of(Path data, String setting) throws DvsException {
        String named = "folder = " + setting + " in etc/org.dvs.apps.m3ftp.cfg";
        try {
            Path path = data.resolve(setting).normalize();
            if (!Path.of(setting).isAbsolute() && (!path.startsWith(data) || path.equals(data))) {
                throw new DvsException(ErrorCode.BADDIR, named + " is no folder within the node's data;"
                        + " others are named from / on");
            }
            return new Folder(setting.equals(M3ftpConfig.FOLDER) ? Files.createDirectories(path) : path);
        } catch (IOException | InvalidPathException e) {
            throw new DvsException(ErrorCode.BADDIR, named + ": " + e.getMessage(), e);
        }
    }

    /**
     * @param name relative, with {@code /} between folders
     * @return the file's path; the file itself need not exist
     * @throws AdvisedException {@code ACCES} for a name that leads out
     * @throws DvsException     {@code INVAL} for a name that is none, {@code NOENT} if its folder does not exist, {@code ISDIR}
     */
    Path file(String name) throws DvsException {
        PlainFile.checkName(name);
        Path path;
        try {
            path = root.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new DvsException(ErrorCode.INVAL, "'" + name + "' is not a file's name", e);
        }
        if (!path.startsWith(root)) {
            throw outside("'" + name + "' leads out of the folder");
        }
        if (path.equals(root)) {
            throw new DvsException(ErrorCode.INVAL, "'" + name + "' is not a file's name");
        }
        Path parent;
        try {
            parent = path.getParent().toRealPath();
        } catch (IOException e) {
            throw PlainFile.failure(e, name);
        }
        Path file = parent.resolve(path.getFileName());
        if (!parent.equals(path.getParent()) || Files.isSymbolicLink(file)) {
            throw outside("'" + name + "' is or goes by a link");
        }
        PlainFile.check(file, name);
        return file;
    }

    private static AdvisedException outside(String detail) {
        return new AdvisedException(ErrorCode.ACCES, detail, "Name a file within the folder, and by no link.");
    }
}
