package org.dvs.dispatcher.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import org.dvs.dispatcher.internal.agent.Workers;
import org.dvs.testkit.SimulatedNode;

/** Workers without threads: a task takes its time first, then runs in one go. */
final class SimulatedWorkers implements Workers {
    private final SimulatedNode node;
    private final Random random;
    private final int size;
    private final int maxQueued;
    private final long maxNanos;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private int busy;

    /** @param maxNanos that a task takes at the most */
    SimulatedWorkers(SimulatedNode node, Random random, int size, int maxQueued, long maxNanos) {
        this.node = node;
        this.random = random;
        this.size = size;
        this.maxQueued = maxQueued;
        this.maxNanos = maxNanos;
    }

    @Override
    public boolean submit(Runnable task) {
        if (queue.size() >= maxQueued) {
            return false;
        }
        queue.add(task);
        takeNext();
        return true;
    }

    private void takeNext() {
        if (busy < size && !queue.isEmpty()) {
            busy++;
            Runnable task = queue.remove();
            // Now and then a task takes far too long.
            long takes = random.nextInt(20) == 0 ? maxNanos * 10 : random.nextLong(maxNanos);
            node.after(takes, () -> {
                task.run();
                busy--;
                takeNext();
            });
        }
    }

    @Override
    public void remove(Runnable task) {
        queue.remove(task);
    }

    @Override
    public boolean replaceLost() {
        throw new AssertionError("no task is ever seen running, so none can hang");
    }

    @Override
    public void cameBack() {
        throw new AssertionError("none was lost");
    }
}
