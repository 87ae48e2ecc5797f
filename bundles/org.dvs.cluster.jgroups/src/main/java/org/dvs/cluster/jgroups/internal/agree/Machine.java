package org.dvs.cluster.jgroups.internal.agree;

import java.nio.ByteBuffer;

import org.dvs.api.DvsException;

/** What the log is about. Called on the thread that owns the log; must not block. What it throws ends the member. */
interface Machine {
    /** A committed command. */
    void apply(byte[] command, int offset, int length);

    /** From here on, no command that was proposed in an earlier term will be applied any more. */
    void termBegan(long term);

    /** A command that was proposed here will not be appended, now or later: there was no lead, or no room. */
    void notProposed(long number);

    ByteBuffer snapshot();

    /** @param whole in the place of what was applied here, whose commands it may hold */
    void restore(ByteBuffer whole) throws DvsException;

    /** This node knew at {@code nanos} of its clock all that was agreed then, and has applied it. */
    void freshAt(long nanos);
}
