package org.dvs.cluster.jgroups.internal.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the operating system's file system, locked against a second process. */
public final class NioStorage implements Storage {
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lockFile;
    private final FileChannel folderChannel;

    /** @throws LogBusyException if the folder is in use */
    public NioStorage(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        this.lockFile = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw new LogBusyException(folder.toString());
            }
            this.folderChannel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (OverlappingFileLockException e) {
            lockFile.close();
            throw new LogBusyException(folder.toString());
        } catch (IOException e) {
            lockFile.close();
            throw e;
        }
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(LOCK)).sorted().toList();
        }
    }

    @Override
    public File create(String name) throws IOException {
        return new NioFile(FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ, StandardOpenOption.WRITE), name);
    }

    @Override
    public File open(String name) throws IOException {
        return new NioFile(FileChannel.open(folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE), name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    @Override
    public void forceFolder() throws IOException {
        folderChannel.force(true);
    }

    @Override
    public String describe() {
        return folder.toString();
    }

    @Override
    public void close() throws IOException {
        try (FileChannel first = folderChannel; FileChannel second = lockFile) {
            // closing the lock's channel gives the lock back
        }
    }

    private static final class NioFile implements File {
        private final FileChannel channel;
        private final String name;

        NioFile(FileChannel channel, String name) {
            this.channel = channel;
            this.name = name;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            long at = position;
            while (target.hasRemaining()) {
                int count = channel.read(target, at);
                if (count < 0) {
                    throw new EOFException(name + " ends at byte " + channel.size());
                }
                at += count;
            }
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                int count = channel.write(source, at);
                if (count <= 0) {
                    throw new FileSystemException(name, null, "nothing more could be written at byte " + at);
                }
                at += count;
            }
        }

        @Override
        public void force() throws IOException {
            // fdatasync: writes the size when it has changed, and spares the time stamps
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
