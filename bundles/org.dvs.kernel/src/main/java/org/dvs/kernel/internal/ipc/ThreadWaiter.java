package org.dvs.kernel.internal.ipc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

import org.dvs.api.ErrorCode;

/**
 * A thread that waits for the end of its call: it looks for a moment, as most answers come at once and waking a thread costs more
 * than all the rest, then sleeps.
 */
final class ThreadWaiter extends Ending {
    private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;
    /** Longest time to look before sleeping; with one processor nobody could answer meanwhile. */
    private static final long SPIN_NANOS = ALONE ? 0 : 20_000;
    private static final int SPINS_A_LOOK = 64;
    /** A thread that was given way to and took longer was not alone. */
    private static final long TURN_NANOS = 500_000;
    private static final int MOST_PASSING = 4_095;
    /** What a new one is. */
    private static final int WAITING = 0;
    private static final int ASLEEP = 1;
    private static final int ENDED = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ThreadWaiter.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Wakes since the last one that was given way to, and how many of them there have to be. Threads may miss each other's. */
    private static int passed;
    private static int passing;

    private final Thread thread = Thread.currentThread();
    private int rcode;
    private volatile int state;

    ThreadWaiter() {
        super(true);
    }

    @Override
    public void completed(int result) {
        rcode = result;
        if ((int) STATE.getAndSet(this, ENDED) == ASLEEP) {
            LockSupport.unpark(thread);
            if (ALONE) {
                giveWay();
            }
        }
    }

    /**
     * Lets the thread that was woken go first. What it says now is there when this thread goes on: a proxy's loop sends it with
     * the acknowledgement instead of after it, which takes a third off a round trip. Whoever yields gives up its turn, though:
     * where somebody else takes that, a busy process, it is not tried again for a while.
     */
    private static void giveWay() {
        if (passed < passing) {
            passed++;
            return;
        }
        long begin = System.nanoTime();
        Thread.yield();
        passed = 0;
        passing = System.nanoTime() - begin > TURN_NANOS ? Math.min(MOST_PASSING, 2 * passing + 1) : 0;
    }

    /**
     * Waits for the end of the call.
     *
     * @param timeoutMs below 0: without limit
     * @return the call's result; TIMEDOUT or INTR when this had it ended
     */
    int await(Proc caller, long timeoutMs) {
        if (state != ENDED && !spin(timeoutMs)) {
            sleep(caller, timeoutMs);
        }
        return rcode;
    }

    private boolean spin(long timeoutMs) {
        if (SPIN_NANOS == 0 || timeoutMs == 0) {
            return false;
        }
        long begin = System.nanoTime();
        do {
            for (int i = 0; i < SPINS_A_LOOK; i++) {
                if (state == ENDED) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - begin < SPIN_NANOS);
        return false;
    }

    private void sleep(Proc caller, long timeoutMs) {
        long deadline = System.nanoTime() + PairState.nanos(timeoutMs);
        boolean interrupted = false;
        boolean told = false;
        while (state != ENDED) {
            if (!STATE.compareAndSet(this, WAITING, ASLEEP) && state == ENDED) {
                // It ended before it could know that somebody is to be woken: nobody will be.
                break;
            }
            if (Thread.interrupted()) {
                // Taken each time, as no thread sleeps with it set.
                interrupted = true;
                if (!told) {
                    told = true;
                    caller.dc.expire(caller, serial(), ErrorCode.INTR.rcode());
                }
            } else if (timeoutMs < 0 || told) {
                LockSupport.park(this);
            } else {
                long left = deadline - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(this, left);
                } else {
                    told = true;
                    caller.dc.expire(caller, serial(), ErrorCode.TIMEDOUT.rcode());
                }
            }
            // Told, but a copy holds it still: that ends soon, and tells.
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
