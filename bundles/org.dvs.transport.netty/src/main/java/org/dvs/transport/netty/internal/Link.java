package org.dvs.transport.netty.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import org.dvs.api.DvsException;
import org.dvs.api.security.CertifiedNode;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Framing;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Peer;
import org.dvs.transport.netty.internal.frame.FrameWriter;
import org.dvs.transport.netty.internal.loop.LoopThread;
import org.dvs.transport.netty.internal.socket.TlsEnds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
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
 * {@link FrameWriter}'s affair, when something has taken too long {@link Deadlines} say, how it ends {@link Farewell}.
 */
final class Link extends ChannelInboundHandlerAdapter implements ProtocolEntry.Served, LoopThread.Ticked, Intake.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final String name;
    private final boolean outgoing;
    private final LoopThread loop;
    private final ProtocolEntry entry;
    private final SslHandler tls;
    private final OptionalInt expectedNode;
    private final Owner owner;
    private final Deadlines deadlines;
    private final LinkFigures figures;

    private Channel channel;
    private ChannelOut out;
    private Intake intake;
    private FrameWriter writer;
    private Limits limits;
    private Peer peer;
    private Stage stage = Stage.HANDSHAKE;
    private ProtocolEntry.Serving served;
    private Handler handler;
    private Handle handle;
    private ByteBuffer state;
    private LinkEnd end;
    private Farewell farewell;
    private long closingSince;

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
     * @param tls          null for none; else it stands before this in the pipeline
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
        this.expectedNode = expectedNode;
        this.limits = limits;
        this.owner = owner;
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

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        out = new ChannelOut(channel);
        farewell = new Farewell(channel, tls);
        intake = new Intake(channel, loop, deadlines, figures, this);
        loop.add(this);
        figures.opened();
        try {
            peer = Peers.of(channel, Optional.empty());
        } catch (IOException e) {
            fail(CloseReason.RESET, "who is at the other end cannot be found out: " + e.getMessage());
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

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (stage.compareTo(Stage.CLOSING) >= 0) {
            bytes.release();
            return;
        }
        intake.read(bytes, limits.maxFrameBytes());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        intake.endFrames();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (stage == Stage.SERVED && writer.relieved()) {
            guarded(() -> handler.writable(handle));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            handshakeDone(done);
        } else if (event == ChannelInputShutdownEvent.INSTANCE || event == SslCloseCompletionEvent.SUCCESS) {
            inputEnded();
        }
    }

    private void handshakeDone(SslHandshakeCompletionEvent done) {
        if (stage != Stage.HANDSHAKE) {
            return;
        }
        if (!done.isSuccess()) {
            fail(TlsEnds.closeReason(done.cause()), TlsEnds.reason(done.cause()));
            return;
        }
        try {
            Optional<CertifiedNode> node = expectsNode() ? Optional.of(TlsEnds.peer(tls, expectedNode)) : Optional.empty();
            peer = Peers.of(channel, node);
        } catch (DvsException | IOException e) {
            fail(CloseReason.HANDSHAKE, e.getMessage());
            return;
        }
        established();
    }

    /** A listener for clients asks for no certificate, and both ends of a link between nodes need one. */
    private boolean expectsNode() {
        return outgoing || tls.engine().getNeedClientAuth();
    }

    private void inputEnded() {
        if (!intake.end()) {
            return;
        }
        if (stage == Stage.HANDSHAKE || stage == Stage.LINGERING) {
            end(CloseReason.PEER);
        } else {
            intake.tellEnd();
        }
    }

    @Override
    public void peerEnds() {
        note(CloseReason.PEER, "");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            fail(CloseReason.RESET, cause.getMessage());
        } else if (cause instanceof DecoderException) {
            fail(stage == Stage.HANDSHAKE ? CloseReason.HANDSHAKE : CloseReason.BAD_FRAME, TlsEnds.reason(cause.getCause()));
        } else {
            fault(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        note(intake.isEnded() ? CloseReason.PEER : CloseReason.RESET, "");
        enter(Stage.CLOSED);
        loop.remove(this);
        entry.remove(this);
        intake.release();
        if (writer != null) {
            writer.release();
        }
        gone();
        owner.ended(this, end);
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
        if (handler != null && (now == null || served.protocol() != now.protocol())) {
            park();
        }
        if (now != null && stage == Stage.WAITING) {
            adopt(now);
        }
    }

    private void park() {
        if (stage != Stage.SERVED) {
            // Who closes it has nothing left to do but to hear of that, and will not be there when the peer has ended, too.
            gone();
            return;
        }
        ByteBuffer given = null;
        try {
            given = handler.park(handle);
        } catch (Throwable e) {
            LOG.error("Protocol {} failed to park connection {}", entry.name(), name, e);
        }
        int allowed = limits.maxStateBytes();
        detach();
        if (stage != Stage.SERVED) {
            return;
        }
        if (given == null || given.remaining() > allowed) {
            fail(CloseReason.NOT_PARKED, given == null ? "the protocol does not park it"
                    : "a state of " + given.remaining() + " bytes, at most " + allowed);
            return;
        }
        state = ByteBuffer.allocate(given.remaining()).put(given).flip();
        // Before the flush: that the queue has room again is nobody's affair any more.
        enter(Stage.WAITING);
        writer.flush();
        intake.parked();
        deadlines.waits(loop.nowMs());
        intake.update();
        figures();
    }

    /** Who serves hears of the end, which has a reason by now. */
    private void gone() {
        Handler last = handler;
        Handle lastHandle = handle;
        detach();
        if (last != null) {
            guarded(() -> last.closed(lastHandle, end.reason(), end.detail()));
        }
    }

    private void detach() {
        if (handle != null) {
            handle.detach();
        }
        handle = null;
        handler = null;
        served = null;
        intake.nobody();
    }

    private void adopt(ProtocolEntry.Serving now) {
        served = now;
        limits = now.limits();
        deadlines.limits(limits);
        equip(now.framing());
        Handle fresh = new Handle(this, loop, peer, limits);
        handle = fresh;
        boolean first = state == null;
        try {
            Handler next = first ? now.protocol().opened(fresh) : now.protocol().resumed(fresh, state.asReadOnlyBuffer());
            handler = Objects.requireNonNull(next, "handler");
            intake.handler(next, fresh);
        } catch (DvsException e) {
            fail(LinkEnd.refused(e));
            return;
        } catch (Throwable e) {
            fault(e);
            return;
        }
        state = null;
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
        int low = FrameWriter.lowQueuedBytes(limits.highQueuedBytes());
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(low, low));
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

    /** The first reason that it may end for counts, unless it fails. */
    private void note(CloseReason why, String text) {
        if (end == null) {
            end = new LinkEnd(why, text);
        }
    }

    /** Ends as {@link Farewell} says. */
    void closeWhenSent() {
        if (stage.compareTo(Stage.CLOSING) >= 0) {
            return;
        }
        note(CloseReason.LOCAL, "");
        writer.flush();
        enter(Stage.CLOSING);
        closingSince = loop.nowMs();
        handle.detach();
        intake.update();
        farewell.sent(this::linger);
    }

    private void linger() {
        if (stage != Stage.CLOSING) {
            return;
        }
        enter(Stage.LINGERING);
        closingSince = loop.nowMs();
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
            end = why;
            cut();
        }
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
        note(why, "");
        cut();
    }

    private void cut() {
        enter(Stage.CLOSED);
        if (handle != null) {
            handle.detach();
        }
        farewell.cut(out.pendingBytes() > 0);
    }

    @Override
    public void fault(Throwable e) {
        LOG.error("Protocol {} failed on connection {}; it is closed", entry.name(), name, e);
        fail(CloseReason.FAULT, String.valueOf(e));
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            fault(e);
        }
    }

    @Override
    public void tick(long nowMs) {
        if (stage == Stage.CLOSED) {
            return;
        }
        figures();
        if (stage == Stage.CLOSING && nowMs - closingSince >= limits.writeMs()
                || stage == Stage.LINGERING && nowMs - closingSince >= Farewell.LINGER_MS) {
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
        figures.show(peer, stage == Stage.WAITING, writer);
    }
}
