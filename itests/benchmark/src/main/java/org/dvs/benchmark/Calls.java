package org.dvs.benchmark;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.IpcException;

/** Calls of several programs at the same time, each of which begins its next one when its last has ended. */
final class Calls {
    private static final long WAIT_S = 120;

    private final AtomicInteger left;
    private final CountDownLatch programs;
    private volatile int failure;

    /** One program's. */
    @FunctionalInterface
    interface Call {
        void begin(Completion done);
    }

    private Calls(int count, int programs) {
        left = new AtomicInteger(count);
        this.programs = new CountDownLatch(programs);
    }

    /** @param count of all together. @throws IpcException for the first that failed */
    static void make(int count, List<Call> programs) throws IpcException, InterruptedException {
        Calls calls = new Calls(count, programs.size());
        programs.forEach(calls::next);
        if (!calls.programs.await(WAIT_S, TimeUnit.SECONDS)) {
            throw new IpcException(ErrorCode.TIMEDOUT, "calls are left: " + calls.left);
        }
        if (calls.failure < 0) {
            throw IpcException.of(calls.failure, "a call of the benchmark");
        }
    }

    private void next(Call program) {
        if (left.getAndDecrement() <= 0) {
            programs.countDown();
            return;
        }
        program.begin(rcode -> {
            if (rcode < 0) {
                failure = rcode;
                left.set(0);
            }
            next(program);
        });
    }
}
