package org.dvs.config.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Configuration Admin as a map; remembers what was done to it. */
final class MapStore implements Store {
    final Map<String, Map<String, Object>> all = new TreeMap<>();
    final Set<String> ours = new HashSet<>();
    final List<String> done = new ArrayList<>();
    boolean broken;

    @Override
    public Set<String> published() {
        return Set.copyOf(ours);
    }

    @Override
    public Optional<Map<String, Object>> get(String pid) {
        return Optional.ofNullable(all.get(pid));
    }

    @Override
    public void put(String pid, Map<String, Object> properties) throws IOException {
        if (broken) {
            throw new IOException("disk full");
        }
        done.add("put " + pid);
        ours.add(pid);
        all.put(pid, Map.copyOf(properties));
    }

    @Override
    public void remove(String pid) {
        done.add("remove " + pid);
        ours.remove(pid);
        all.remove(pid);
    }
}
