package org.dvs.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

import org.dvs.cluster.api.Receiver;

/** What waits on one node for channels to be opened, the newest {@value #MAX_MESSAGES} of it. Thread-safe. */
final class Unopened {
    private static final int MAX_MESSAGES = 1_024;

    private record Waiting(String channel, Consumer<Receiver> message) {
    }

    private final Queue<Waiting> waiting = new ArrayDeque<>();

    synchronized void add(String channel, Consumer<Receiver> message) {
        waiting.add(new Waiting(channel, message));
        if (waiting.size() > MAX_MESSAGES) {
            waiting.remove();
        }
    }

    /** Takes out what waits for a channel, oldest first. */
    synchronized List<Consumer<Receiver>> take(String channel) {
        List<Consumer<Receiver>> taken = new ArrayList<>();
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext();) {
            Waiting each = all.next();
            if (each.channel().equals(channel)) {
                all.remove();
                taken.add(each.message());
            }
        }
        return taken;
    }
}
