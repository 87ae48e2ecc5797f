package org.dvs.transport.netty.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.dvs.transport.api.ClosedDoor;
import org.dvs.transport.api.Transport;

/** What was asked for in vain, as long as somebody wants it. Thread-safe. */
final class ClosedDoors {
    private record Asked(ClosedDoor door, long nanos) {
    }

    private final Map<String, Asked> asked = new ConcurrentHashMap<>();
    private final LongSupplier clock;

    /** @param clock nanoseconds, as of {@link System#nanoTime} */
    ClosedDoors(LongSupplier clock) {
        this.clock = clock;
    }

    void add(ClosedDoor door) {
        asked.put(door.name(), new Asked(door, clock.getAsLong()));
    }

    /** It is open. */
    void remove(String name) {
        asked.remove(name);
    }

    List<ClosedDoor> all() {
        long now = clock.getAsLong();
        asked.values().removeIf(each -> now - each.nanos() > TimeUnit.MILLISECONDS.toNanos(Transport.CLOSED_DOOR_MS));
        return asked.values().stream().map(Asked::door).sorted(Comparator.comparing(ClosedDoor::name)).toList();
    }
}
