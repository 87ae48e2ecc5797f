package org.dvs.transport.netty.internal;

import java.util.Optional;
import java.util.OptionalInt;

import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Framing;
import org.dvs.transport.api.Limits;
import org.dvs.transport.netty.internal.frame.FrameWriter;
import org.dvs.transport.netty.internal.loop.LoopThread;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * One connection from its first to its last moment, whoever serves it meanwhile. Everything happens on its loop.
 *
 * <pre>
 *   channel active
 *        |
 *   HANDSHAKE --TLS done--> WAITING <--parked-- SERVED --close()--> CLOSING --sent--> LINGERING
 *        |   \__no TLS_______^   \---adopted---->^                      |                 |
 *        +-----------------------+---------------+----failure-----------+--deadline, EOF--+--> CLOSED
 * </pre>
 *
 * In WAITING nothing is read: bytes stay in the socket, those read before stay with the {@link Intake}. What goes out is the
 * {@link FrameWriter}'s affair, who serves the {@link Tenant}'s; when something has taken too long {@link Deadlines} say, how it
 * ends {@link Farewell}.
 */
final class Link implements ProtocolEntry.Served, LoopThread.Ticked, Intake.Owner {
    private final String name;
    private final boolean outgoing;
    private final LoopThread loop;
    private final ProtocolEntry entry;
    private final SslHandler tls;
    private final Introduction introduction;
    private final Owner owner;
    private final Deadlines deadlines;
    private final LinkFigures figures;

    private Channel channel;
    private ChannelOut out;
    private Intake intake;
    private Tenant tenant;
    private FrameWriter writer;
    private Limits limits;
    private Stage stage = Stage.HANDSHAKE;
    private Farewell farewell;

    private enum Stage {
        HANDSHAKE, WAITING, SERVED, CLOSING, LINGERING, CLOSED
    }

    /** Who made the link. Called on its loop. */
    interface Owner {
        /** A protocol has taken it for the first time. */
        void opened(Connection connection);

        /** It is gone. Called once if the channel ever was active. */
        void ended(Link link, LinkEnd end);
    }

    /**
     * @param tls          null for none; else it stands before the {@link LinkEvents} in the pipeline
     * @param expectedNode the node whose certificate must be at the other end
     * @param limits       until a protocol serves it
     */
    Link(String name, boolean outgoing, LoopThread loop, ProtocolEntry entry, SslHandler tls, OptionalInt expectedNode,
            Limits limits, Owner owner) {
        this.name = name;
        this.outgoing = outgoing;
        this.loop = loop;
        this.entry = entry;
        this.tls = tls;
        this.limits = limits;
        this.owner = owner;
        introduction = new Introduction(outgoing, tls, expectedNode);
        deadlines = new Deadlines(limits, !outgoing);
        figures = new LinkFigures(name, entry.name(), outgoing);
    }

    String name() {
        return name;
    }

    boolean outgoing() {
        return outgoing;
    }

    FrameWriter writer() {
        return writer;
    }

    /** Old by up to {@link LoopThread#TICK_MS}; empty before it is connected. Any thread. */
    Optional<ConnectionInfo> info() {
        return figures.info();
    }

    // ---- the channel

    void connected(Channel active) {
        channel = active;
        out = new ChannelOut(channel);
        farewell = new Farewell(channel, tls);
        intake = new Intake(channel, loop, deadlines, figures, this);
        tenant = new Tenant(name, entry.name(), intake);
        loop.add(this);
        figures.opened();
        if (failed(introduction.connected(channel))) {
            return;
        }
        figures();
        if (tls == null) {
            established();
        } else {
            channel.config().setAutoRead(true);
        }
    }

    private void established() {
        enter(Stage.WAITING);
        deadlines.waits(loop.nowMs());
        intake.update();
        entry.add(this);
        serve();
    }

    /** Takes the bytes. */
    void read(ByteBuf bytes) {
        if (stage.compareTo(Stage.CLOSING) >= 0) {
            bytes.release();
            return;
        }
        intake.read(bytes, limits.maxFrameBytes());
    }

    /** All that had come by now has been read. */
    void readEnds() {
        intake.endFrames();
    }

    /** What waits to be sent has become more, or less, than it should be. */
    void queueChanged() {
        if (stage == Stage.SERVED && writer.relieved()) {
            failed(tenant.roomAgain());
        }
    }

    void handshakeDone(SslHandshakeCompletionEvent done) {
        if (stage == Stage.HANDSHAKE && !failed(introduction.handshakeDone(channel, done))) {
            established();
        }
    }

    /** The peer sends no more. */
    void inputEnded() {
        if (!intake.end()) {
            return;
        }
        deadlines.ended(loop.nowMs());
        if (stage == Stage.HANDSHAKE || stage == Stage.LINGERING) {
            end(CloseReason.PEER);
        } else {
            intake.tellEnd();
        }
    }

    @Override
    public void peerEnds() {
        farewell.note(CloseReason.PEER, "");
    }

    /** What came is not what TLS expects. */
    void badInput(String text) {
        fail(stage == Stage.HANDSHAKE ? CloseReason.HANDSHAKE : CloseReason.BAD_FRAME, text);
    }

