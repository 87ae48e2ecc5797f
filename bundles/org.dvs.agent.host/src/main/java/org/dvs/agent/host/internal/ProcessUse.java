package org.dvs.agent.host.internal;

/**
 * What a process has used since its start; two of them make one row of RQST_PIDSTAT. What the kernel does not show is -1.
 *
 * @param atNanos    when it was read, on the monotonic clock
 * @param startTicks tells it from another process that got its id
 * @param userTicks  and those of the system: USER_HZ
 * @param waitNanos  ready to run and not running
 * @param resident   bytes of memory in use; -1 for a kernel thread
 */
record ProcessUse(long atNanos, long startTicks, long userTicks, long systemTicks, long waitNanos, long minorFaults,
                  long majorFaults, long readBytes, long writtenBytes, long switches, long forcedSwitches,
                  long resident) {

    /** Whether it has used processor time since then. */
    boolean active(long userTicksNow, long systemTicksNow) {
        return userTicks != userTicksNow || systemTicks != systemTicksNow;
    }
}
