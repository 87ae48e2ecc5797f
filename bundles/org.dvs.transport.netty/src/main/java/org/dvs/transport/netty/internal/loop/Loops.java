package org.dvs.transport.netty.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.transport.api.Loop;

import io.netty.util.concurrent.FastThreadLocalThread;

/** The threads of a transport, started when first used. Thread-safe. */
public final class Loops {
    /**
     * A thread without a quiet period ends right after its last tasks: sockets that these opened, or all of them if it was busy
     * when it was told, would be closed by nobody. With one it looks after its sockets again after each task.
     */
    private static final long QUIET_MS = 1;

    private final List<LoopThread> all;
    private final AtomicInteger next = new AtomicInteger();

    public Loops(SocketKind kind, int threads, long spinMicros) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory named = task -> {
            // Of Netty's kind, as its caches of buffers are found faster there.
            Thread thread = new FastThreadLocalThread(task, "dvs-transport-loop-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        List<LoopThread> made = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            made.add(new LoopThread(named, kind, spinMicros));
        }
        all = List.copyOf(made);
    }

    public List<LoopThread> all() {
        return all;
    }

    /** @param wanted one of {@link #all}, or null for any. @throws IllegalArgumentException for the loop of another transport */
    public LoopThread choose(Loop wanted) {
        if (wanted == null) {
            return all.get(Math.floorMod(next.getAndIncrement(), all.size()));
        }
        if (wanted instanceof LoopThread loop && all.contains(loop)) {
            return loop;
        }
        throw new IllegalArgumentException("the loop is of another transport");
    }

    /** @param micros see {@link Spin} */
    public void spin(long micros) {
        all.forEach(each -> each.spin(micros));
    }

    /** Ends the threads. @return whether they had ended in time */
    public boolean close(long timeoutMs) throws InterruptedException {
        all.forEach(each -> each.netty().shutdownGracefully(QUIET_MS, timeoutMs, TimeUnit.MILLISECONDS));
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        boolean ended = true;
        for (LoopThread each : all) {
            ended &= each.netty().awaitTermination(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        return ended;
    }
}
