package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * The files that clients have open, by handle. A client that goes without a word is found by its silence. Used by the server's
 * thread.
 */
final class OpenFiles implements AutoCloseable {
    static final int MAX = 64;
    private static final long IDLE_NANOS = 600_000_000_000L;
    private static final long CROWDED_NANOS = 60_000_000_000L;

    private final LongSupplier nanos;
    private final Map<Integer, OpenFile> files = new LinkedHashMap<>();
    private int lastHandle;

    OpenFiles(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @throws DvsException {@code NFILE} if as many as may be are open and in use */
    void room() throws DvsException {
        if (files.size() >= MAX) {
            closeSilent();
        }
        if (files.size() >= MAX) {
            throw new DvsException(ErrorCode.NFILE, MAX + " files are open");
        }
    }

    /**
     * Nobody else may write the file. What the same client has left open is closed.
     *
     * @throws DvsException {@code BUSY}
     */
    void onlyWriter(int owner, Path path) throws DvsException {
        for (Iterator<OpenFile> each = files.values().iterator(); each.hasNext();) {
            OpenFile file = each.next();
            if (!file.isWriting() || !file.path.equals(path)) {
                continue;
            }
            if (file.owner != owner && nanos.getAsLong() - file.usedNanos < CROWDED_NANOS) {
                throw new DvsException(ErrorCode.BUSY, "endpoint " + file.owner + " is writing '" + path.getFileName() + "'");
            }
            each.remove();
            drop(file);
        }
    }

    /** @return its handle */
    int add(OpenFile file) {
        file.usedNanos = nanos.getAsLong();
        files.put(++lastHandle, file);
        return lastHandle;
    }

    /** @throws DvsException {@code BADF} */
    OpenFile get(int handle, int owner) throws DvsException {
        OpenFile file = files.get(handle);
        if (file == null || file.owner != owner) {
            throw new DvsException(ErrorCode.BADF, "handle " + handle + " of endpoint " + owner);
        }
        file.usedNanos = nanos.getAsLong();
        return file;
    }

    void remove(int handle) {
        files.remove(handle);
    }

    void closeIdle() {
        closeIdle(IDLE_NANOS);
    }

    /**
     * Closes sooner what a client has left open, as another one needs its room on the disk.
     *
     * @return false if there is none
     */
    boolean closeSilent() {
        return closeIdle(CROWDED_NANOS);
    }

    private boolean closeIdle(long limit) {
        long now = nanos.getAsLong();
        return files.values().removeIf(file -> {
            boolean idle = now - file.usedNanos >= limit;
            if (idle) {
                drop(file);
            }
            return idle;
        });
    }

    /** What has come of it stays, for another attempt. */
    private static void drop(OpenFile file) {
        try {
            file.close(false);
        } catch (IOException | DvsException e) {
            // Nothing of it was promised to anybody.
            return;
        }
    }

    @Override
    public void close() {
        files.values().forEach(OpenFiles::drop);
        files.clear();
    }
}
