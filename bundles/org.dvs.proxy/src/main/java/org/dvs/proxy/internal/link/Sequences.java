package org.dvs.proxy.internal.link;

import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Hello;

/**
 * Numbers of the command frames of a pair, over all its connections. At most once: what was under way when a connection broke is
 * never sent again, and when the two ends meet again each frame of it is settled, as delivered or as failed. A peer that was
 * restarted meanwhile cannot say: then its outcome stays unknown. Not thread-safe.
 *
 * <p>The end that answers a HELLO has settled before the other one has, which may never get the answer. Until a frame of it shows
 * that it did, this end tells what really came, and not what it has settled, or the other one would take lost frames for
 * delivered.
 *
 * <p>Source: dsp-lb reference 6.1, R20; R-PXY-09.
 */
public final class Sequences {
    private long peerIncarnation;
    private long sent;
    private long acknowledged;
    /** What the peer has said of frames that are not settled. */
    private long heard;
    private long settled;
    private long received;
    /** What really came, while {@link #unanswered}. */
    private long came;
    /** Nothing shows yet that the peer has settled too. */
    private boolean unanswered;
    private long delivered;
    private long failed;
    private long unknown;

    /** The number of the next frame that goes out. */
    public long next() {
        return ++sent;
    }

    public long sent() {
        return sent;
    }

    /** Of the last frame that came and was handed on. */
    public long received() {
        return received;
    }

    /** What the peer is to settle by. */
    long told() {
        return unanswered ? came : received;
    }

    /** Frames sent, and not known to have arrived. */
    public long underWay() {
        return sent - acknowledged;
    }

    /** Of frames that were under way at a break: those that had arrived. */
    public long delivered() {
        return delivered;
    }

    /** Those that had not, and never will. */
    public long failed() {
        return failed;
    }

    /** Those of which nobody can tell. */
    public long unknown() {
        return unknown;
    }

    long peerIncarnation() {
        return peerIncarnation;
    }

    /** @return null, or what is wrong with it */
    public Fault acknowledged(long number) {
        if (number > sent || number < 0) {
            return Fault.ACKNOWLEDGEMENT;
        }
        acknowledged = Math.max(acknowledged, number);
        heard = number > settled ? Math.max(heard, number) : heard;
        unanswered = false;
        return null;
    }

    /**
     * A command frame came.
     *
     * @param verify whether the ends have agreed to
     * @return null if it is the next one; {@link Fault#REPEAT} or {@link Fault#GAP}
     */
    public Fault arrived(long number, boolean verify) {
        if (verify && number != received + 1) {
            return number <= received ? Fault.REPEAT : Fault.GAP;
        }
        received++;
        return null;
    }

    /**
     * The two ends meet.
     *
     * @param own     incarnation of this side
     * @param answers whether the peer hears only now that they do
     * @return whether the peer was restarted since
     */
    boolean meet(Hello peer, long own, boolean answers) {
        boolean known = peer.incarnation() == peerIncarnation && peer.knows() == own;
        boolean restarted = peerIncarnation != 0 && peerIncarnation != peer.incarnation();
        boolean possible = peer.received() >= heard && peer.received() <= sent && peer.sent() >= received;
        if (known && possible) {
            // What it says may be older than what this end has settled by itself.
            long arrived = Math.max(peer.received(), acknowledged);
            delivered += arrived - acknowledged;
            failed += sent - arrived;
            came = told();
            unanswered = answers;
            heard = peer.received();
            received = peer.sent();
        } else {
            unanswered = false;
            heard = 0;
            unknown += underWay();
            sent = 0;
            received = 0;
        }
        acknowledged = sent;
        settled = sent;
        peerIncarnation = peer.incarnation();
        return restarted;
    }

    /**
     * Goes on where a connection that was kept open was left.
     *
     * @param peer its incarnation
     */
    void resume(long peer, Kept from) {
        peerIncarnation = peer;
        sent = from.sent;
        acknowledged = from.acknowledged;
        received = from.received;
        heard = from.heard;
        settled = from.settled;
        came = from.told;
        // Nothing has come of the peer since the two met, or both were the same.
        unanswered = came != received;
    }

    /** What {@link #resume} needs. */
    Kept keep() {
        return new Kept(sent, acknowledged, received, heard, settled, told());
    }

    /**
     * Numbers that go on while a connection is kept open.
     *
     * @param sent         of the newest frame that went out
     * @param acknowledged of the newest frame that is known to have arrived, or is settled
     * @param received     of the newest frame that came and was handed on, or was lost before the two met
     * @param heard        what the peer has said of frames that were not settled
     * @param settled      of the newest frame that was sent before the two met
     * @param told         what the peer is to settle by: less than {@code received} until it shows that it has
     */
    public record Kept(long sent, long acknowledged, long received, long heard, long settled, long told) {
    }
}
