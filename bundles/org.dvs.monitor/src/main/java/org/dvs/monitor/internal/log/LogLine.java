package org.dvs.monitor.internal.log;

/**
 * One event of the log, as texts: nothing in it keeps the bundle that logged it.
 *
 * @param number grows with each event, also over restarts of the node
 * @param time   milliseconds since 1970
 * @param level  {@code DEBUG}, {@code INFO}, {@code WARN} or {@code ERROR}
 * @param trace  of what was thrown; empty for none
 */
record LogLine(long number, long time, String level, String logger, String thread, String message, String trace) {
    private static final String LEVELS = "TRACE DEBUG INFO WARN ERROR";

    /** @return false if it matters less than {@code least} */
    boolean isAtLeast(String least) {
        return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
    }
}
