package org.dvs.security.internal.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;

import org.dvs.api.DvsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the chain once, at the node's start, for what was done to the files while it was down. On a thread of its own that
 * gives way to others and ends with the answer, over the newest files that hold together not much more than so many bytes.
 */
final class StartCheck implements Closeable {
    /** What the files may hold by default. */
    static final long MOST_BYTES = 512L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);
    private static final int MOST_TRIES = 3;

    private final AuditTrail trail;
    private final long mostBytes;
    private final Thread thread;

    StartCheck(AuditTrail trail, long mostBytes) {
        this.trail = trail;
        this.mostBytes = mostBytes;
        this.thread = new Thread(this::check, "dvs-security-audit-check-1");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    private void check() {
        try {
            for (int i = 0; i < MOST_TRIES; i++) {
                Head head = trail.flushed();
                Verifier.Finding found = new Verifier(trail.folder(), head, from(trail.folder(), mostBytes)).verify();
                // The oldest file may have gone, as it should, while it was read.
                if (found.problem().isEmpty() || trail.flushed().first() == head.first()) {
                    if (!found.problem().isEmpty()) {
                        trail.damaged(found);
                    }
                    return;
                }
            }
            LOG.warn("The audit could not be looked through at the start: its oldest files went meanwhile");
        } catch (DvsException | IOException e) {
            LOG.warn("The audit could not be looked through at the start: {}", e.getMessage());
        } catch (InterruptedException e) {
            // The node stops.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The audit could not be looked through at the start", e);
        }
    }

    /** Number of the line to begin with. */
    static long from(Folder folder, long mostBytes) throws IOException {
        NavigableMap<Long, Path> files = folder.files();
        long bytes = 0;
        for (Map.Entry<Long, Path> each : files.descendingMap().entrySet()) {
            bytes += Files.size(each.getValue());
            if (bytes > mostBytes) {
                return each.getKey();
            }
        }
        return 1;
    }

    boolean done() {
        return !thread.isAlive();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
