package org.dvs.kernel.internal;

import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a program of the container. */
final class ProgramThread {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramThread.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long END_WITHIN_MS = 2_000;

    private final Endpoint self;
    private final DvsProgram program;
    private final Thread thread;

    private ProgramThread(Endpoint self, DvsProgram program) {
        this.self = self;
        this.program = program;
        thread = new Thread(this::run, "dvs-program-" + self.name() + "-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
    }

    /** @return ends it: its calls end, its thread is interrupted */
    static Runnable start(Endpoint self, DvsProgram program) {
        ProgramThread running = new ProgramThread(self, program);
        running.thread.start();
        return running::end;
    }

    private void run() {
        try {
            program.run(self);
        } catch (InterruptedException e) {
            LOG.debug("{} was asked to end", self);
        } catch (Exception e) {
            if (!thread.isInterrupted()) {
                LOG.warn("{} has ended: {}", self, e.getMessage());
                LOG.debug("The program's end", e);
            }
        } finally {
            self.close();
        }
    }

    private void end() {
        thread.interrupt();
        self.close();
        try {
            thread.join(END_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} does not end; it can do no more in the kernel", self);
        }
    }
}
