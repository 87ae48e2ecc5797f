package org.dvs.proxy.internal.link;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Hello;

/**
 * The link to one other node: at most one connection that carries both directions, so that they come up and go down together.
 * Both ends try to connect. Plain logic: no thread, no socket, no clock of its own; called by one thread.
 *
 * <pre>
 *            time has come                connected: HELLO            WELCOME
 *   DOWN ────────────────────▶ DIALING ──────────────────▶ GREETING ────────────▶ UP
 *    ▲ ▲          failed          │                           │                   │
 *    │ └──────────────────────────┴───── refused, no answer ──┘                   │
 *    │            HELLO of the peer: WELCOME, and UP from each of the three       │
 *    └──────────────────────────── it broke ──────────────────────────────────────┘
 *   DRAINED: by an operator; refuses, and tries nothing, until {@link #connect}
 * </pre>
 *
 * <p><b>Both at once.</b> The node with the lower id insists on its own connection once its HELLO is out, the other one gives its
 * own up: whatever crosses whatever, one connection is left. A HELLO while the link is up says that the peer has lost the
 * connection, so the old one ends. A HELLO that was given up since, and comes late, is known by its number and refused.
 * <p>Source: dsp-lb reference 4.1 and 7; R-PXY-04, R-PXY-05.
 */
public final class Link {
    /** Where a link stands. */
    public enum State { DOWN, DIALING, GREETING, UP, DRAINED }

    /** Longest that a TLS handshake may take, about: its own deadline is the transport's affair. */
    private static final long HANDSHAKE_MS = 60_000;

    private final LinkSettings settings;
    private final LongSupplier nanos;
    private final LinkOwner owner;
    private final Backoff backoff;
    private final Sequences sequences = new Sequences();
    private long incarnation;
    private State state = State.DOWN;
    private Wire wire;
    private long attempt;
    private long dialAt;
    private long dialedBy;
    private long greetedBy;
    private long peerIncarnation;
    private long peerAttempt;
    private Fault lastFault;

    /** @param nanos monotonic */
    public Link(LinkSettings settings, Random random, LongSupplier nanos, LinkOwner owner) {
        this.settings = settings;
        this.nanos = nanos;
        this.owner = owner;
        backoff = new Backoff(TimeUnit.MILLISECONDS.toNanos(settings.reconnectMinMs()),
                TimeUnit.MILLISECONDS.toNanos(settings.reconnectMaxMs()), random);
        do {
            incarnation = random.nextLong();
        } while (incarnation == 0);
        dialAt = nanos.getAsLong();
    }

    public LinkSettings settings() {
        return settings;
    }

    public State state() {
        return state;
    }

    public boolean isUp() {
        return state == State.UP;
    }

    public Sequences sequences() {
        return sequences;
    }

    /** Why it went down or could not come up the last time; null before. */
    public Fault lastFault() {
        return lastFault;
    }

    /** The connection that counts, or is about to; null if there is none. */
    public Wire wire() {
        return wire;
    }

    // ---- time

    /** To be called some ten times a second. */
    public void tick() {
        long now = nanos.getAsLong();
        if (state == State.DOWN && now - dialAt >= 0) {
            state = State.DIALING;
            dialedBy = now + TimeUnit.MILLISECONDS.toNanos(2L * settings.greetingMs() + HANDSHAKE_MS);
            owner.dial(++attempt);
        } else if (state == State.DIALING && now - dialedBy >= 0) {
            // A loop that has too much to do may have dropped what came of it.
            dialFailed(attempt, Fault.SILENT);
        } else if (state == State.GREETING && now - greetedBy >= 0) {
            give(Fault.SILENT);
        }
    }

    /** Something has changed that may let it connect: no more waiting. */
    public void hurry() {
        if (state == State.DOWN) {
            backoff.reset();
            dialAt = nanos.getAsLong();
        }
    }

    // ---- connecting

    /** The connection that {@link LinkOwner#dial} asked for is there. */
    public void dialed(long number, Wire made) {
        if (state != State.DIALING || number != attempt) {
            made.end(Fault.STALE);
            return;
        }
        state = State.GREETING;
        wire = made;
        greetedBy = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(settings.greetingMs());
        made.hello(own());
    }

    /** It could not be made. */
    public void dialFailed(long number, Fault why) {
        if (state == State.DIALING && number == attempt) {
            down(why, backoff.next());
        }
    }

    private Hello own() {
        return new Hello(settings.node(), settings.name(), incarnation, attempt, settings.maxData(), settings.options(),
                sequences.peerIncarnation(), sequences.sent(), sequences.told(), FrameLayout.COMPACT, settings.heartbeatMs());
    }

