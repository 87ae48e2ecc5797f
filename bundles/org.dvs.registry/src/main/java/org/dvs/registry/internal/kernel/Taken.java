package org.dvs.registry.internal.kernel;

import java.time.Duration;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.internal.Waiting;

/** Waits until this node's kernel has taken what was agreed, so that who asked for it finds it there. */
public final class Taken {

    /** Whether a kernel has what it should have. */
    @FunctionalInterface
    public interface Check {
        boolean holds(Kernel kernel);
    }

    private Taken() {
    }

    /**
     * Does nothing where no kernel runs: it will take it when it starts.
     *
     * @throws DvsException what the kernel refuses it for; {@code TIMEDOUT}; both say that it is agreed all the same
     */
    public static void by(LocalKernel local, Check check, Duration limit) throws DvsException, InterruptedException {
        DvsException why = new DvsException(ErrorCode.GENERIC, "it does not have it");
        try {
            Waiting.on(local.align(), limit, ErrorCode.TIMEDOUT, "this node's kernel");
        } catch (DvsException e) {
            // Perhaps for something else: what counts is what was asked for.
            why = e;
        }
        Kernel kernel;
        try {
            kernel = local.get();
        } catch (DvsException e) {
            return;
        }
        if (!check.holds(kernel)) {
            throw new DvsException(why.code(), "it is agreed and will be tried again, but this node's kernel has not taken it: "
                    + why.getMessage(), why);
        }
    }
}
