package org.dvs.cluster.jgroups.internal.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A registered node … */
class RegistrationTest {
    private static final Member LOCAL = new Member(1, "node1");
    private static final String EXPELLED = NodeTable.EXPELLED + 1;

    /** A state in which this node is expelled, which the first times nobody can vouch for. */
    private static final class Expelled implements AgreedState {
        final AtomicInteger syncs = new AtomicInteger();
        private final int failing;

        Expelled(int failing) {
            this.failing = failing;
        }

        @Override
        public Optional<Entry> get(String key) {
            return Optional.ofNullable(list("").get(key));
        }

        @Override
        public SortedMap<String, Entry> list(String prefix) {
            return new TreeMap<>(Map.of(EXPELLED, new Entry(new byte[0], 1)));
        }

        @Override
        public CompletableFuture<Long> commit(Change change) {
            return CompletableFuture.completedFuture(1L);
        }

        @Override
        public CompletableFuture<Void> sync() {
            return syncs.incrementAndGet() > failing ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(new DvsException(ErrorCode.NOTREADY, "no leader"));
        }

        @Override
        public Duration age() {
            return Duration.ZERO;
        }

        @Override
        public AutoCloseable watch(String prefix, Watcher watcher) {
            if (prefix.equals(EXPELLED)) {
                watcher.changed(EXPELLED, get(EXPELLED));
            }
            return () -> {
            };
        }
    }

    @Test
    @Tag("R-CMD-12")
    void leavesWhenItWasExpelledThoughThatIsNotKnownForCertainAtOnce() {
        Expelled state = new Expelled(2);
        StateFront front = new StateFront();
        front.open(state);
        Registrar registrar = new Registrar(LOCAL, front, () -> new View(1, List.of(LOCAL), 1, true), Optional::empty);
        List<ErrorCode> left = new CopyOnWriteArrayList<>();
        ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
        try {
            new Registration(LOCAL, "127.0.0.1:1", front, registrar, ticker, () -> false, why -> left.add(why.code())).begin();
            await().atMost(Duration.ofSeconds(20)).until(() -> !left.isEmpty());
            assertEquals(List.of(ErrorCode.NONODE), left);
            assertEquals(3, state.syncs.get());
        } finally {
            ticker.shutdownNow();
        }
    }
}
