package org.dvs.cluster.jgroups.internal.agree;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watcher … */
class WatchesTest {
    private final Watches watches = new Watches("dvs-test-watch-");
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private SortedTree<KeyedState.Value> contents = SortedTree.empty();
    private long version;

    @AfterEach
    void close() {
        watches.close();
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("dvs-test-watch-")));
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("dvs-test-watch-")));
    }

    private void put(String key) {
        KeyedState.Value value = new KeyedState.Value(new byte[] {1}, ++version);
        contents = contents.with(key, value);
        watches.publish(contents, List.of(new KeyedState.Event(key, value)));
    }

    private void remove(String key) {
        contents = contents.without(key);
        watches.publish(contents, List.of(new KeyedState.Event(key, null)));
    }

    private AutoCloseable watch(String prefix) {
        return watches.add(prefix, (key, entry) -> heard.add(key + entry.map(e -> " " + e.version()).orElse(" -")));
    }

    @Test
    void hearsWhatIsThereAndThenEachChangeInOrder() throws Exception {
        put("a/1");
        put("b/1");
        put("a/0");
        try (AutoCloseable watch = watch("a/")) {
            await().until(() -> heard.size() == 2);
            assertEquals(List.of("a/1 1", "a/0 3"), heard, "in the order in which they were written");
            put("a/1");
            remove("a/0");
            put("b/2");
            put("a/2");
            await().until(() -> heard.size() == 5);
            assertEquals(List.of("a/1 4", "a/0 -", "a/2 6"), heard.subList(2, 5));
        }
        put("a/9");
        assertEquals(5, heard.size(), "nothing after closing");
    }

    @Test
    void isBroughtUpToDateWhenItIsTooSlow() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        Map<String, Long> known = new TreeMap<>();
        put("gone");
        watches.add("", (key, entry) -> {
            began.countDown();
            try {
                slow.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            synchronized (known) {
                if (entry.isPresent()) {
                    known.put(key, entry.get().version());
                } else {
                    known.remove(key);
                }
                heard.add(key);
            }
        });
        assertTrue(began.await(20, TimeUnit.SECONDS));
        for (int i = 0; i < 3 * Watches.QUEUE; i++) {
            put("key" + i % 10);
        }
        remove("gone");
        slow.countDown();
        await().untilAsserted(() -> {
            synchronized (known) {
                assertEquals(10, known.size());
                contents.forEach("", (key, value) -> assertEquals(value.version(), known.get(key)));
            }
        });
        assertTrue(heard.size() < 2 * Watches.QUEUE, "only the newest of each: " + heard.size());
        put("next");
        await().until(() -> heard.get(heard.size() - 1).equals("next"));
    }

    @Test
    void goesOnAfterItHasThrown() {
        List<String> calls = new ArrayList<>();
        watches.add("", (key, entry) -> {
            calls.add(key);
            throw new IllegalStateException("thrown by the test");
        });
        put("a");
        put("b");
        await().until(() -> calls.size() == 2);
    }
}
