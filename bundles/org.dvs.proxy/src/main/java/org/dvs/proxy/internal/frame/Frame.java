package org.dvs.proxy.internal.frame;

/** The header of a frame as {@link FrameDecoder} found it. Used again for each frame; not thread-safe. */
public final class Frame {
    public int version;
    public int type;
    public int flags;
    /** Bytes of the body as it lies in the frame. */
    public int length;
    /** Bytes of the body before it was compressed. */
    public int raw;
    /** Commands but the first. */
    public int batch;
    public long sequence;
    public long acknowledgement;
    public long cut;

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Of the data behind this header. */
    public DigestKind digest() {
        return DigestKind.of(flags >>> FrameLayout.DIGEST_SHIFT);
    }

    boolean isCompact() {
        return version == FrameLayout.COMPACT;
    }

    /** Where the body begins. */
    int bodyAt() {
        return type == FrameLayout.COMMAND && !isCompact() ? FrameLayout.AT_BODY : FrameLayout.HEADER;
    }

    /** Where what the check is over ends. */
    int checkedTo() {
        return has(FrameLayout.DATA) ? FrameLayout.AT_BODY : bodyAt() + length;
    }

    /** Bytes of the whole frame. */
    long total() {
        return (long) bodyAt() + length + (has(FrameLayout.DATA) ? digest().bytes() : 0);
    }
}
