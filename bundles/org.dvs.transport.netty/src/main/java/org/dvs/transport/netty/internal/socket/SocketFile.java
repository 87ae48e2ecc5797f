package org.dvs.transport.netty.internal.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * The file of a Unix-domain socket. The socket is bound under another name, gets its mode, and is then renamed: so nobody can
 * connect before the mode counts, and a file left behind by a process that was killed is replaced in one step.
 */
public final class SocketFile {
    private static final int LONGEST_BYTES = 100;
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final Path path;
    private final Path bindPath;
    private final int mode;
    /** Null until it has its name. */
    private Object key;
    private boolean removed;

    private SocketFile(Path path, int mode) {
        this.path = path;
        this.bindPath = path.resolveSibling(".~" + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX));
        this.mode = mode;
    }

    /**
     * Checks that a socket can be opened there.
     *
     * @throws DvsException {@code BADVALUE} for a path that is not legal, {@code BADDIR} without its folder, {@code EXIST} where
     *     another kind of file is, {@code ADDRINUSE} where somebody listens
     */
    public static SocketFile prepare(Path path, int mode) throws DvsException {
        SocketFile file = new SocketFile(path, mode);
        if (!path.isAbsolute() || path.getFileName() == null || Math.max(bytes(path), bytes(file.bindPath)) > LONGEST_BYTES) {
            throw new DvsException(ErrorCode.BADVALUE,
                    "the socket's path '" + path + "' is not absolute, or longer than " + LONGEST_BYTES + " bytes");
        }
        if (!Files.isDirectory(path.getParent())) {
            throw new DvsException(ErrorCode.BADDIR, "the folder of the socket " + path + " does not exist");
        }
        try {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return file;
            }
            if (((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE) != SOCKET) {
                throw new DvsException(ErrorCode.EXIST, path + " exists and is not a socket");
            }
            if (served(path)) {
                throw new DvsException(ErrorCode.ADDRINUSE, "somebody listens at " + path);
            }
            return file;
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean served(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private static DvsException failed(Path path, IOException e) {
        return e instanceof AccessDeniedException
                ? new DvsException(ErrorCode.ACCES, "no access to the socket " + path, e)
                : new DvsException(ErrorCode.IO, "the socket " + path + " cannot be made: " + e.getMessage(), e);
    }

    /** Where to bind. What is there is left over from this process, and goes. */
    public Path bindPath() throws DvsException {
        try {
            Files.deleteIfExists(bindPath);
            return bindPath;
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** The socket is bound: gives it its mode and its name. */
    public synchronized void publish() throws DvsException {
        try {
            Files.setPosixFilePermissions(bindPath, permissions(mode));
            Object bound = key(bindPath);
            Files.move(bindPath, path, StandardCopyOption.ATOMIC_MOVE);
            key = bound;
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** Removes it, unless it is another's by now. Once: what comes after it may have its number. Any thread. */
    public synchronized void remove() {
        if (removed) {
            return;
        }
        removed = true;
        try {
            if (key == null) {
                Files.deleteIfExists(bindPath);
            } else if (key.equals(key(path))) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Gone, or the folder is not ours any more: nobody listens there, which the next one finds out.
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] highestFirst = PosixFilePermission.values();
        for (int i = 0; i < highestFirst.length; i++) {
            if ((mode & 1 << highestFirst.length - 1 - i) != 0) {
                granted.add(highestFirst[i]);
            }
        }
        return granted;
    }
}
