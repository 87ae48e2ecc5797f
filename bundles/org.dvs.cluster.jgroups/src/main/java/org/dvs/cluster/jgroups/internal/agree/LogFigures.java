package org.dvs.cluster.jgroups.internal.agree;

/**
 * The agreed log at one moment.
 *
 * @param term      of agreement
 * @param committed index up to which entries are agreed
 * @param last      index of the last entry
 * @param durable   index up to which entries are safe on disk
 * @param bytes     of its files, without the snapshot
 */
public record LogFigures(long term, long committed, long last, long durable, long bytes) {
    /** Of a log that is not open yet. */
    public static final LogFigures NONE = new LogFigures(0, 0, 0, 0, 0);
}
