package org.dvs.proxy.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.osgi.service.component.annotations.Component;

/**
 * Which pairs an operator has drained or disconnected, by id. It has no settings, so it stays when the proxies are made anew, as
 * theirs have been changed, and ends with the bundle. Thread-safe.
 */
@Component(service = Drained.class, immediate = true)
public final class Drained {
    private final Set<Integer> pairs = ConcurrentHashMap.newKeySet();

    void add(int id) {
        pairs.add(id);
    }

    void remove(int id) {
        pairs.remove(id);
    }

    boolean contains(int id) {
        return pairs.contains(id);
    }
}
