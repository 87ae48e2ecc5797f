package org.dvs.registry.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;

/** Promises and never keeps. */
final class SilentState implements AgreedState {

    @Override
    public Optional<Entry> get(String key) {
        return Optional.empty();
    }

    @Override
    public SortedMap<String, Entry> list(String prefix) {
        return new TreeMap<>();
    }

    @Override
    public CompletableFuture<Long> commit(Change change) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<Void> sync() {
        return new CompletableFuture<>();
    }

    @Override
    public Duration age() {
        return Duration.ofSeconds(3);
    }

    @Override
    public AutoCloseable watch(String prefix, Watcher watcher) {
        return () -> { };
    }
}
