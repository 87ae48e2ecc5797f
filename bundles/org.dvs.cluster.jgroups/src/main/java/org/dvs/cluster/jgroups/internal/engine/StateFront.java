package org.dvs.cluster.jgroups.internal.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;

/**
 * The agreed state as users hold it, from before its log is open until after it has failed. Before: empty, and changes are
 * refused with {@code NOTREADY}. When the log could not be opened at all, with the reason. Thread-safe.
 */
final class StateFront implements AgreedState {
    private final List<Watch> early = new ArrayList<>();
    private volatile AgreedState state;
    private volatile DvsException failure;

    /** A watch that was asked for before there was anything to watch. */
    private final class Watch implements AutoCloseable {
        final String prefix;
        final Watcher watcher;
        AutoCloseable real;

        Watch(String prefix, Watcher watcher) {
            this.prefix = prefix;
            this.watcher = watcher;
        }

        @Override
        public void close() throws Exception {
            AutoCloseable close;
            synchronized (early) {
                early.remove(this);
                close = real;
            }
            if (close != null) {
                close.close();
            }
        }
    }

    void open(AgreedState opened) {
        synchronized (early) {
            state = opened;
            early.forEach(watch -> watch.real = opened.watch(watch.prefix, watch.watcher));
            early.clear();
        }
    }

    /** From now on changes fail with this. */
    void fail(DvsException why) {
        failure = why;
    }

    @Override
    public Optional<Entry> get(String key) {
        AgreedState now = state;
        return now == null ? Optional.empty() : now.get(key);
    }

    @Override
    public SortedMap<String, Entry> list(String prefix) {
        AgreedState now = state;
        return now == null ? new TreeMap<>() : now.list(prefix);
    }

    @Override
    public CompletableFuture<Long> commit(Change change) {
        Optional<DvsException> refusal = refusal();
        return refusal.isPresent() ? CompletableFuture.failedFuture(refusal.get()) : state.commit(change);
    }

    @Override
    public CompletableFuture<Void> sync() {
        Optional<DvsException> refusal = refusal();
        return refusal.isPresent() ? CompletableFuture.failedFuture(refusal.get()) : state.sync();
    }

    private Optional<DvsException> refusal() {
        DvsException why = failure;
        if (why != null) {
            return Optional.of(new DvsException(why.code(), why.getMessage(), why));
        }
        return state != null ? Optional.empty()
                : Optional.of(new DvsException(ErrorCode.NOTREADY, "this node has not joined the cluster yet"));
    }

    @Override
    public Duration age() {
        AgreedState now = state;
        return now == null ? NEVER : now.age();
    }

    @Override
    public AutoCloseable watch(String prefix, Watcher watcher) {
        synchronized (early) {
            if (state != null) {
                return state.watch(prefix, watcher);
            }
            Watch watch = new Watch(prefix, watcher);
            early.add(watch);
            return watch;
        }
    }
}
