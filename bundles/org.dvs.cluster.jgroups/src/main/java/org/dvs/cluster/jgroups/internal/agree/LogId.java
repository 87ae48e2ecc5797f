package org.dvs.cluster.jgroups.internal.agree;

import java.util.UUID;

/**
 * Names one log among all: made by chance once, agreed like an entry, and kept for good, so that a log of another cluster is told
 * from this one whatever its terms and indexes are.
 */
record LogId(long high, long low) {
    /** Of a log that has no entry yet, or was written before logs had names. */
    static final LogId NONE = new LogId(0, 0);

    static LogId random() {
        UUID chance = UUID.randomUUID();
        return new LogId(chance.getMostSignificantBits(), chance.getLeastSignificantBits());
    }

    boolean known() {
        return !equals(NONE);
    }

    @Override
    public String toString() {
        return known() ? new UUID(high, low).toString() : "without a name";
    }
}
