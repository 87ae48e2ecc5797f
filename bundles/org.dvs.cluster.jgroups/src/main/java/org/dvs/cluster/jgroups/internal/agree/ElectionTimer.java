package org.dvs.cluster.jgroups.internal.agree;

import java.util.function.LongUnaryOperator;

/**
 * Says when this node's turn to call an election has come. The voters take their turns in the order of the view, so that as a rule
 * one of them stands alone; an election that nobody has won is called again after a while that chance decides. One thread.
 */
final class ElectionTimer {
    private static final long MILLI = 1_000_000;
    /** The first voter of the view calls after this time without a leader, and each next one after another while. */
    static final long LISTEN_NANOS = 300 * MILLI;
    static final long NEXT_NANOS = 400 * MILLI;
    /** An election that nobody has won is called again after once to twice this time. */
    static final long RETRY_NANOS = 400 * MILLI;

    /**
     * How things stand.
     *
     * @param term   the current one
     * @param led    whether a leader is known
     * @param may    whether this node may lead, and a majority of the voters is in its view
     * @param before voters that come before it in the view
     * @param alone  whether it is the only voter, and there is nobody else who may know of a leader
     */
    record Situation(long term, boolean led, boolean may, int before, boolean alone) {
        /** There is a leader, so that nothing else counts. */
        static Situation led(long term) {
            return new Situation(term, true, false, 0, false);
        }
    }

    private final LongUnaryOperator random;
    private boolean led;
    private boolean waiting;
    private long callAt;
    private long termSeen;

    /** @param random a number from 0 to below the one given */
    ElectionTimer(LongUnaryOperator random) {
        this.random = random;
    }

    /** True if a leader was known when this was asked last. */
    boolean led() {
        return led;
    }

    /** Whether to call an election now. @param now of a clock that only goes on, nanoseconds */
    boolean due(long now, Situation situation) {
        boolean hadLeader = led;
        led = situation.led;
        if (led || !situation.may) {
            waiting = false;
        } else if (!waiting || situation.term != termSeen) {
            // those who have just lost a leader know that there is none; others first listen whether one is heard
            long listen = hadLeader || situation.alone ? 0 : LISTEN_NANOS;
            callAt = now + listen + NEXT_NANOS * situation.before;
            waiting = true;
        }
        termSeen = situation.term;
        return waiting && now - callAt >= 0;
    }

    /** It was called. @param term the one that it has led to */
    void called(long now, long term) {
        callAt = now + RETRY_NANOS + random.applyAsLong(RETRY_NANOS);
        termSeen = term;
    }
}
