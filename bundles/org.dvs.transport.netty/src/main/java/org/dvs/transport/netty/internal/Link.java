package org.dvs.transport.netty.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.CertifiedNode;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.Framing;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Peer;
import org.dvs.transport.netty.internal.frame.BadFrameException;
import org.dvs.transport.netty.internal.frame.FrameReader;
import org.dvs.transport.netty.internal.frame.FrameWriter;
import org.dvs.transport.netty.internal.loop.LoopThread;
import org.dvs.transport.netty.internal.socket.TlsEnds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
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
 * In WAITING nothing is read: bytes stay in the socket, those read before stay with the {@link FrameReader}.
 */
final class Link extends ChannelInboundHandlerAdapter implements ProtocolEntry.Served, LoopThread.Ticked {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final long LINGER_MS = 1_000;

    private final String name;
    private final boolean outgoing;
    private final LoopThread loop;
    private final ProtocolEntry entry;
    private final SslHandler tls;
    private final OptionalInt expectedNode;
    private final Owner owner;
    private final FrameReader.Sink sink = this::deliver;
    private final Deadlines deadlines;

    private Channel channel;
    private ChannelOut out;
    private FrameReader reader;
    private FrameWriter writer;
    private Limits limits;
    private Peer peer;
    private Stage stage = Stage.HANDSHAKE;
    private ProtocolEntry.Serving served;
    private Handler handler;
    private Handle handle;
    private ByteBuffer state;
    private boolean paused;
    private boolean resumes;
    private boolean framesEndDue;
    private boolean inputEnded;
    private boolean inputEndTold;
    private CloseReason reason;
    private String detail = "";
    private DvsException refusal;
    private long closingSince;
    private long framesIn;
    private long bytesIn;
    private volatile long openedAtNs;
    private volatile Figures figures;

    private enum Stage {
        HANDSHAKE, WAITING, SERVED, CLOSING, LINGERING, CLOSED
    }

    /** What others may read of it at any time. */
    private record Figures(Peer peer, boolean parked, long framesIn, long bytesIn, long framesOut, long bytesOut,
            long queuedBytes) {
    }

    /** Who made the link. Called on its loop. */
    interface Owner {
        /** A protocol has taken it for the first time. */
        void opened(Connection connection);

