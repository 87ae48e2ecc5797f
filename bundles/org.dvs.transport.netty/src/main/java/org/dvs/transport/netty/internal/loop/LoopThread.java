package org.dvs.transport.netty.internal.loop;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.dvs.transport.api.Loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

/** One thread, and a coarse clock for the deadlines of what it serves: nothing on the way of a frame asks for the time. */
public final class LoopThread implements Loop {
    /** How coarse the clock is. */
    public static final int TICK_MS = 100;

    private static final int MAX_TASKS = 65_536;

    private final SpinningLoop netty;
    private final Spin spin;
    private final Set<Ticked> ticked = new LinkedHashSet<>();
    private ScheduledFuture<?> ticker;
    private final CoarseClock clock = new CoarseClock(readClock());

    /** Something with deadlines. */
    @FunctionalInterface
    public interface Ticked {
        /** Called on the loop about every {@link #TICK_MS}. @param nowMs as {@link LoopThread#nowMs} */
        void tick(long nowMs);
    }

    LoopThread(ThreadFactory threads, SocketKind kind, long spinMicros) {
        spin = new Spin(spinMicros, System::nanoTime);
        netty = new SpinningLoop(threads, kind.handlers(spin), spin);
    }

    public EventLoop netty() {
        return netty;
    }

    /** Counts from the next time on that there was work. */
    public void spin(long micros) {
        spin.spin(micros);
    }

    /** Milliseconds of a {@link CoarseClock}; old by up to {@link #TICK_MS}. On the loop, and while something is ticked. */
    public long nowMs() {
        return clock.now();
    }

    /** As {@link #nowMs}, and not old: for what begins after something that may have held up the loop. On the loop. */
    public long readMs() {
        return clock.read(readClock());
    }

    /** On the loop. */
    public void add(Ticked one) {
        if (ticker == null) {
            readMs();
            ticker = netty.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        }
        ticked.add(one);
    }

    /** On the loop. */
    public void remove(Ticked one) {
        ticked.remove(one);
        if (ticked.isEmpty() && ticker != null) {
            ticker.cancel(false);
            ticker = null;
        }
    }

    private void tick() {
        long nowMs = readMs();
        for (Ticked each : ticked.toArray(new Ticked[0])) {
            each.tick(nowMs);
        }
    }

    private static long readClock() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public boolean here() {
        return netty.inEventLoop();
    }

    @Override
    public boolean execute(Runnable task) {
        if (netty.pendingTasks() >= MAX_TASKS) {
            return false;
        }
        return executeAlways(task);
    }

    /** For the transport's own tasks, whose number is bounded by the connections. @return false if the loop has ended */
    public boolean executeAlways(Runnable task) {
        try {
            netty.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public Timer schedule(Runnable task, long delay, TimeUnit unit) {
        try {
            ScheduledFuture<?> future = netty.schedule(task, delay, unit);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> true;
        }
    }
}
