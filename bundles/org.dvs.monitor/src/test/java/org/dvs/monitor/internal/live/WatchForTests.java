package org.dvs.monitor.internal.live;

import java.time.Duration;
import java.util.function.LongSupplier;

import org.dvs.api.dispatch.Dispatcher;

/** Looks around when it is told to, and every five seconds of a made-up clock at the tables. */
public final class WatchForTests implements AutoCloseable {
    private final Watch watch;

    public WatchForTests(Dispatcher dispatcher, Hub hub, LongSupplier nanoTime) {
        watch = new Watch(dispatcher, hub, session -> true, Duration.ofSeconds(5), nanoTime);
    }

    public void tick() {
        watch.tick();
    }

    @Override
    public void close() {
        watch.close();
    }
}