        /** It is gone. Called once if the channel ever was active. @param refusal why, if the protocol refused it; else null */
        void ended(Link link, CloseReason reason, String detail, DvsException refusal);
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
        Figures now = figures;
        if (now == null) {
            return Optional.empty();
        }
        long ageMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedAtNs);
        return Optional.of(new ConnectionInfo(name, entry.name(), now.peer, outgoing, now.parked, ageMs, now.framesIn,
                now.bytesIn, now.framesOut, now.bytesOut, now.queuedBytes));
    }

    // ---- the channel

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        out = new ChannelOut(channel);
        loop.add(this);
        openedAtNs = System.nanoTime();
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
        stage = Stage.WAITING;
        deadlines.waits(loop.nowMs());
        updateReading();
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
        bytesIn += bytes.readableBytes();
        if (handler == null || paused) {
            keep(bytes);
            return;
        }
        try {
            reader.read(bytes, sink);
        } catch (BadFrameException e) {
            fail(e.reason(), e.getMessage());
        }
        noteFrames();
    }

    private void keep(ByteBuf bytes) {
        if (reader == null) {
            // The framing is not known before the first protocol; keeping is the same for all.
            reader = new FrameReader(channel.alloc(), Framing.STREAM, limits.maxFrameBytes());
        }
        reader.keep(bytes);
    }

    private void noteFrames() {
        boolean moved = reader.moved();
        framesEndDue |= moved;
        deadlines.heard(loop.nowMs(), moved, reader.keptBytes() > 0);
    }

    private boolean deliver(ByteBuffer frame) {
        framesIn++;
        try {
            handler.frame(handle, frame);
        } catch (Throwable e) {
            fault(e);
        }
        return handler != null && !paused && stage == Stage.SERVED;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        endFrames();
    }

    private void endFrames() {
        if (framesEndDue && stage == Stage.SERVED) {
            framesEndDue = false;
            try {
                handler.framesEnd(handle);
            } catch (Throwable e) {
                fault(e);
            }
        }
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
            fail(done.cause() instanceof SSLException ? CloseReason.HANDSHAKE : CloseReason.RESET, TlsEnds.reason(done.cause()));
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
        if (inputEnded) {
            return;
        }
        inputEnded = true;
        if (stage == Stage.HANDSHAKE || stage == Stage.LINGERING) {
            end(CloseReason.PEER, "");
        } else {
            tellInputEnd();
        }
    }

    private void tellInputEnd() {
        if (!inputEnded || inputEndTold || paused || stage != Stage.SERVED) {
            return;
        }
        inputEndTold = true;
        if (served.framing() == Framing.LENGTH && reader.keptBytes() > 0) {
            fail(CloseReason.TRUNCATED, "it ended within a frame, after " + reader.keptBytes() + " bytes of it");
            return;
        }
        if (reason == null) {
            reason = CloseReason.PEER;
        }
        guarded(() -> handler.inputEnded(handle));
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
        if (reason == null) {
            reason = inputEnded ? CloseReason.PEER : CloseReason.RESET;
        }
        stage = Stage.CLOSED;
        loop.remove(this);
        entry.remove(this);
        if (reader != null) {
            reader.release();
        }
        if (writer != null) {
            writer.release();
        }
        Handler last = handler;
        Handle lastHandle = handle;
        detach();
        if (last != null) {
            guarded(() -> last.closed(lastHandle, reason, detail));
        }
        owner.ended(this, reason, detail, refusal);
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
        if (handler != null && served != now) {
            park();
        }
        if (now != null && stage == Stage.WAITING) {
            adopt(now);
        }
    }

    private void park() {
        if (stage != Stage.SERVED) {
            // It is closing: nothing is left to do for a protocol.
            detach();
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
        writer.flush();
        state = ByteBuffer.allocate(given.remaining()).put(given).flip();
        stage = Stage.WAITING;
        paused = false;
        resumes = false;
        framesEndDue = false;
        deadlines.waits(loop.nowMs());
        updateReading();
        figures();
    }

    private void detach() {
        if (handle != null) {
            handle.detach();
        }
        handle = null;
        handler = null;
        served = null;
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
        } catch (DvsException e) {
            refusal = e;
            fail(CloseReason.REFUSED, e.getMessage());
            return;
        } catch (Throwable e) {
            fault(e);
            return;
        }
        state = null;
        if (stage == Stage.WAITING) {
            stage = Stage.SERVED;
            deadlines.reads(loop.nowMs());
            writer.flush();
            updateReading();
        }
        figures();
        if (first) {
            owner.opened(fresh);
        }
        pump();
    }

    private void equip(Framing framing) {
        if (writer == null) {
            FrameReader before = reader;
            reader = new FrameReader(channel.alloc(), framing, limits.maxFrameBytes());
            writer = new FrameWriter(out, channel.alloc(), framing);
            if (before != null) {
                before.handOver(reader);
            }
        }
        reader.maxBytes(limits.maxFrameBytes());
        writer.limits(limits.maxFrameBytes(), limits.maxQueuedBytes(), limits.highQueuedBytes());
        int low = FrameWriter.lowQueuedBytes(limits.highQueuedBytes());
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(low, low));
    }

    /** Hands over what was kept, after a pause of whichever kind. */
    private void pump() {
        if (stage != Stage.SERVED || paused) {
            return;
        }
        try {
            reader.drain(sink);
        } catch (BadFrameException e) {
            fail(e.reason(), e.getMessage());
            return;
        }
        noteFrames();
        endFrames();
        tellInputEnd();
    }

    void pause() {
        resumes = false;
        paused = true;
        updateReading();
    }

    void unpause(Handle by) {
        resumes = paused;
        if (!resumes) {
            return;
        }
        loop.executeAlways(() -> {
            if (handle == by && resumes) {
                resumes = false;
                paused = false;
                deadlines.reads(loop.nowMs());
                updateReading();
                pump();
            }
        });
    }

    private void updateReading() {
        // After its end Netty reads no more by itself, and must not be asked to.
        if (!inputEnded && channel.isActive()) {
            channel.config().setAutoRead(stage == Stage.SERVED && !paused || stage == Stage.LINGERING);
        }
    }

    // ---- the end

    /** Sends what was written, then the end of output, then waits for the peer's end so that nothing sent is lost by a reset. */
    void closeWhenSent() {
        if (stage.compareTo(Stage.CLOSING) >= 0) {
            return;
        }
        if (reason == null) {
            reason = CloseReason.LOCAL;
        }
        writer.flush();
        stage = Stage.CLOSING;
        closingSince = loop.nowMs();
        handle.detach();
        updateReading();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> linger());
    }

    private void linger() {
        if (stage != Stage.CLOSING) {
            return;
        }
        if (inputEnded || !(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        stage = Stage.LINGERING;
        closingSince = loop.nowMs();
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(sent -> duplex.shutdownOutput());
        }
        updateReading();
    }

    /** Closes at once. */
    void fail(CloseReason why, String text) {
        if (stage == Stage.CLOSED) {
            return;
        }
        reason = why;
        detail = text == null ? "" : text;
        end(why, detail);
    }

    /** The transport stops. Any thread. */
    void stop() {
        loop.executeAlways(() -> {
            if (channel != null) {
                fail(CloseReason.STOPPED, "the transport stops");
            }
        });
    }

    private void end(CloseReason why, String text) {
        if (reason == null) {
            reason = why;
            detail = text;
        }
        stage = Stage.CLOSED;
        if (handle != null) {
            handle.detach();
        }
        if (out.pendingBytes() > 0) {
            // Past TLS, which would wait for the peer to take its farewell.
            channel.unsafe().close(channel.unsafe().voidPromise());
        } else {
            channel.close();
        }
    }

    private void fault(Throwable e) {
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
                || stage == Stage.LINGERING && nowMs - closingSince >= LINGER_MS) {
            end(CloseReason.LOCAL, "");
        } else if (stage == Stage.WAITING || stage == Stage.SERVED) {
            CloseReason passed = deadlines.passed(nowMs, stage == Stage.SERVED && !paused, out.pendingBytes(), out.taken());
            if (passed != null) {
                fail(passed, "the deadline passed");
            }
        }
    }

    private void figures() {
        Figures now = new Figures(peer, stage == Stage.WAITING, framesIn, bytesIn, writer == null ? 0 : writer.frames(),
                writer == null ? 0 : writer.bytes(), writer == null ? 0 : writer.queuedBytes());
        if (!now.equals(figures)) {
            figures = now;
        }
    }

    /** The error that stands for this end. */
    static DvsException error(String name, CloseReason reason, String detail, DvsException refusal) {
        if (refusal != null) {
            return refusal;
        }
        String text = "connection " + name + " ended: " + reason + (detail.isEmpty() ? "" : ", " + detail);
        return new DvsException(switch (reason) {
            case HANDSHAKE -> ErrorCode.BADCERT;
            case STOPPED, PARKED_TOO_LONG, NOT_PARKED -> ErrorCode.SHUTDOWN;
            case IDLE, READ_TIMEOUT, WRITE_TIMEOUT, FIRST_FRAME_TIMEOUT -> ErrorCode.TIMEDOUT;
            default -> ErrorCode.CONNRESET;
        }, text);
    }
}
