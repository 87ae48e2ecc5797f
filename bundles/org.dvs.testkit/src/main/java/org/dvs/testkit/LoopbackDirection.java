package org.dvs.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.ProxyPair;

/**
 * One way of a {@link KernelLoopback}: from the sender of one pair to the receiver of the other. Thread-safe; commands are put in
 * one at a time and in order, and without a lock that others need, so that programs may run meanwhile.
 */
final class LoopbackDirection {
    private final ProxyPair from;
    private final ProxyPair to;
    private final Object turn = new Object();
    private final Queue<ByteBuffer> inFlight = new ArrayDeque<>();
    private final List<Integer> delivered = new ArrayList<>();
    private Command last;
    private boolean holding;

    LoopbackDirection(ProxyPair from, ProxyPair to) {
        this.from = from;
        this.to = to;
    }

    /** @return commands that arrived */
    int move() {
        synchronized (turn) {
            int moved = 0;
            take();
            for (Command next = next(); next != null; next = next()) {
                to.put2lcl(next);
                moved++;
                take();
            }
            return moved;
        }
    }

    private void take() {
        Command command = new Command();
        while (from.poll(command)) {
            ByteBuffer bytes = WireCopy.write(command);
            synchronized (inFlight) {
                inFlight.add(bytes);
            }
        }
    }

    private Command next() {
        synchronized (inFlight) {
            ByteBuffer bytes = holding ? null : inFlight.poll();
            if (bytes == null) {
                return null;
            }
            last = WireCopy.read(bytes.duplicate());
            delivered.add(last.code);
            return WireCopy.read(bytes);
        }
    }

    void hold(boolean on) {
        synchronized (inFlight) {
            holding = on;
        }
    }

    int held() {
        synchronized (inFlight) {
            return inFlight.size();
        }
    }

    void drop() {
        synchronized (inFlight) {
            inFlight.clear();
        }
    }

    List<Integer> takeDelivered() {
        synchronized (inFlight) {
            List<Integer> taken = List.copyOf(delivered);
            delivered.clear();
            return taken;
        }
    }

    Command last() {
        synchronized (inFlight) {
            return last;
        }
    }
}
