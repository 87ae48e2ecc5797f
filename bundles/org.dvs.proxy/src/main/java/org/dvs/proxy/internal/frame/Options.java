package org.dvs.proxy.internal.frame;

import java.util.ArrayList;
import java.util.List;

/**
 * The options of a pair. Source: dsp-lb reference 2.4; R-PXY-02.
 *
 * @param batch    several commands may share a frame
 * @param compress data and batches may be compressed
 * @param autobind sources that are unknown here are bound
 * @param sequence numbers of frames are verified
 * @param sendPid  the sender's pid and time go with each command
 * @param digest   of data
 */
public record Options(boolean batch, boolean compress, boolean autobind, boolean sequence, boolean sendPid, DigestKind digest) {
    private static final int BATCH = 0x1;
    private static final int COMPRESS = 0x2;
    private static final int AUTOBIND = 0x4;
    private static final int SEQUENCE = 0x8;
    private static final int SENDPID = 0x10;
    private static final int DIGEST_SHIFT = 8;

    /** As they go over the wire. */
    public int bits() {
        return (batch ? BATCH : 0) | (compress ? COMPRESS : 0) | (autobind ? AUTOBIND : 0) | (sequence ? SEQUENCE : 0)
                | (sendPid ? SENDPID : 0) | digest.ordinal() << DIGEST_SHIFT;
    }

    /** What a newer build may want besides is not known here, so it is not wanted by both. */
    public static Options of(int bits) {
        return new Options((bits & BATCH) != 0, (bits & COMPRESS) != 0, (bits & AUTOBIND) != 0, (bits & SEQUENCE) != 0,
                (bits & SENDPID) != 0, DigestKind.of(bits >>> DIGEST_SHIFT));
    }

    /**
     * What counts between two ends. What both must want counts if both do; of two digests the stronger; autobind and sendpid are
     * each end's own affair.
     */
    public Options with(Options peer) {
        return new Options(batch && peer.batch, compress && peer.compress, autobind, sequence && peer.sequence, sendPid,
                digest.stronger(peer.digest));
    }

    /** Where two ends differ in what they should have in common, as {@code compress yes here, no there}. */
    public List<String> differences(Options peer) {
        List<String> found = new ArrayList<>();
        differs(found, "batch", batch, peer.batch);
        differs(found, "compress", compress, peer.compress);
        differs(found, "sequence", sequence, peer.sequence);
        if (digest != peer.digest) {
            found.add("digest " + digest.word() + " here, " + peer.digest.word() + " there");
        }
        return found;
    }

    private static void differs(List<String> found, String name, boolean here, boolean there) {
        if (here != there) {
            found.add(name + (here ? " yes here, no there" : " no here, yes there"));
        }
    }

    /** As rows show it: {@code batch,sequence,sendpid,crc32c}. */
    public String words() {
        List<String> words = new ArrayList<>();
        add(words, batch, "batch");
        add(words, compress, "compress");
        add(words, autobind, "autobind");
        add(words, sequence, "sequence");
        add(words, sendPid, "sendpid");
        add(words, digest != DigestKind.NONE, digest.word());
        return words.isEmpty() ? "none" : String.join(",", words);
    }

    private static void add(List<String> words, boolean on, String word) {
        if (on) {
            words.add(word);
        }
    }
}
