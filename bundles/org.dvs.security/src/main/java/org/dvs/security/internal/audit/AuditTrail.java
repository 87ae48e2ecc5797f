package org.dvs.security.internal.audit;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit of this node. What must be written before something is done is written on the caller's thread and forced to the disk;
 * what has been done is written by {@code dvs-security-audit-1}, in the order in which it came. Thread-safe.
 */
final class AuditTrail implements Audit, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final int WAITING = 4096;
    /** A disk that hangs longer than this counts as one that cannot be written. */
    private static final long PATIENCE_MS = 5_000;
    private static final long RETRY_MS = 1_000;
    /** All files are looked at so often: with the next line after a second, and without one. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * @param reads  true if requests that only read are kept too
     * @param hourly lines of refusals, and as many of reads, that one user may have in an hour
     * @param limits of the files
     */
    record Settings(boolean reads, int hourly, Chain.Limits limits) {
    }

    private final Folder folder;
    private final Clock clock;
    private final BlockingQueue<AuditEntry> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Semaphore work = new Semaphore(0);
    private final AtomicLong lost = new AtomicLong();
    private final Budget budget;
    private final AuditCounts counts = new AuditCounts();
    /** Fair: who waits for as long as a slow disk takes for one line must not wait for all lines of those who came later. */
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Thread writer;
    private volatile Settings settings;
    private volatile boolean stopped;
    private volatile boolean closing;
    private final LongSupplier nanoTime;
    private volatile String trouble = "";
    private volatile long lookedNanos;
    private Chain chain;
    private boolean failing;

    AuditTrail(Folder folder, Clock clock, Settings settings) {
        this(folder, clock, System::nanoTime, settings);
    }

    AuditTrail(Folder folder, Clock clock, LongSupplier nanoTime, Settings settings) {
        this.budget = new Budget(nanoTime);
        this.nanoTime = nanoTime;
        this.lookedNanos = nanoTime.getAsLong();
        this.folder = folder;
        this.clock = clock;
        this.settings = settings;
        writer = new Thread(this::writeOn, "dvs-security-audit-1");
        writer.setDaemon(true);
        writer.start();
    }

    void configure(Settings changed) {
        settings = changed;
    }

    @Override
    public void before(AuditEntry entry) throws DvsException {
        locked(() -> {
            look();
            writeWaiting();
            chain().append(Entries.fields(entry), true, settings.limits());
            return null;
        });
        counts.taken(entry);
    }

    @Override
    public void after(AuditEntry entry) {
        Settings now = settings;
        boolean kept = entry.changes() || !entry.allowed() || now.reads();
        boolean refused = entry.step() == AuditEntry.Step.REFUSED;
        // What was done is never only counted; who may do nothing comes by refusals and reads alone.
        if (kept && (entry.changes() && !refused || budget.take(entry.caller().user(), refused, now.hourly()))) {
            if (waiting.offer(entry)) {
                counts.taken(entry);
            } else {
                lost.incrementAndGet();
                counts.lost();
            }
            work.release();
        }
    }

    /** @return the head, when everything that came before this call is in the files */
    Head flushed() throws DvsException {
        return locked(() -> {
            look();
            writeWaiting();
            return chain().head();
        });
    }

    /** What was found wrong with the lines that were there at the start; nothing new if it is known that something is. */
    void damaged(Verifier.Finding found) throws DvsException {
        locked(() -> {
            if (chain().trouble().isEmpty()) {
                chain().damaged(found.place() + found.problem(), settings.limits());
            }
            return null;
        });
    }

    /** Looks at the files if nobody has for a second; under the lock. */
    private void look() throws IOException {
        if (nanoTime.getAsLong() - lookedNanos >= LOOK_NANOS) {
            lookedNanos = nanoTime.getAsLong();
            chain().look(settings.limits());
        }
    }

    @Override
    public Optional<String> trouble() {
        return Optional.of(trouble).filter(text -> !text.isEmpty());
    }

    Folder folder() {
        return folder;
    }

    AuditCounts counts() {
        return counts;
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T locked(Work<T> work) throws DvsException {
        try {
            if (!lock.tryLock(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                throw new DvsException(ErrorCode.NOAUDIT, "the disk of " + folder.path() + " does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DvsException(ErrorCode.INTR, "interrupted before it was written to the audit", e);
        }
        try {
            T result = work.run();
            if (failing) {
                failing = false;
                LOG.info("The audit in {} can be written again", folder.path());
            }
            return result;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                LOG.error("The audit in {} cannot be written; until it can, nothing that changes something is done: {}",
                        folder.path(), e.toString());
            }
            throw new DvsException(ErrorCode.NOAUDIT, folder.path() + ": " + e.getMessage(), e);
        } finally {
            if (chain != null) {
                trouble = chain.trouble();
            }
            lock.unlock();
        }
    }

    private Chain chain() throws IOException {
        if (chain == null) {
            if (stopped) {
                throw new IOException("this node stops");
            }
            chain = new Chain(folder, clock);
        }
        return chain;
    }

    private void writeWaiting() throws IOException {
        List<AuditEntry> entries = new ArrayList<>();
        waiting.drainTo(entries);
        int written = 0;
        long sums = 0;
        try {
            long missing = lost.get();
            if (missing > 0) {
                chain().append(Entries.lost(missing), false, settings.limits());
                lost.addAndGet(-missing);
            }
            for (Budget.Sum sum : budget.due(closing)) {
                sums += sum.refusals() + sum.reads();
                chain().append(Entries.summed(sum), false, settings.limits());
                sums = 0;
            }
            for (AuditEntry entry : entries) {
                chain().append(Entries.fields(entry), false, settings.limits());
                written++;
            }
        } finally {
            lost.addAndGet(entries.size() - written + sums);
        }
    }

    private void writeOn() {
        while (!stopped) {
            try {
                boolean came = work.tryAcquire(RETRY_MS, TimeUnit.MILLISECONDS);
                work.drainPermits();
                if (came || lost.get() > 0 || budget.exceeded() || nanoTime.getAsLong() - lookedNanos >= LOOK_IDLE_NANOS) {
                    flushed();
                }
            } catch (InterruptedException e) {
                return;
            } catch (DvsException e) {
                LOG.debug("Lines of the audit wait: {}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("Lines of the audit could not be written", e);
            }
        }
    }

    /** Writes what waits and ends the thread; 5 s at the most. */
    @Override
    public void close() {
        closing = true;
        try {
            flushed();
        } catch (DvsException e) {
            LOG.error("The last lines of the audit are not written: {}", e.getMessage());
        }
        stopped = true;
        writer.interrupt();
        try {
            locked(() -> {
                if (chain != null) {
                    chain.close();
                    chain = null;
                }
                return null;
            });
        } catch (DvsException e) {
            LOG.warn("The audit's file could not be closed: {}", e.getMessage());
        }
    }
}
