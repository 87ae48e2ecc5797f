package org.dvs.kernel.internal.ipc;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The commands of one DC that wait at one proxy pair, in their order. Guarded by the lock of the DC, which whoever sends or takes
 * one has anyway; the one lane of a pair for what is of no DC is guarded by the pair's.
 */
final class Lane {
    /** Null for what is of no DC. */
    final Container dc;
    final PairState pair;
    /** Whether the pair knows that there is something in it, or whoever takes from it will look again. */
    boolean announced;
    /** Answers that wait in it before the pair is told: usually it never is, and lanes do not disturb each other. */
    private static final int TOLD_EVERY = 64;

    private Outbound first;
    private Outbound last;
    private int answers;
    private int toldAnswers;
    /** Read without the lock, by those who list pairs. */
    private final AtomicInteger size = new AtomicInteger();

    Lane(Container dc, PairState pair) {
        this.dc = dc;
        this.pair = pair;
    }

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size.get();
    }

    void add(Outbound outbound) {
        outbound.lane = this;
        outbound.previous = last;
        if (last == null) {
            first = outbound;
        } else {
            last.next = outbound;
        }
        last = outbound;
        count(outbound, 1);
    }

    /** @return the oldest, taken out; null if there is none */
    Outbound poll() {
        Outbound oldest = first;
        if (oldest != null) {
            remove(oldest);
        }
        return oldest;
    }

    /** @param outbound one that is in it */
    void remove(Outbound outbound) {
        if (outbound.previous == null) {
            first = outbound.next;
        } else {
            outbound.previous.next = outbound.next;
        }
        if (outbound.next == null) {
            last = outbound.previous;
        } else {
            outbound.next.previous = outbound.previous;
        }
        outbound.previous = null;
        outbound.next = null;
        outbound.lane = null;
        count(outbound, -1);
    }

    /** Only the lock's holder writes, so nothing is to be waited for. */
    private void count(Outbound outbound, int more) {
        size.lazySet(size.getPlain() + more);
        if (outbound.isAnswer()) {
            answers += more;
            if (Math.abs(answers - toldAnswers) >= TOLD_EVERY) {
                pair.answers().changed(answers - toldAnswers);
                toldAnswers = answers;
            }
        }
    }
}