    /**
     * The peer, whose identity has been verified, said HELLO on a connection that it made.
     *
     * @return null if that connection is the link's now; else it is to be refused with this
     */
    public Fault hello(Wire from, Hello hello) {
        if (state == State.DRAINED) {
            return Fault.DRAINED;
        }
        if (hello.incarnation() == peerIncarnation && hello.attempt() <= peerAttempt) {
            return Fault.STALE;
        }
        if (state == State.GREETING && settings.node() < settings.peer()) {
            return Fault.BUSY;
        }
        if (wire != null) {
            Wire old = wire;
            boolean was = isUp();
            wire = null;
            state = State.DOWN;
            old.end(was ? Fault.REPLACED : Fault.STALE);
            if (was) {
                lastFault = Fault.REPLACED;
                owner.down(Fault.REPLACED);
            }
        }
        wire = from;
        from.welcome(own());
        up(hello, true);
        return null;
    }

    /**
     * The peer accepts.
     *
     * @return null; or what is wrong, then the connection is to be ended
     */
    public Fault welcome(Wire from, Hello hello) {
        if (state != State.GREETING || from != wire) {
            return Fault.ORDER;
        }
        if (hello.node() != settings.peer()) {
            return Fault.IDENTITY;
        }
        up(hello, false);
        return null;
    }

    private void up(Hello hello, boolean answers) {
        peerAttempt = hello.incarnation() == peerIncarnation ? Math.max(peerAttempt, hello.attempt()) : hello.attempt();
        peerIncarnation = hello.incarnation();
        Hello own = own();
        boolean restarted = sequences.meet(hello, incarnation, answers);
        state = State.UP;
        backoff.reset();
        owner.up(wire, Agreement.of(own, hello, restarted));
    }

    // ---- ends

    /** A connection is gone, or the peer said that it ends it. Of connections that are not the link's nothing happens. */
    public void ended(Wire which, Fault why) {
        if (which == wire && wire != null) {
            boolean patient = why == Fault.DRAINED || why == Fault.UNKNOWN || why == Fault.IDENTITY || why == Fault.VERSION;
            down(why, patient ? backoff.longest() : backoff.next());
        }
    }

    /** Ends the connection because of something that came over it, and tries again later. */
    public void give(Fault why) {
        if (wire != null) {
            Wire bad = wire;
            bad.end(why);
            ended(bad, why);
        }
    }

    private void down(Fault why, long waitNanos) {
        boolean was = isUp();
        state = State.DOWN;
        wire = null;
        lastFault = why;
        dialAt = nanos.getAsLong() + waitNanos;
        if (was) {
            owner.down(why);
        }
    }

    // ---- operators

    /** Ends the connection and stays down. */
    public void drain(Fault why) {
        if (state != State.DRAINED) {
            give(why);
            lastFault = why;
            state = State.DRAINED;
        }
    }

    /** Ends {@link #drain}; tries at once. */
    public void connect() {
        if (state == State.DRAINED || state == State.DOWN) {
            state = State.DOWN;
            backoff.reset();
            dialAt = nanos.getAsLong();
            tick();
        }
    }

    // ---- another link to the same peer

    /** What the next one needs to go on. */
    public Parked park() {
        return new Parked(incarnation, attempt, peerIncarnation, peerAttempt, sequences.keep());
    }

    /**
     * Stands for the same end as the one before it, which has ended its connection: the peer need not take this node for one that
     * has started anew, and the two settle what was under way.
     *
     * @throws IllegalStateException if anything has been done with this link before
     */
    public void follow(Parked before) {
        if (state != State.DOWN || attempt != 0) {
            throw new IllegalStateException("the link to node " + settings.peer() + " is " + state);
        }
        incarnation = before.incarnation();
        attempt = before.attempt();
        peerIncarnation = before.peerIncarnation();
        peerAttempt = before.peerAttempt();
        sequences.resume(peerIncarnation, before.sequences());
    }

    /**
     * Goes on with a connection that was kept open. If this node's settings are others now, and what both ends go by would be,
     * too, it is ended at once, and the next one begins with a new agreement.
     *
     * @param before what counted over it
     * @throws IllegalStateException if anything has been done with this link before
     */
    public void resume(Wire kept, Parked from, Agreement before) {
        follow(from);
        wire = kept;
        state = State.UP;
        Hello own = own();
        owner.resumed(kept, before.again(own));
        if (!before.holdsFor(own)) {
            give(Fault.CHANGED);
        }
    }

    /** A link's state, as numbers. */
    public record Parked(long incarnation, long attempt, long peerIncarnation, long peerAttempt, Sequences.Kept sequences) {
    }
}
