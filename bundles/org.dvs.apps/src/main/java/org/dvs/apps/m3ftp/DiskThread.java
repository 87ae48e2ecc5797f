package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
    private final Force force;

    /** How a file's bytes get to the disk. */
    @FunctionalInterface
    interface Force {
        void force(FileChannel file) throws IOException;
    }

    DiskThread() {
        this(file -> file.force(false));
    }

    DiskThread(Force force) {
        this.force = force;
    }

    Future<Void> force(FileChannel file) {
        return behind(() -> {
            force.force(file);
            return null;
        });
    }

    /** Does something when the disk has, or has refused, all that it was asked for before. */
    Future<Void> behind(Callable<Void> task) {
        return thread.submit(task);
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

    /** @return false if that is not known within this time, or the thread is interrupted before, or was */
    static boolean isKnown(Future<Void> forcing, long withinMs) {
        try {
            forcing.get(withinMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @return true if the disk could not take it; false also if it was not asked, as the file had been closed before */
    static boolean refused(Future<Void> forcing) {
        try {
            await(forcing);
            return false;
        } catch (ClosedChannelException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
