package org.dvs.agent.host.internal;

import java.io.IOException;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * statvfs(3) itself, which tells about inodes; by way of JNA. No class of ours is made known to JNA: it would keep a
 * {@code Structure} or a registered class for ever, and with it all classes of a replaced version of this bundle.
 *
 * <pre>
 * struct statvfs of 64-bit Linux, the same for glibc and musl and for every processor; places of eight bytes
 *   0 bsize  1 frsize  2 blocks  3 bfree  4 bavail  5 files  6 ffree  7 favail  8 fsid  9 flag  10 namemax  11..13 spare
 * </pre>
 */
final class Statvfs implements SpaceReader {
    private static final int WORDS = 14;
    private static final int FRAGMENT_SIZE = 1;
    private static final int BLOCKS = 2;
    private static final int FREE = 3;
    private static final int AVAILABLE = 4;
    private static final int FILES = 5;
    private static final int FREE_FILES = 6;

    private final Function statvfs;

    /** @throws LinkageError where the native part of JNA cannot be loaded, or on another than 64-bit Linux */
    Statvfs() {
        if (Native.LONG_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError("struct statvfs is known for 64 bits only");
        }
        statvfs = NativeLibrary.getInstance("c").getFunction("statvfs", Function.THROW_LAST_ERROR);
    }

    @Override
    public Space read(String target) throws IOException {
        try (Memory result = new Memory(WORDS * Long.BYTES)) {
            statvfs.invokeInt(new Object[] {target, result});
            long unit = word(result, FRAGMENT_SIZE);
            boolean inodes = word(result, FILES) > 0;
            return new Space(word(result, BLOCKS) * unit, word(result, FREE) * unit, word(result, AVAILABLE) * unit,
                    inodes ? word(result, FILES) : -1, inodes ? word(result, FREE_FILES) : -1);
        } catch (LastErrorException e) {
            throw new IOException("statvfs: errno " + e.getErrorCode(), e);
        }
    }

    private static long word(Memory struct, int index) {
        return struct.getLong((long) index * Long.BYTES);
    }
}
