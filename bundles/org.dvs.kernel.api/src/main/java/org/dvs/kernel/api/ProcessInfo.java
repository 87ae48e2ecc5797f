package org.dvs.kernel.api;

/**
 * One slot of a DC as this node sees it: {@code proc_usr_t}. Source: dvs-kernel reference 4.4.
 *
 * @param number      process number
 * @param endpoint    generation included
 * @param flags       runtime flags, {@link ProcessFlags}; 0 is runnable
 * @param misc        miscellaneous flags
 * @param lpid        process id on this node; {@link EndpointNumbers#NO_PID} for stubs
 * @param vpid        process id inside the DC's namespace; -1 unknown
 * @param node        of the primary copy
 * @param getFrom     endpoint it receives from, {@link EndpointNumbers#ANY} and {@link EndpointNumbers#NONE} allowed
 * @param sendTo      endpoint it sends to, or NONE
 * @param waitMigrate endpoint whose migration it awaits, or NONE
 * @param waitUnbind  endpoint whose end it awaits, or NONE
 * @param proxy       proxy pair whose queue holds its command, or NONE
 * @param lclSent     messages it sent to processes of this node
 * @param rmtSent     to others
 * @param lclCopy     copies with it as source and caller, to this node
 * @param rmtCopy     to others
 */
public record ProcessInfo(int dcid, int number, int endpoint, String name, int flags, int misc, int lpid, int vpid, int node,
                          int getFrom, int sendTo, int waitMigrate, int waitUnbind, int proxy, long lclSent, long rmtSent,
                          long lclCopy, long rmtCopy) {
    public boolean isFree() {
        return (flags & ProcessFlags.SLOT_FREE) != 0;
    }
}
