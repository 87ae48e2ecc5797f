package org.dvs.cluster.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A transaction on the {@link AgreedState}: conditions and writes, all or nothing. Not thread-safe while being built.
 */
public final class Change {
    private final Map<String, Long> conditions = new LinkedHashMap<>();
    private final Map<String, Optional<byte[]>> writes = new LinkedHashMap<>();

    /** Applies only if the key has this version; 0 stands for absent. */
    public Change expect(String key, long version) {
        conditions.put(key, version);
        return this;
    }

    public Change expectAbsent(String key) {
        return expect(key, 0);
    }

    public Change put(String key, byte[] value) {
        writes.put(key, Optional.of(value.clone()));
        return this;
    }

    public Change remove(String key) {
        writes.put(key, Optional.empty());
        return this;
    }

    /** Key to version expected. */
    public Map<String, Long> conditions() {
        return conditions;
    }

    /** Key to new value, empty for removal, in the order given. */
    public Map<String, Optional<byte[]>> writes() {
        return writes;
    }
}
