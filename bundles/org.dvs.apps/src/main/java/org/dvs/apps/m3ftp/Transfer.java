package org.dvs.apps.m3ftp;

import java.util.HexFormat;
import java.util.Locale;

/**
 * A file that has come over.
 *
 * @param bytes   the file's size
 * @param resumed bytes that an earlier attempt had brought
 * @param nanos   that it took, nanoseconds
 * @param digest  SHA-256 of the whole file, equal on both sides
 */
public record Transfer(long bytes, long resumed, long nanos, byte[] digest) {
    private static final double SECOND = 1_000_000_000.0;

    /** Bytes in a second, of those that came now. */
    public double perSecond() {
        return (bytes - resumed) * SECOND / Math.max(1, nanos);
    }

    /** The digest as people compare it. */
    public String sha256() {
        return HexFormat.of().formatHex(digest);
    }

    /** One line for people. */
    @Override
    public String toString() {
        String before = resumed == 0 ? "" : String.format(Locale.ROOT, " (%d were there)", resumed);
        return String.format(Locale.ROOT, "%d bytes%s in %.3f s, %.0f bytes/s, sha256 %s", bytes, before, nanos / SECOND,
                perSecond(), sha256());
    }
}
