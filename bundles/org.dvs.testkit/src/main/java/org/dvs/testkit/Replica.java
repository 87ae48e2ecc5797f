package org.dvs.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState.Entry;
import org.dvs.cluster.api.AgreedState.Watcher;
import org.dvs.cluster.api.Change;

/** One node's copy of the agreed map with its watchers. Thread-safe; watchers hear changes in order, one at a time. */
final class Replica {
    private static final int MAX_KEY = 256;
    private static final int MAX_VALUE = 512 * 1024;
    private static final int MAX_CHANGE = 1024 * 1024;

    private record Watch(String prefix, Watcher watcher) {
    }

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final SerialRunner notices = new SerialRunner();
    private long version;

    /** @throws DvsException {@code TOOBIG}, {@code INVAL} for an empty key */
    static void checkLimits(Change change) throws DvsException {
        long total = 0;
        for (Map.Entry<String, Optional<byte[]>> write : change.writes().entrySet()) {
            int size = write.getValue().map(value -> value.length).orElse(0);
            total += write.getKey().length() + size;
            if (write.getKey().isEmpty()) {
                throw new DvsException(ErrorCode.INVAL, "an empty key");
            }
            if (write.getKey().length() > MAX_KEY || size > MAX_VALUE || total > MAX_CHANGE) {
                throw new DvsException(ErrorCode.TOOBIG, "'" + write.getKey() + "' with " + size + " bytes");
            }
        }
    }

    /** @throws DvsException {@code CONFLICT} naming the key whose version is another */
    synchronized void checkConditions(Change change) throws DvsException {
        for (Map.Entry<String, Long> condition : change.conditions().entrySet()) {
            Entry entry = entries.get(condition.getKey());
            long actual = entry == null ? 0 : entry.version();
            if (actual != condition.getValue()) {
                throw new DvsException(ErrorCode.CONFLICT,
                        condition.getKey() + " has version " + actual + ", expected " + condition.getValue());
            }
        }
    }

    /** @return the version of the change */
    long apply(Change change) {
        List<Runnable> told = new ArrayList<>();
        long now;
        synchronized (this) {
            now = ++version;
            change.writes().forEach((key, value) -> {
                Optional<Entry> entry = value.map(bytes -> new Entry(bytes.clone(), now));
                if (entry.isPresent()) {
                    entries.put(key, entry.get());
                } else if (entries.remove(key) == null) {
                    return;
                }
                told.add(() -> watches.stream().filter(watch -> key.startsWith(watch.prefix()))
                        .forEach(watch -> watch.watcher().changed(key, entry.map(Replica::copy))));
            });
        }
        told.forEach(notices::execute);
        return now;
    }

    synchronized Optional<Entry> get(String key) {
        return Optional.ofNullable(entries.get(key)).map(Replica::copy);
    }

    synchronized SortedMap<String, Entry> list(String prefix) {
        SortedMap<String, Entry> found = new TreeMap<>();
        for (Map.Entry<String, Entry> entry : entries.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            found.put(entry.getKey(), copy(entry.getValue()));
        }
        return found;
    }

    AutoCloseable watch(String prefix, Watcher watcher) {
        Watch watch = new Watch(prefix, watcher);
        notices.execute(() -> {
            SortedMap<String, Entry> there;
            synchronized (this) {
                there = list(prefix);
                watches.add(watch);
            }
            there.forEach((key, entry) -> watcher.changed(key, Optional.of(entry)));
        });
        return () -> watches.remove(watch);
    }

    private static Entry copy(Entry entry) {
        return new Entry(entry.value().clone(), entry.version());
    }
}
