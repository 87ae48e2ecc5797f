package org.dvs.cluster.jgroups.internal.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A folder in memory that can lose what was not forced, run full, refuse a force, and be damaged. What survives a loss of power:
 * forced content; of unforced writes any part, in 512-byte sectors; of unforced renames and deletions a prefix.
 */
public final class FaultyStorage implements Storage {
    private static final int SECTOR = 512;

    /** A file's bytes now, and what was written since its last force. */
    private static final class Content {
        private byte[] now = new byte[0];
        private byte[] safe = new byte[0];

        Content copySafe(Random random) {
            Content copy = new Content();
            copy.now = Arrays.copyOf(safe, random == null || random.nextBoolean() ? safe.length : now.length);
            if (random != null) {
                for (int at = 0; at < Math.min(now.length, copy.now.length); at += SECTOR) {
                    if (random.nextBoolean()) {
                        System.arraycopy(now, at, copy.now, at, Math.min(SECTOR, Math.min(now.length, copy.now.length) - at));
                    }
                }
            }
            copy.safe = copy.now.clone();
            return copy;
        }
    }

    private final Map<String, Content> files = new TreeMap<>();
    private Map<String, Content> safeFolder = new HashMap<>();
    private final List<Map<String, Content>> unforcedFolders = new ArrayList<>();
    private int operations;
    private int failAt = Integer.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;
    private boolean failForce;
    private int forces;

    /** Each change is an operation; the one with this number, and all after it, fail as if the machine were gone. */
    public void stopBefore(int operation) {
        failAt = operation;
    }

    public int operations() {
        return operations;
    }

    public int forces() {
        return forces;
    }

    /** All files together may grow by this much more; what goes beyond is written as far as it fits, then fails. */
    public void fullAfter(long bytes) {
        capacity = files.values().stream().mapToLong(content -> content.now.length).sum() + bytes;
    }

    /** Every write fails after this many further bytes, even where the file has its size already. Any thread. */
    public void failWritesAfter(long bytes) {
        synchronized (files) {
            writable = bytes;
        }
    }

    private long writable = Long.MAX_VALUE;

    public void failForce(boolean fail) {
        failForce = fail;
    }

    /** @param random decides what of the unforced survives; null: nothing does */
    public FaultyStorage afterPowerLoss(Random random) {
        FaultyStorage after = new FaultyStorage();
        Map<String, Content> folder = safeFolder;
        if (random != null && !unforcedFolders.isEmpty()) {
            int kept = random.nextInt(unforcedFolders.size() + 1);
            folder = kept == 0 ? safeFolder : unforcedFolders.get(kept - 1);
        }
        folder.forEach((name, content) -> after.files.put(name, content.copySafe(random)));
        after.safeFolder = new HashMap<>(after.files);
        return after;
    }

    /** As it is now, all of it durable. */
    public FaultyStorage copy() {
        FaultyStorage copy = new FaultyStorage();
        files.forEach((name, content) -> copy.put(name, content.now.clone()));
        return copy;
    }

    public byte[] bytes(String name) {
        return files.get(name).now;
    }

    public void put(String name, byte[] bytes) {
        Content content = new Content();
        content.now = bytes;
        content.safe = bytes.clone();
        files.put(name, content);
        safeFolder.put(name, content);
    }

    private void change() throws IOException {
        if (operations++ >= failAt) {
            throw new IOException("the machine is gone");
        }
    }

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public File create(String name) throws IOException {
        change();
        files.put(name, new Content());
        unforcedFolders.add(new HashMap<>(files));
        return new MemoryFile(name, files.get(name));
    }

    @Override
    public File open(String name) throws IOException {
        if (!files.containsKey(name)) {
            throw new NoSuchFileException(name);
        }
        return new MemoryFile(name, files.get(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        change();
        files.put(to, files.remove(from));
        unforcedFolders.add(new HashMap<>(files));
    }

    @Override
    public void delete(String name) throws IOException {
        change();
        files.remove(name);
        unforcedFolders.add(new HashMap<>(files));
    }

    @Override
    public void forceFolder() throws IOException {
        change();
        forced();
        safeFolder = new HashMap<>(files);
        unforcedFolders.clear();
    }

    private void forced() throws IOException {
        forces++;
        if (failForce) {
            throw new IOException("Input/output error");
        }
    }

    @Override
    public String describe() {
        return "memory";
    }

    @Override
    public void close() {
        // nothing is held
    }

    private final class MemoryFile implements File {
        private final String name;
        private final Content content;

        MemoryFile(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public long size() {
            return content.now.length;
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            if (position + target.remaining() > content.now.length) {
                throw new EOFException(name);
            }
            target.put(content.now, (int) position, target.remaining());
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            change();
            long others = files.values().stream().mapToLong(file -> file.now.length).sum() - content.now.length;
            boolean grows = position + source.remaining() > content.now.length;
            long room = grows ? Math.max(0, capacity - others - position) : Long.MAX_VALUE;
            int length;
            synchronized (files) {
                length = (int) Math.min(Math.min(writable, room), source.remaining());
                writable -= writable == Long.MAX_VALUE ? 0 : length;
            }
            if (position + length > content.now.length) {
                content.now = Arrays.copyOf(content.now, (int) position + length);
            }
            source.get(content.now, (int) position, length);
            if (source.hasRemaining()) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void force() throws IOException {
            change();
            forced();
            content.safe = content.now.clone();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
