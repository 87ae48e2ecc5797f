package org.dvs.cluster.api;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

import org.osgi.annotation.versioning.ProviderType;

/**
 * State that all nodes agree on and that survives their restarts: a map of keys to versioned bytes, changed by conditional
 * transactions. The state lives in the engine, below the bundles that use it, so a bundle can be replaced and finds it again.
 *
 * <p><b>Consistency.</b> {@link #commit} is linearizable: acknowledged when a majority has it on disk and it has been applied
 * here. {@link #get} and {@link #list} read what this node has applied, which may lag; {@link #sync} first makes them
 * linearizable. {@link #age} says how old the local state may be.
 * <p><b>Minority.</b> Without a majority {@code commit} and {@code sync} fail with {@code NOTREADY} before anything was
 * proposed, or with {@code UNKNOWNOUTCOME} if the majority was lost in between.
 * <p>Keys are paths such as {@code dvs/node/0}: at most 256 characters; a value at most 512 KiB, a change at most 1 MiB, all
 * values together at most 64 MiB. Futures complete one after another on one thread: what hangs on them must not block.
 * Thread-safe.
 */
@ProviderType
public interface AgreedState {
    /** {@link #age} of a node that never knew that it had all that was agreed: what it has may be old, or not all. */
    Duration NEVER = Duration.ofDays(365_000);

    /**
     * A value and when it was written.
     *
     * @param value   the caller's to keep
     * @param version of the change that wrote it, 1 or more; grows with every change to the whole state
     */
    record Entry(byte[] value, long version) {
    }

    Optional<Entry> get(String key);

    /** Entries whose key starts with {@code prefix}, by key. A snapshot. */
    SortedMap<String, Entry> list(String prefix);

    /**
     * Applies a change at once and for all nodes, if all its conditions hold.
     *
     * @return completes with the version of the change; exceptionally with a {@link org.dvs.api.DvsException}:
     *         {@code CONFLICT} when a condition does not hold, {@code NOTREADY}, {@code UNKNOWNOUTCOME}, {@code TOOBIG},
     *         {@code INVAL} for an empty key, {@code AGAIN} when too many changes wait already, {@code STOPPED}
     */
    CompletableFuture<Long> commit(Change change);

    /** Completes when everything agreed before this call is applied here; exceptionally as {@link #commit}. */
    CompletableFuture<Void> sync();

    /** How long ago this node last knew that it had all that was agreed; {@link #NEVER} if it never knew since it started. */
    Duration age();

    /**
     * Hears changes of keys with this prefix, on one thread, in order, after they were applied here; first, once, all entries
     * that are there. A watcher that falls too far behind hears the newest value of each key instead of every value in between.
     *
     * @return stops it
     */
    AutoCloseable watch(String prefix, Watcher watcher);

    /** Hears changes. */
    @FunctionalInterface
    interface Watcher {
        /** @param entry the new one, or empty if the key was removed */
        void changed(String key, Optional<Entry> entry);
    }
}
