package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.SendSignal;
import org.dvs.helper.api.Signal;
import org.dvs.helper.target.Target;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;

/** Sends signals through the helper and sees what becomes of the processes. Any thread. */
final class Killing {
    private static final Set<Signal> ENDING = EnumSet.of(Signal.HUP, Signal.INT, Signal.QUIT, Signal.ABRT, Signal.KILL,
            Signal.TERM);
    private static final long LOOK_MS = 10;
    /** What KILL is given: only a process in the middle of a transfer takes longer. */
    private static final long KILLED_MS = 2_000;

    /** What became of one process. Used by one thread. */
    static final class Fate {
        private final Target target;
        private DvsException refused;
        private String state = "sent";

        Fate(Target target) {
            this.target = target;
        }

        Target target() {
            return target;
        }

        /** Null if nothing was. */
        DvsException refused() {
            return refused;
        }

        String state() {
            return state;
        }

        private void refuse(DvsException why) {
            refused = why;
            state = "refused";
        }

        private boolean open() {
            return refused == null && !state.equals("ended") && !state.equals("killed");
        }
    }

    private final IntToLongFunction starts;
    private final Helper helper;
    private final long self = ProcessHandle.current().pid();

    Killing(Path root, Helper helper) {
        this.starts = pid -> new ProcessTable(root, new UserNames(root)).startTicks(pid);
        this.helper = helper;
    }

    Fate begin(Target target, Signal signal) throws InterruptedException {
        Fate fate = new Fate(target);
        try {
            if (target.pid() == 1 || target.pid() == self || target.pid() == helper.pid()) {
                throw new DvsException(ErrorCode.PERM, "process " + target.pid() + " is "
                        + (target.pid() == 1 ? "the machine's first" : "part of this node"));
            }
            helper.ask(new SendSignal(target.pid(), target.start(), signal));
        } catch (DvsException e) {
            fate.refuse(e);
        }
        return fate;
    }

    /** @param force KILL what has not ended by then */
    void watch(List<Fate> fates, Signal signal, long waitMs, boolean force) throws InterruptedException {
        if (waitMs > 0 && ENDING.contains(signal)) {
            look(fates, waitMs, "ended");
            fates.stream().filter(Fate::open).forEach(fate -> fate.state = "running");
        }
        if (force && fates.stream().anyMatch(Fate::open)) {
            for (Fate fate : fates) {
                if (fate.open()) {
                    kill(fate);
                }
            }
            look(fates, KILLED_MS, "killed");
        }
    }

    private void kill(Fate fate) throws InterruptedException {
        try {
            helper.ask(new SendSignal(fate.target.pid(), fate.target.start(), Signal.KILL));
        } catch (DvsException e) {
            if (e.code() == ErrorCode.SRCH) {
                // It ended by itself in this very moment.
                fate.state = "ended";
            } else {
                fate.refuse(e);
            }
        }
    }

    private void look(List<Fate> fates, long limitMs, String state) throws InterruptedException {
        Semaphore never = new Semaphore(0);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (true) {
            for (Fate fate : fates) {
                if (fate.open() && starts.applyAsLong(fate.target.pid()) != fate.target.start()) {
                    fate.state = state;
                }
            }
            if (fates.stream().noneMatch(Fate::open) || System.nanoTime() > deadline) {
                return;
            }
            never.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }
}
