package org.dvs.cluster.jgroups.internal.log;

import java.io.IOException;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before all that touches the storage. The first step that fails closes it for good: after a failed force nobody knows
 * what is on disk, so nothing is retried. One thread at a time; {@link #failure} from any.
 */
final class Fence {
    private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

    /** Something on the storage. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException;
    }

    /** The same, without a result. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    private final String where;
    private final Consumer<DvsException> listener;
    private volatile DvsException failure;

    /**
     * @param where    the storage, as it describes itself
     * @param listener hears the first failure, once, on the thread that met it
     */
    Fence(String where, Consumer<DvsException> listener) {
        this.where = where;
        this.listener = listener;
    }

    /** Null while all went well. Any thread. */
    DvsException failure() {
        return failure;
    }

    /** @throws LogFencedException if this step failed, or one before it */
    <T> T call(Step<T> step) {
        if (failure != null) {
            throw new LogFencedException(failure);
        }
        try {
            return step.run();
        } catch (IOException | RuntimeException e) {
            failure = reason(where, e);
            LOG.error("The agreed log stops for good: {}", failure.getMessage());
            LOG.debug("Met here", e);
            listener.accept(failure);
            throw new LogFencedException(failure);
        }
    }

    /** As {@link #call}. */
    void run(Action action) {
        call(() -> {
            action.run();
            return null;
        });
    }

    /** What an operator is told of a failure. */
    static DvsException reason(String where, Exception e) {
        String text = where + ": " + e.getMessage();
        ErrorCode code = ErrorCode.IO;
        if (e instanceof LogDamagedException) {
            code = ErrorCode.LOGDAMAGED;
        } else if (e instanceof LogBusyException) {
            code = ErrorCode.RSCBUSY;
        } else if (text.contains("No space left") || text.contains("quota exceeded")) {
            code = ErrorCode.NOSPC;
        }
        return new DvsException(code, text, e);
    }
}
