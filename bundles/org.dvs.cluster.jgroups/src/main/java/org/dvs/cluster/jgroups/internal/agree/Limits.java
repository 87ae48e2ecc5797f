package org.dvs.cluster.jgroups.internal.agree;

/** How much of everything; what goes beyond is refused with the limit's name. */
final class Limits {
    static final int KEY_CHARS = 256;
    static final int VALUE_BYTES = 512 * 1024;
    static final int CHANGE_BYTES = 1024 * 1024;
    /** Conditions and writes of one change. */
    static final int CHANGE_KEYS = 4096;
    /** Changes of one command. */
    static final int COMMAND_CHANGES = 4096;
    /** All keys and values together. */
    static final long STATE_BYTES = 64L * 1024 * 1024;
    static final int STATE_KEYS = 1_000_000;
    static final int VOTERS = 64;
    static final int NAME_CHARS = 128;

    private Limits() {
    }
}
