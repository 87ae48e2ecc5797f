package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Brings files to the disk while more of them comes: at the end of a large one little is left to be waited for, and what waits in
 * the system's memory for a slow disk does not grow without bound. Thread-safe.
 */
final class DiskThread implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "dvs-m3ftp-disk");
        made.setDaemon(true);
        return made;
    });

    Future<Void> force(FileChannel file) {
        return thread.submit(() -> {
            file.force(false);
            return null;
        });
    }

    /**
     * @throws InterruptedIOException before that was known
     * @throws IOException            why it is not on the disk
     */
    static void await(Future<Void> forcing) throws IOException {
        try {
            forcing.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw new IOException("the disk could not be waited for", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
