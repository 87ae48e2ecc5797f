package org.dvs.kernel.internal.ipc;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs completions one after another on the thread that caused them. What one of them causes comes after it instead of inside
 * it, so that a thousand handlers that pass a message on need no deeper stack than one.
 */
final class Trampoline {
    private static final Logger LOG = LoggerFactory.getLogger(Trampoline.class);
    private static final ThreadLocal<Trampoline> OF_THREAD = ThreadLocal.withInitial(Trampoline::new);

    /** Those whose programs have not been told, linked like those that come. */
    private Proc first;
    private Proc last;
    private boolean running;

    private Trampoline() {
    }

    /** @param ended the first of the list linked by {@link Proc#nextEnded}; their calls have ended */
    static void run(Proc ended) {
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
            trampoline.drain();
        }
    }

    private void add(Proc proc) {
        if (first == null) {
            first = proc;
        } else {
            last.nextEnded = proc;
        }
        last = proc;
    }

    private void drain() {
        running = true;
        try {
            while (first != null) {
                Proc proc = first;
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
    }
}
