package org.dvs.security.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

/** The limit of failures … */
class FailureLimitTest {
    private final AtomicLong seconds = new AtomicLong(1_000);
    private final FailureLimit limit = new FailureLimit(3, () -> TimeUnit.SECONDS.toNanos(seconds.get()));

    @Test
    void isReachedByTheLastAllowedFailureOfAKeyAndOfNoOther() {
        limit.failed("a");
        limit.failed("a");
        assertFalse(limit.exceeded("a"));
        limit.failed("a");
        assertTrue(limit.exceeded("a"));
        assertFalse(limit.exceeded("b"));
    }

    @Test
    void slidesWithTheClock() {
        limit.failed("a");
        seconds.addAndGet(30);
        limit.failed("a");
        limit.failed("a");
        seconds.addAndGet(29);
        assertTrue(limit.exceeded("a"));
        seconds.addAndGet(1);
        assertFalse(limit.exceeded("a"), "the first failure is a minute old");
        limit.failed("a");
        assertTrue(limit.exceeded("a"));
    }

    @Test
    void forgetsAKeyThatSucceeds() {
        limit.failed("a");
        limit.failed("a");
        limit.succeeded("a");
        limit.failed("a");
        assertFalse(limit.exceeded("a"));
    }

    @Test
    void keepsItsTableBounded() {
        limit.failed("first");
        for (int i = 0; i < FailureLimit.MAX_KEYS + 5; i++) {
            limit.failed("key" + i);
        }
        assertEquals(FailureLimit.MAX_KEYS, limit.size());
    }

    @Test
    void holdsNothingOfAKeyWhoseFailuresAreOld() {
        limit.failed("a");
        seconds.addAndGet(61);
        assertFalse(limit.exceeded("a"));
        assertEquals(0, limit.size());
    }

    @Test
    void forgetsKeysThatNobodyAsksForAnyMoreAMinuteAfterTheirLastFailure() {
        limit.failed("old");
        limit.failed("again");
        seconds.addAndGet(30);
        limit.failed("again");
        seconds.addAndGet(30);
        limit.failed("new");
        assertEquals(2, limit.size());
        seconds.addAndGet(60);
        assertFalse(limit.exceeded("other"));
        assertEquals(0, limit.size());
    }
}
