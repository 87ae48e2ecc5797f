package org.dvs.proxy.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.dvs.proxy.internal.frame.Fault;
import org.osgi.service.component.annotations.Component;

/**
 * Which pairs an operator has drained or disconnected, by id. It has no settings, so it stays when the proxies are made anew, as
 * theirs have been changed, and ends with the bundle. Thread-safe.
 */
@Component(service = Drained.class, immediate = true)
public final class Drained {
    private final Map<Integer, Fault> pairs = new ConcurrentHashMap<>();

    /** @param why {@link Fault#DRAINED} or {@link Fault#DISCONNECTED}; of two wishes the first one stays what it was */
    void add(int id, Fault why) {
        pairs.putIfAbsent(id, why);
    }

    void remove(int id) {
        pairs.remove(id);
    }

    /** @return null for a pair that is neither */
    Fault why(int id) {
        return pairs.get(id);
    }
}
