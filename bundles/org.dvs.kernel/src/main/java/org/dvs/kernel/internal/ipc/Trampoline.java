package org.dvs.kernel.internal.ipc;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs completions one after another on the thread that caused them. What one of them causes comes after it instead of inside
 * it, so that a thousand handlers that pass a message on need no deeper stack than one. A thread that is here for something else
 * is not kept by programs that go on causing each other's: a thread of the kernel does that.
 */
final class Trampoline {
    private static final Logger LOG = LoggerFactory.getLogger(Trampoline.class);
    /** Ends told in a row that the ones before have caused, on a thread that was here for something else, and on one of ours. */
    private static final int BORROWED = 64;
    private static final int OWN = 1024;
    private static final ThreadLocal<Trampoline> OF_THREAD = ThreadLocal.withInitial(Trampoline::new);

    /** Those whose programs have not been told, linked like those that come. */
    private Proc first;
    private Proc last;
    private boolean running;

    private Trampoline() {
    }

    /** @param ended the first of the list linked by {@link Proc#nextEnded}; their calls have ended */
    static void run(Proc ended) {
        run(ended, BORROWED);
    }

    private static void run(Proc ended, int budget) {
        Trampoline trampoline = null;
        for (Proc proc = ended; proc != null;) {
            Proc next = proc.nextEnded;
            proc.nextEnded = null;
            if (proc.done.inline) {
                proc.tell();
            } else {
                if (trampoline == null) {
                    trampoline = OF_THREAD.get();
                }
                trampoline.add(proc);
            }
            proc = next;
        }
        if (trampoline != null && !trampoline.running) {
            trampoline.drain(budget);
        }
    }

    /**
     * From now on, until {@link #letGo}, ends that this thread brings about are not told, as it has a lock that no program may
     * meet.
     *
     * @return null if they wait for something else anyway
     */
    static Trampoline hold() {
        Trampoline trampoline = OF_THREAD.get();
        if (trampoline.running) {
            return null;
        }
        trampoline.running = true;
        return trampoline;
    }

    /** Tells what has ended meanwhile. The thread keeps nothing: it may be anybody's, and outlive this bundle and its classes. */
    void letGo() {
        running = false;
        if (first != null) {
            drain(BORROWED);
        }
        OF_THREAD.remove();
    }

    private void add(Proc proc) {
        if (first == null) {
            first = proc;
        } else {
            last.nextEnded = proc;
        }
        last = proc;
    }

    /** @param budget how many it tells beyond those that are there now, which are bounded by what the thread has done */
    private void drain(int budget) {
        running = true;
        try {
            Proc given = last;
            for (int left = budget; first != null && left > 0;) {
                Proc proc = first;
                if (given == null) {
                    left--;
                } else if (given == proc) {
                    given = null;
                }
                first = proc.nextEnded;
                proc.nextEnded = null;
                if (first == null) {
                    last = null;
                }
                try {
                    proc.tell();
                } catch (RuntimeException | Error e) {
                    LOG.error("The program at endpoint {} of dc{} failed when it was told the end of a call", proc.endpoint,
                            proc.dc.settings.dcid(), e);
                }
            }
        } finally {
            running = false;
        }
        Proc rest = first;
        if (rest != null) {
            first = null;
            last = null;
            rest.dc.site.execute(() -> run(rest, OWN));
        }
    }
}
