package org.dvs.transport.netty.internal;

import java.nio.ByteBuffer;

import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Framing;
import org.dvs.transport.api.Handler;
import org.dvs.transport.netty.internal.frame.BadFrameException;
import org.dvs.transport.netty.internal.frame.FrameReader;
import org.dvs.transport.netty.internal.loop.LoopThread;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * What comes over a link: cut into frames and handed over, or kept while nobody takes it. While nothing is to be taken nothing is
 * read either: bytes stay in the socket, those read before stay here. On the link's loop.
 */
final class Intake {
    private final Channel channel;
    private final LoopThread loop;
    private final Deadlines deadlines;
    private final LinkFigures figures;
    private final Owner owner;
    private final FrameReader.Sink sink = this::deliver;
    private FrameReader reader;
    /** The framing is not known before the first protocol; keeping is the same for all. */
    private boolean framed;
    private Framing framing = Framing.STREAM;
    private Handler handler;
    private Handle handle;
    /** Whether the handler takes frames. */
    private boolean served;
    private boolean lingers;
    private boolean paused;
    private boolean resumes;
    private boolean framesEndDue;
    private boolean ended;
    private boolean endTold;

    /** The link. */
    interface Owner {
        /** The handler threw. */
        void fault(Throwable e);

        void fail(CloseReason why, String text);

        /** The peer has ended its output, and the handler is about to hear of it. */
        void peerEnds();
    }

    Intake(Channel channel, LoopThread loop, Deadlines deadlines, LinkFigures figures, Owner owner) {
        this.channel = channel;
        this.loop = loop;
        this.deadlines = deadlines;
        this.figures = figures;
        this.owner = owner;
    }

    // ---- who takes it

    /** Before the handler is known: what was kept is cut as the protocol says from now on. */
    void equip(Framing now, int maxFrameBytes) {
        if (!framed) {
            framed = true;
            framing = now;
            FrameReader before = reader;
            reader = new FrameReader(channel.alloc(), now, maxFrameBytes);
            if (before != null) {
                before.handOver(reader);
            }
        }
        reader.maxBytes(maxFrameBytes);
    }

    /** From now on it is this one's, as far as {@link #state} says. */
    void handler(Handler taking, Handle by) {
        handler = taking;
        handle = by;
    }

    /** Nobody's. */
    void nobody() {
        handler = null;
        handle = null;
    }

    /** Where the link stands. @param lingering whether what comes is read to be thrown away */
    void state(boolean taken, boolean lingering) {
        served = taken;
        lingers = lingering;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isEnded() {
        return ended;
    }

    /** The next handler begins without the pauses of this one. */
    void parked() {
        paused = false;
        resumes = false;
        framesEndDue = false;
    }

    /** Reads or not, as everything now stands. */
    void update() {
        // After its end Netty reads no more by itself, and must not be asked to.
        if (!ended && channel.isActive()) {
            channel.config().setAutoRead(served && !paused || lingers);
        }
    }

    // ---- what comes

    /** @param maxFrameBytes as long as no protocol has said its own */
    void read(ByteBuf bytes, int maxFrameBytes) {
        figures.bytes(bytes.readableBytes());
        if (handler == null || paused) {
            if (reader == null) {
                reader = new FrameReader(channel.alloc(), framing, maxFrameBytes);
            }
            reader.keep(bytes);
            return;
        }
        try {
            reader.read(bytes, sink);
        } catch (BadFrameException e) {
            owner.fail(e.reason(), e.getMessage());
        }
        noteFrames();
    }

    private void noteFrames() {
        boolean moved = reader.moved();
        framesEndDue |= moved;
        deadlines.heard(loop.nowMs(), moved, reader.keptBytes() > 0);
    }

    private boolean deliver(ByteBuffer frame) {
        figures.frame();
        try {
            handler.frame(handle, frame);
        } catch (Throwable e) {
            owner.fault(e);
        }
        return served && !paused && handler != null;
    }

    /** All that came together has been handed over. */
    void endFrames() {
        if (framesEndDue && served) {
            framesEndDue = false;
            try {
                handler.framesEnd(handle);
            } catch (Throwable e) {
                owner.fault(e);
            }
        }
    }

    /** Hands over what was kept, after a pause of whichever kind. */
    void pump() {
        if (!served || paused) {
            return;
        }
        try {
            reader.drain(sink);
        } catch (BadFrameException e) {
            owner.fail(e.reason(), e.getMessage());
            return;
        }
        noteFrames();
        endFrames();
        tellEnd();
    }

    /** The peer has ended its output. @return false if that was known */
    boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    /** Tells the handler of the end, once, when it has got all that came before. */
    void tellEnd() {
        if (!ended || endTold || paused || !served) {
            return;
        }
        endTold = true;
        if (framing == Framing.LENGTH && reader.keptBytes() > 0) {
            owner.fail(CloseReason.TRUNCATED, "it ended within a frame, after " + reader.keptBytes() + " bytes of it");
            return;
        }
        owner.peerEnds();
        try {
            handler.inputEnded(handle);
        } catch (Throwable e) {
            owner.fault(e);
        }
    }

    // ---- the handler's pauses

    void pause() {
        resumes = false;
        paused = true;
        update();
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
                update();
                pump();
            }
        });
    }

    void release() {
        if (reader != null) {
            reader.release();
        }
    }
}
