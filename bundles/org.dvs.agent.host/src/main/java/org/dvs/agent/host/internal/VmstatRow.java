package org.dvs.agent.host.internal;

/** What happened between two samples, as a row of RQST_VMSTAT. */
final class VmstatRow {
    private static final double SECOND = 1e9;

    private VmstatRow() {
    }

    /**
     * @param timeMs  of {@code now}, since the epoch
     * @param elapsed nanoseconds between the samples
     * @return the values in the order of the columns; null for what the kernel does not show
     */
    static Object[] of(SystemSample before, SystemSample now, long timeMs, long elapsed) {
        long[] ticks = new long[now.ticks().length];
        long all = 0;
        for (int i = 0; i < ticks.length; i++) {
            // iowait may run backwards a little; see proc(5).
            ticks[i] = Math.max(0, now.ticks()[i] - before.ticks()[i]);
            all += ticks[i];
        }
        return new Object[] {timeMs, known(now.running()), known(now.blocked()), known(now.swapUsed()), known(now.free()),
            known(now.buffers()), known(now.cache()), rate(before.swapIn(), now.swapIn(), elapsed),
            rate(before.swapOut(), now.swapOut(), elapsed), rate(before.blockIn(), now.blockIn(), elapsed),
            rate(before.blockOut(), now.blockOut(), elapsed), rate(before.interrupts(), now.interrupts(), elapsed),
            rate(before.switches(), now.switches(), elapsed), percent(ticks[0] + ticks[1], all),
            percent(ticks[2] + ticks[5] + ticks[6], all), percent(ticks[3], all), percent(ticks[4], all), percent(ticks[7], all)};
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }

    private static Long rate(long before, long now, long elapsed) {
        return before < 0 || now < before || elapsed <= 0 ? null : Math.round((now - before) * SECOND / elapsed);
    }

    private static Double percent(long part, long whole) {
        return whole == 0 ? null : Math.round(1000.0 * part / whole) / 10.0;
    }
}
