package org.dvs.apps.m3ftp;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Digests blocks while the next ones are on their way: in a node's JVM, which has the first compiler only, SHA-256 takes as long
 * as a network of 1 Gbit/s. For one thread; the digests are this class's between {@link #add} and {@link #await}.
 */
final class DigestThread implements AutoCloseable {
    /** One that is digested and one that waits; whoever brings a third waits, too. */
    private static final int BLOCKS = 2;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "dvs-m3ftp-digest");
        made.setDaemon(true);
        return made;
    });
    private final Semaphore free = new Semaphore(BLOCKS);
    private final ByteBuffer[] blocks = new ByteBuffer[BLOCKS];
    private int next;

    /** @param block from position to limit, taken before this returns; at most {@link Wire#MAX_BLOCK} bytes */
    void add(MessageDigest digest, ByteBuffer block) {
        free.acquireUninterruptibly();
        if (blocks[next] == null) {
            blocks[next] = ByteBuffer.allocateDirect(Wire.MAX_BLOCK);
        }
        // They are done in the order in which they came, so the one that became free is the oldest.
        ByteBuffer copy = blocks[next].clear().put(block.duplicate()).flip();
        next = (next + 1) % BLOCKS;
        thread.execute(() -> {
            try {
                digest.update(copy);
            } finally {
                free.release();
            }
        });
    }

    /** Waits until all that was added is in its digest. */
    void await() {
        free.acquireUninterruptibly(BLOCKS);
        free.release(BLOCKS);
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