    /** The channel is closed. */
    void gone() {
        farewell.note(intake.isEnded() ? CloseReason.PEER : CloseReason.RESET, "");
        enter(Stage.CLOSED);
        loop.remove(this);
        entry.remove(this);
        intake.release();
        if (writer != null) {
            writer.release();
        }
        failed(tenant.gone(farewell.end()));
        owner.ended(this, farewell.end());
    }

    // ---- who serves

    @Override
    public void servingChanged(Runnable done) {
        Runnable change = () -> {
            try {
                serve();
            } finally {
                done.run();
            }
        };
        if (loop.here()) {
            change.run();
        } else if (!loop.executeAlways(change)) {
            done.run();
        }
    }

    private void serve() {
        ProtocolEntry.Serving now = entry.serving();
        if (tenant.isThere() && !tenant.isOf(now)) {
            park();
        }
        if (now != null && stage == Stage.WAITING) {
            adopt(now);
        }
    }

    private void park() {
        if (stage != Stage.SERVED) {
            // Who closes it has nothing left to do but to hear of that, and will not be there when the peer has ended, too.
            failed(tenant.gone(farewell.end()));
            return;
        }
        LinkEnd refused = tenant.leaves(limits.maxStateBytes());
        if (stage != Stage.SERVED || failed(refused)) {
            return;
        }
        // Before the flush: that the queue has room again is nobody's affair any more.
        enter(Stage.WAITING);
        writer.flush();
        intake.parked();
        deadlines.waits(loop.nowMs());
        intake.update();
        figures();
    }

    private void adopt(ProtocolEntry.Serving now) {
        limits = now.limits();
        deadlines.limits(limits);
        equip(now.framing());
        Handle fresh = new Handle(this, loop, introduction.peer(), limits);
        boolean first = tenant.isFirst();
        if (failed(tenant.moves(now, fresh))) {
            return;
        }
        if (stage == Stage.WAITING) {
            enter(Stage.SERVED);
            deadlines.reads(loop.nowMs());
            writer.flush();
            intake.update();
        }
        figures();
        if (first) {
            owner.opened(fresh);
        }
        intake.pump();
    }

    private void equip(Framing framing) {
        intake.equip(framing, limits.maxFrameBytes());
        if (writer == null) {
            writer = new FrameWriter(out, channel.alloc(), framing);
        }
        writer.limits(limits.maxFrameBytes(), limits.maxQueuedBytes(), limits.highQueuedBytes());
        out.tellsAt(FrameWriter.lowQueuedBytes(limits.highQueuedBytes()));
    }

    void pause() {
        intake.pause();
    }

    void unpause(Handle by) {
        intake.unpause(by);
    }

    private void enter(Stage now) {
        stage = now;
        intake.state(now == Stage.SERVED, now == Stage.LINGERING);
    }

    // ---- the end

    /** Ends as {@link Farewell} says. */
    void closeWhenSent() {
        if (stage.compareTo(Stage.CLOSING) >= 0) {
            return;
        }
        farewell.note(CloseReason.LOCAL, "");
        // Before the flush, as in park: who has closed does not want to hear that there is room again.
        enter(Stage.CLOSING);
        tenant.shut();
        writer.flush();
        intake.update();
        farewell.sends(loop.readMs(), this::linger);
    }

    private void linger() {
        if (stage != Stage.CLOSING) {
            return;
        }
        enter(Stage.LINGERING);
        farewell.lingers(loop.readMs());
        if (intake.isEnded() || !farewell.endOutput()) {
            channel.close();
            return;
        }
        intake.update();
    }

    /** Closes at once. */
    @Override
    public void fail(CloseReason why, String text) {
        fail(new LinkEnd(why, text));
    }

    private void fail(LinkEnd why) {
        if (stage != Stage.CLOSED) {
            farewell.fails(why);
            cut();
        }
    }

    /** @param why null for no reason. @return whether there is one */
    private boolean failed(LinkEnd why) {
        if (why != null) {
            fail(why);
        }
        return why != null;
    }

    /** The transport stops. Any thread. */
    void stop() {
        loop.executeAlways(() -> {
            if (channel != null) {
                fail(CloseReason.STOPPED, "the transport stops");
            }
        });
    }

    private void end(CloseReason why) {
        farewell.note(why, "");
        cut();
    }

    private void cut() {
        enter(Stage.CLOSED);
        tenant.shut();
        farewell.cut(out.pendingBytes() > 0);
    }

    @Override
    public void fault(Throwable e) {
        fail(tenant.fault(e));
    }

    @Override
    public void tick(long nowMs) {
        if (stage == Stage.CLOSED) {
            return;
        }
        figures();
        if (farewell.overdue(nowMs, limits.writeMs())) {
            end(CloseReason.LOCAL);
        } else if (stage == Stage.WAITING || stage == Stage.SERVED) {
            boolean reading = stage == Stage.SERVED && !intake.isPaused();
            CloseReason passed = deadlines.passed(nowMs, reading, out.pendingBytes(), out.taken());
            if (passed != null) {
                fail(passed, "the deadline passed");
            }
        }
    }

    private void figures() {
        figures.show(introduction.peer(), stage == Stage.WAITING, writer);
    }
}
