package org.dvs.dispatcher.internal;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What happened and is no answer to anybody. Thread-safe. */
public final class Counters {

    /** What is counted. */
    public enum Event {
        /** Bytes that are no message. */
        MALFORMED,
        /** Messages whose sender is not the node that they name. */
        IMPOSTOR,
        /** Replies after the end of their job or node, or to nobody. */
        LATE_REPLY,
        /** Requests that came again and were not executed again. */
        DUPLICATE,
        /** Requests refused because a queue was full. */
        REFUSED,
        /** Requests called off by their requester or with it. */
        CALLED_OFF,
        /** Handlers that ran into their deadline. */
        HANDLER_TIMEOUT,
        /** Handlers that failed as they should not. */
        HANDLER_DEFECT,
        /** Threads that did not react to their interruption. */
        STUCK_WORKER,
        /** Messages that could not be sent. */
        SEND_FAILURE,
        /** Deliveries dropped because the loop was behind for too long. */
        OVERRUN,
        /** Listeners of jobs that threw. */
        LISTENER_DEFECT
    }

    private final Map<Event, AtomicLong> counts = new EnumMap<>(Event.class);

    public Counters() {
        for (Event event : Event.values()) {
            counts.put(event, new AtomicLong());
        }
    }

    /** @return how often by now */
    public long count(Event event) {
        return counts.get(event).incrementAndGet();
    }

    public long of(Event event) {
        return counts.get(event).get();
    }

    /** @return true if the n-th of its kind belongs into the log: the first ten, then one in a thousand */
    public static boolean worthLogging(long nth) {
        return nth <= 10 || nth % 1000 == 0;
    }
}
