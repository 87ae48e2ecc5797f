package org.dvs.agent.host.internal;

/**
 * Space of a file system, bytes.
 *
 * @param free      for root
 * @param available for everybody else
 * @param inodes    -1 if unknown
 * @param freeInodes -1 if unknown
 */
record Space(long size, long free, long available, long inodes, long freeInodes) {

    long used() {
        return size - free;
    }

    /** As df counts: of what can be used by others than root. Null for a file system without space. */
    Double usedPercent() {
        long whole = used() + available;
        return whole <= 0 ? null : Math.round(1000.0 * used() / whole) / 10.0;
    }
}
