package org.dvs.security.internal.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A folder whose files only their owner reads: 0700 and 0600 from the first byte on. A file appears whole or not at all:
 * it is written under another name, forced, renamed, and the folder is forced.
 *
 * <p><b>Somebody else's folder.</b> Root writes into folders of nodes that run as other users, and such a user could put a link
 * there to a file that only root reads or changes. So every file is reached through the opened folder and no change follows a
 * link; in a folder that belongs to another user no reading does either, and a file must be that user's or this one's.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    /** A key, certificate or account file is a few KiB; nothing larger is read. */
    private static final long MAX_BYTES = 1 << 20;

    private final Path folder;

    /** Touches nothing. */
    public PrivateFiles(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    public Path folder() {
        return folder;
    }

    public Path path(String name) {
        return folder.resolve(name);
    }

    public boolean has(String name) {
        Path file = path(name);
        return Files.isRegularFile(file) && (!Files.isSymbolicLink(file) || !foreign());
    }

    /** Something done in the opened folder. */
    private interface Use<T> {
        T with(SecureDirectoryStream<Path> opened) throws IOException;
    }

    private <T> T inside(Use<T> use) throws IOException {
        if (Files.isSymbolicLink(folder) && !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(self())) {
            throw new IOException(folder + " is a link that somebody else has made");
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            if (!(stream instanceof SecureDirectoryStream<Path> opened)) {
                throw new IOException("files in " + folder + " cannot be reached safely on this system");
            }
            return use.with(opened);
        }
    }

    /** The user of this process. */
    private static UserPrincipal self() throws IOException {
        return Files.getOwner(Path.of("/proc/self"));
    }

    private boolean foreign() {
        try {
            return !Files.getOwner(folder).equals(self());
        } catch (IOException e) {
            // Nothing can be said of it, so the stricter rules hold.
            return true;
        }
    }

    /** Makes the folder if need be, and takes rights away that others have on it or on its files. */
    public List<Path> tighten() throws IOException {
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(FOLDER_MODE);
        Files.createDirectories(folder.getParent());
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, mode);
        }
        return inside(opened -> {
            List<Path> tightened = new ArrayList<>();
            tighten(opened.getFileAttributeView(PosixFileAttributeView.class), FOLDER_MODE, folder, tightened);
            for (Path each : opened) {
                Path name = each.getFileName();
                PosixFileAttributeView view = opened.getFileAttributeView(name, PosixFileAttributeView.class,
                        LinkOption.NOFOLLOW_LINKS);
                if (attributes(view).map(PosixFileAttributes::isRegularFile).orElse(false)) {
                    tighten(view, FILE_MODE, path(name.toString()), tightened);
                }
            }
            return tightened;
        });
    }

    private static Optional<PosixFileAttributes> attributes(PosixFileAttributeView view) throws IOException {
        try {
            return Optional.of(view.readAttributes());
        } catch (NoSuchFileException e) {
            // Replaced or removed while the folder was read.
            return Optional.empty();
        }
    }

    private static void tighten(PosixFileAttributeView view, Set<PosixFilePermission> allowed, Path path, List<Path> tightened)
            throws IOException {
        if (!allowed.containsAll(view.readAttributes().permissions())) {
            view.setPermissions(allowed);
            tightened.add(path);
        }
    }

    public byte[] read(String name) throws IOException {
        boolean strict = foreign();
        return inside(opened -> {
            Path file = Path.of(name);
            if (strict) {
                requireOwn(opened, file);
            }
            Set<OpenOption> options = strict ? Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
                    : Set.of(StandardOpenOption.READ);
            try (SeekableByteChannel channel = opened.newByteChannel(file, options)) {
                if (channel.size() > MAX_BYTES) {
                    throw new IOException(path(name) + " is larger than " + MAX_BYTES + " bytes");
                }
                ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                    continue;
                }
                return Arrays.copyOf(bytes.array(), bytes.position());
            } catch (NoSuchFileException e) {
                throw new NoSuchFileException(path(name).toString());
            }
        });
    }

    private void requireOwn(SecureDirectoryStream<Path> opened, Path file) throws IOException {
        PosixFileAttributes there = opened.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        UserPrincipal owner = opened.getFileAttributeView(PosixFileAttributeView.class).readAttributes().owner();
        if (!there.isRegularFile() || !there.owner().equals(owner) && !there.owner().equals(self())) {
            throw new IOException(folder.resolve(file) + " is not a file of user " + owner.getName() + ", whose folder it is in");
        }
    }

    /** The text without the line end that editors add. */
    public String readText(String name) throws IOException {
        return new String(read(name), StandardCharsets.UTF_8).strip();
    }

    public void writeText(String name, String text) throws IOException {
        write(name, (text + '\n').getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces the file, or a link of that name, or makes it; after the return it is on the disk. */
    public void write(String name, byte[] content) throws IOException {
        Path temporary = Path.of('.' + name + '.' + UUID.randomUUID() + ".tmp");
        inside(opened -> {
            try (SeekableByteChannel channel = opened.newByteChannel(temporary,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(FILE_MODE))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                ((FileChannel) channel).force(true);
                opened.move(temporary, opened, Path.of(name));
            } catch (IOException e) {
                delete(opened, temporary, e);
                throw e;
            }
            return null;
        });
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void delete(SecureDirectoryStream<Path> opened, Path file, IOException why) {
        try {
            opened.deleteFile(file);
        } catch (IOException e) {
            // Perhaps it was never made.
            why.addSuppressed(e);
        }
    }
}
