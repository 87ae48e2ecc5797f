package org.dvs.transport.netty.internal;

import org.dvs.transport.netty.internal.frame.FrameWriter;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;

/** A channel as the writer sees it. On its loop. */
final class ChannelOut implements FrameWriter.Out {
    private final Channel channel;

    ChannelOut(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    @Override
    public void write(ByteBuf bytes, Runnable released) {
        channel.write(bytes).addListener(sent -> released.run());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public long pendingBytes() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }

    /** Whenever more than so many bytes, or fewer again, wait to be sent, the {@link LinkEvents} hear of it. */
    void tellsAt(int pendingBytes) {
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(pendingBytes, pendingBytes));
    }

    /** A number that changes when the peer takes something, and by nothing else. */
    long taken() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : 31L * System.identityHashCode(queue.current()) + queue.currentProgress();
    }
}
