package org.dvs.procfs;

/**
 * One process at one moment.
 *
 * @param pid        also its thread group: only group leaders have a folder of their own in /proc
 * @param uid        effective, 0..4294967294; -1 if unknown
 * @param state      as ps shows it: R, S, D, Z, T, I …
 * @param startMs    since the epoch; -1 if unknown
 * @param rssBytes   -1 for kernel threads
 * @param tty        e.g. {@code pts/0}; null for none
 * @param args       at most 256 characters; the name in brackets for kernel threads
 */
public record ProcessEntry(int pid, int parent, long uid, String user, char state, int nice, int threads,
        long startMs, long userMs, long systemMs, long virtualBytes, long rssBytes, String tty, String name, String args) {
}
