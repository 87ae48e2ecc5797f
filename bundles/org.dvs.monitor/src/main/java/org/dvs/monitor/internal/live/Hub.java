package org.dvs.monitor.internal.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import jakarta.servlet.AsyncContext;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.monitor.internal.model.Json;

/** Sends what happens to every open page, as server-sent events. Thread-safe; never blocks. */
public final class Hub implements AutoCloseable {
    /** Events that may wait for one page. */
    static final int QUEUE = 256;
    private static final byte[] BEAT = frame("beat", Map.of());
    /** What a browser does when the stream breaks: it tries again after so many milliseconds. */
    private static final byte[] RETRY = "retry: 1000\n\n".getBytes(StandardCharsets.UTF_8);

    private final int most;
    private final Set<Subscriber> pages = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    /** @param most pages at once */
    public Hub(int most) {
        this.most = most;
    }

    /** What everybody hears. */
    public static final String ALL = "";

    /** One stream, for who has something to tell it alone. */
    public interface Page {
        /** Dropped if the browser has gone. */
        void tell(String event, Object tree);

        /** Ends the stream behind what has been told. */
        void end();
    }

    /**
     * Takes over a request.
     *
     * @param session key of the session it belongs to
     * @param topic   what it hears of: {@link #ALL}, or a name that somebody publishes under
     * @throws DvsException {@code AGAIN} when there are too many, or when the console stops
     */
    public Page open(String session, AsyncContext context, String topic) throws DvsException, IOException {
        if (closed || count.incrementAndGet() > most) {
            if (!closed) {
                count.decrementAndGet();
            }
            context.complete();
            throw new DvsException(ErrorCode.AGAIN, most + " pages are open; maxPages in org.dvs.monitor.cfg");
        }
        Subscriber[] self = new Subscriber[1];
        Subscriber page = new Subscriber(session, topic, context, context.getResponse().getOutputStream(), QUEUE, () -> {
            if (pages.remove(self[0])) {
                count.decrementAndGet();
            }
        });
        self[0] = page;
        pages.add(page);
        page.offer(RETRY);
        context.getResponse().getOutputStream().setWriteListener(page);
        if (closed) {
            page.close();
        }
        return new Page() {
            @Override
            public void tell(String event, Object tree) {
                page.offer(frame(event, tree));
            }

            @Override
            public void end() {
                page.end();
            }
        };
    }

    /** @return true if nobody looks */
    public boolean isIdle() {
        return pages.isEmpty();
    }

    /** @return true if somebody hears of that */
    boolean hasListeners(String topic) {
        return pages.stream().anyMatch(page -> page.topic().equals(topic));
    }

    /** Pages open. */
    public int size() {
        return pages.size();
    }

    /** @param event name of a JavaScript event */
    public void publish(String event, Object tree) {
        publish(ALL, event, tree);
    }

    void publish(String topic, String event, Object tree) {
        List<Subscriber> listeners = pages.stream().filter(page -> page.topic().equals(topic)).toList();
        if (!listeners.isEmpty()) {
            byte[] frame = frame(event, tree);
            listeners.forEach(page -> page.offer(frame));
        }
    }

    /** Only writing shows that a browser has gone, and to the browser that this node has not. */
    void beat() {
        pages.forEach(page -> page.offer(BEAT));
    }

    /** Tells pages whose session has ended, and ends their stream. */
    public void expire(Predicate<String> open) {
        for (Subscriber page : pages) {
            if (!open.test(page.session())) {
                page.offer(frame("ended", Map.of()));
                page.close();
            }
        }
    }

    private static byte[] frame(String event, Object tree) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        // JSON has no line ends of its own here, so one line of data holds it.
        frame.writeBytes(("event: " + event + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        frame.writeBytes(Json.bytes(tree));
        frame.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        return frame.toByteArray();
    }

    @Override
    public void close() {
        closed = true;
        pages.forEach(Subscriber::close);
    }
}
