package org.dvs.transport.netty.internal;

import java.nio.ByteBuffer;
import java.util.Objects;

import org.dvs.api.DvsException;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol's side of a link: its handler, the handle that this holds, and between two of them the state that the former
 * left. Frames and the end of input a handler hears of from the {@link Intake}, of all else from here. On the link's loop.
 */
final class Tenant {
    private static final Logger LOG = LoggerFactory.getLogger(Tenant.class);

    private final String link;
    private final String protocol;
    private final Intake intake;
    private ProtocolEntry.Serving served;
    private Handler handler;
    private Handle handle;
    private ByteBuffer state;

    /** @param protocol its name */
    Tenant(String link, String protocol, Intake intake) {
        this.link = link;
        this.protocol = protocol;
        this.intake = intake;
    }

    /** Whether somebody serves, or has served until the link began to end. */
    boolean isThere() {
        return handler != null;
    }

    /** Whether who is there is the one that serves now. @param now null for nobody */
    boolean isOf(ProtocolEntry.Serving now) {
        return now != null && served != null && served.protocol() == now.protocol();
    }

    /** While nobody is there: whether nobody was before either. */
    boolean isFirst() {
        return state == null;
    }

    /** A protocol is given the link, with the state that was left for it. @return null, or why it cannot have it */
    LinkEnd moves(ProtocolEntry.Serving now, Handle fresh) {
        served = now;
        handle = fresh;
        try {
            Handler next = state == null ? now.protocol().opened(fresh)
                    : now.protocol().resumed(fresh, state.asReadOnlyBuffer());
            handler = Objects.requireNonNull(next, "handler");
        } catch (DvsException e) {
            return LinkEnd.refused(e);
        } catch (Throwable e) {
            return fault(e);
        }
        state = null;
        intake.handler(handler, fresh);
        return null;
    }

    /** The handler leaves its state, and hears nothing any more. @return null, or why nobody can come after it */
    LinkEnd leaves(int maxStateBytes) {
        ByteBuffer given = null;
        try {
            given = handler.park(handle);
        } catch (Throwable e) {
            LOG.error("Protocol {} failed to park connection {}", protocol, link, e);
        }
        detach();
        if (given == null) {
            return new LinkEnd(CloseReason.NOT_PARKED, "the protocol does not park it");
        }
        if (given.remaining() > maxStateBytes) {
            return new LinkEnd(CloseReason.NOT_PARKED, "a state of " + given.remaining() + " bytes, at most " + maxStateBytes);
        }
        state = ByteBuffer.allocate(given.remaining()).put(given).flip();
        return null;
    }

    /** The queue has room again. @return null, or the failure that ends the link */
    LinkEnd roomAgain() {
        try {
            handler.writable(handle);
            return null;
        } catch (Throwable e) {
            return fault(e);
        }
    }

    /** The link ends: nothing is done for the handler any more, which will only hear why. */
    void shut() {
        if (handle != null) {
            handle.detach();
        }
    }

    /** Who is there hears of the end, and of nothing after it. @return null, or the failure that ends the link */
    LinkEnd gone(LinkEnd end) {
        Handler last = handler;
        Handle lastHandle = handle;
        detach();
        if (last == null) {
            return null;
        }
        try {
            last.closed(lastHandle, end.reason(), end.detail());
            return null;
        } catch (Throwable e) {
            return fault(e);
        }
    }

    private void detach() {
        shut();
        handle = null;
        handler = null;
        served = null;
        intake.nobody();
    }

    /** What a handler threw, as an end. */
    LinkEnd fault(Throwable e) {
        LOG.error("Protocol {} failed on connection {}; it is closed", protocol, link, e);
        return new LinkEnd(CloseReason.FAULT, String.valueOf(e));
    }
}
