package org.dvs.kernel.api;

/**
 * Bits of a process descriptor. A local process may run only while its runtime flags are 0.
 * Source: dvs-kernel reference 5.1.
 */
public final class ProcessFlags {
    // Runtime flags, p_rts_flags.
    public static final int SLOT_FREE = 0x1;
    public static final int SENDING = 0x4;
    public static final int RECEIVING = 0x8;
    public static final int ONCOPY = 0x400;
    public static final int MIGRATING = 0x800;
    public static final int REMOTE = 0x1000;
    /** Its command waits for a sender proxy. */
    public static final int RMTOPER = 0x2000;
    public static final int WAITMIGR = 0x8000;
    public static final int WAITUNBIND = 0x20000;
    public static final int WAITBIND = 0x40000;

    // Miscellaneous flags, p_misc_flags.
    public static final int PROXY = 0x1;
    public static final int CONNECTED = 0x2;
    public static final int NOTIFY = 0x4;
    /** Migrates at its next call. */
    public static final int NEEDMIG = 0x8;
    public static final int RMTBACKUP = 0x10;
    public static final int GRPLEADER = 0x20;
    public static final int REPLICATED = 0x80;
    public static final int WOKENUP = 0x200;
    /** A server with a request that it has not answered. */
    public static final int NOMIGRATE = 0x1000;
    /** A client inside a request that is not answered. */
    public static final int ATOMIC = 0x2000;

    private ProcessFlags() {
    }
}
