package org.dvs.proxy.internal.frame;

import java.util.Locale;

/** How the data of a copy are verified; from the cheapest to the strongest. The ordinal goes over the wire in two bits. */
public enum DigestKind {
    NONE(0), CRC32C(4), XXHASH64(8), MD5(16);

    private static final DigestKind[] ALL = values();

    private final int bytes;

    DigestKind(int bytes) {
        this.bytes = bytes;
    }

    /** Behind the data in a frame. */
    public int bytes() {
        return bytes;
    }

    /** As in configurations: {@code crc32c}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @param number two bits of a frame */
    static DigestKind of(int number) {
        return ALL[number & ALL.length - 1];
    }

    /** The one that both ends can live with: whoever asked for more gets it. */
    public DigestKind stronger(DigestKind other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
