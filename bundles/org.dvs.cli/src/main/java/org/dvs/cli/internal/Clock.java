package org.dvs.cli.internal;

import java.time.Duration;

/** Time, and the wish of the bundle to stop. */
interface Clock {

    /** Monotonic. */
    long nanoTime();

    /** Waits; returns early, with true, once the command line is to stop. */
    boolean pause(Duration duration) throws InterruptedException;

    boolean stopping();
}
