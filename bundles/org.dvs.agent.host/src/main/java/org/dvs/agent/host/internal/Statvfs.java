package org.dvs.agent.host.internal;

import java.io.IOException;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Structure;

/** statvfs(3) itself, which tells about inodes; by way of JNA. */
final class Statvfs implements SpaceReader {

    /** {@code struct statvfs} of 64-bit Linux, the same for glibc and musl and for every processor. */
    @Structure.FieldOrder({"blockSize", "fragmentSize", "blocks", "free", "available", "files", "freeFiles", "availableFiles",
        "id", "flags", "longestName", "spare"})
    public static final class Result extends Structure {
        public long blockSize;
        public long fragmentSize;
        public long blocks;
        public long free;
        public long available;
        public long files;
        public long freeFiles;
        public long availableFiles;
        public long id;
        public long flags;
        public long longestName;
        public int[] spare = new int[6];
    }

    /** @throws LinkageError where the native part of JNA cannot be loaded, or on another than 64-bit Linux */
    Statvfs() {
        if (Native.LONG_SIZE != 8) {
            throw new UnsatisfiedLinkError("struct statvfs is known for 64 bits only");
        }
        Native.register(Statvfs.class, "c");
    }

    @Override
    public Space read(String target) throws IOException {
        Result result = new Result();
        try {
            statvfs(target, result);
        } catch (LastErrorException e) {
            throw new IOException("statvfs: errno " + e.getErrorCode(), e);
        }
        long unit = result.fragmentSize;
        boolean inodes = result.files > 0;
        return new Space(result.blocks * unit, result.free * unit, result.available * unit,
                inodes ? result.files : -1, inodes ? result.freeFiles : -1);
    }

    private static native int statvfs(String path, Result result) throws LastErrorException;
}
