package org.dvs.proxy.internal.frame;

import java.util.Locale;

/** What is wrong with a frame, a HELLO or a connection: counted by name, told to the peer by number, logged by its sentence. */
public enum Fault {
    MAGIC("the bytes are not of a proxy"),
    VERSION("a version of the protocol that this node does not speak"),
    TYPE("an unknown type of frame"),
    FLAGS("flags that the type does not have"),
    LENGTH("lengths that do not fit each other or the limits"),
    CHECK("bytes were changed on the way"),
    /** Of one copy: the connection goes on. */
    DIGEST("the digest of the data is another one"),
    /** Of one copy: the connection goes on; of a batch it ends. */
    DECOMPRESS("the data cannot be decompressed to the length that it should have"),
    HELLO("a HELLO that cannot be read"),
    ORDER("a frame at a moment where it must not come"),
    IDENTITY("the node is not the one that its certificate or the connection names"),
    UNKNOWN("no proxy pair is configured for that node"),
    STALE("an attempt to connect that was given up since"),
    BUSY("a connection the other way is about to be used"),
    GAP("frames are missing"),
    /** The frame is dropped, the connection goes on. */
    REPEAT("a frame came twice"),
    ACKNOWLEDGEMENT("frames are acknowledged that were never sent"),
    REPLACED("the peer connected anew"),
    SILENT("nothing came for too long"),
    DRAINED("the pair was drained by an operator"),
    STOPPED("the pair or its node ends"),
    LOST("the connection broke"),
    UNSENT("the peer does not take what is sent"),
    /** The peer takes it for {@link #LOST} if it is older, which comes to the same. */
    CHANGED("the settings of the pair were changed, and it connects anew"),
    /** Of this end; the peer is told {@link #DRAINED}, as an older one would go on trying. */
    DISCONNECTED("the pair was disconnected by an operator");

    private static final Fault[] ALL = values();

    private final String sentence;

    Fault(String sentence) {
        this.sentence = sentence;
    }

    /** For people. */
    public String sentence() {
        return sentence;
    }

    /** As in counters and rows: {@code gap}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Numbers from a newer peer are {@link #LOST}. */
    public static Fault of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : LOST;
    }
}
