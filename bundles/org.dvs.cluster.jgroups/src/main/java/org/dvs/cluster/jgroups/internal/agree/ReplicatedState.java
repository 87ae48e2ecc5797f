package org.dvs.cluster.jgroups.internal.agree;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agreed state of one group on this node: what its replica applies, and what its users see of it. */
final class ReplicatedState implements AgreedState, Machine {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedState.class);

    private final Proposals proposals;
    private final Watches watches;
    private final LongSupplier clock;
    private KeyedState state = new KeyedState();
    private volatile boolean everFresh;
    private volatile long freshAt;

    ReplicatedState(Proposals proposals, Watches watches, LongSupplier clock) {
        this.proposals = proposals;
        this.watches = watches;
        this.clock = clock;
    }

    @Override
    public Optional<Entry> get(String key) {
        return Optional.ofNullable(watches.contents().get(key)).map(Watches::entry);
    }

    @Override
    public SortedMap<String, Entry> list(String prefix) {
        SortedMap<String, Entry> entries = new TreeMap<>();
        watches.contents().forEach(prefix, (key, value) -> entries.put(key, Watches.entry(value)));
        return entries;
    }

    @Override
    public CompletableFuture<Long> commit(Change change) {
        try {
            return proposals.propose(Commands.encode(change));
        } catch (DvsException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<Void> sync() {
        return proposals.propose(null).thenApply(version -> null);
    }

    @Override
    public Duration age() {
        return everFresh ? Duration.ofNanos(Math.max(0, clock.getAsLong() - freshAt)) : NEVER;
    }

    @Override
    public AutoCloseable watch(String prefix, Watcher watcher) {
        return watches.add(prefix, watcher);
    }

    // ------------------------------------------------------------------------------------------- what the replica's thread does

    @Override
    public void apply(byte[] command, int offset, int length) {
        Optional<KeyedState.Applied> applied = state.apply(command, offset, length);
        if (applied.isEmpty()) {
            LOG.warn("A command of {} bytes is not understood; it changes nothing, here as on all nodes", length);
            return;
        }
        if (!applied.get().events().isEmpty()) {
            watches.publish(state.contents(), applied.get().events());
        }
        proposals.applied(applied.get());
    }

    @Override
    public void termBegan(long term) {
        proposals.termBegan(term);
    }

    @Override
    public void notProposed(long number) {
        proposals.notProposed(number);
    }

    @Override
    public ByteBuffer snapshot() {
        return state.snapshot();
    }

    @Override
    public void restore(ByteBuffer whole) throws DvsException {
        state = KeyedState.restore(whole);
        watches.publish(state.contents(), null);
        proposals.overtaken();
    }

    @Override
    public void freshAt(long nanos) {
        if (!everFresh || nanos - freshAt > 0) {
            freshAt = nanos;
            everFresh = true;
        }
    }
}
