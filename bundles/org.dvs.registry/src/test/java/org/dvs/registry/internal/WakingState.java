package org.dvs.registry.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;

/** The state of a node that has just started: it has nothing and knows nobody, until it is woken and is that of the others. */
final class WakingState implements AgreedState {
    private final AgreedState others;
    private volatile boolean awake;

    WakingState(AgreedState others) {
        this.others = others;
    }

    void wake() {
        awake = true;
    }

    private static <T> CompletableFuture<T> notReady() {
        return CompletableFuture.failedFuture(new DvsException(ErrorCode.NOTREADY, "this node has not joined the cluster yet"));
    }

    @Override
    public Optional<Entry> get(String key) {
        return awake ? others.get(key) : Optional.empty();
    }

    @Override
    public SortedMap<String, Entry> list(String prefix) {
        return awake ? others.list(prefix) : new TreeMap<>();
    }

    @Override
    public CompletableFuture<Long> commit(Change change) {
        return awake ? others.commit(change) : notReady();
    }

    @Override
    public CompletableFuture<Void> sync() {
        return awake ? others.sync() : notReady();
    }

    @Override
    public Duration age() {
        return awake ? others.age() : NEVER;
    }

    @Override
    public AutoCloseable watch(String prefix, Watcher watcher) {
        return () -> { };
    }
}
