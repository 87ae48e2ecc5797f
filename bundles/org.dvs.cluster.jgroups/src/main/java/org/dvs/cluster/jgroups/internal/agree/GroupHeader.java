package org.dvs.cluster.jgroups.internal.agree;

import java.io.DataInput;
import java.io.DataOutput;
import java.util.function.Supplier;

import org.jgroups.Header;
import org.jgroups.conf.ClassConfigurator;

/** Marks a message as one of {@link CatchUpRaft}; all else is in its payload. Public because JGroups makes it. */
public final class GroupHeader extends Header {
    private static final short MAGIC = 5601;

    static {
        ClassConfigurator.add(MAGIC, GroupHeader.class);
    }

    @Override
    public short getMagicId() {
        return MAGIC;
    }

    @Override
    public Supplier<? extends Header> create() {
        return GroupHeader::new;
    }

    @Override
    public int serializedSize() {
        return 0;
    }

    @Override
    public void writeTo(DataOutput out) {
        // carries nothing
    }

    @Override
    public void readFrom(DataInput in) {
        // carries nothing
    }
}
