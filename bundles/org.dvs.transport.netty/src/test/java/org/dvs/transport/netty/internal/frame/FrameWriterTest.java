package org.dvs.transport.netty.internal.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.dvs.transport.api.Framing;
import org.dvs.transport.netty.internal.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;

/** The writer … */
@Tag("R-PXY-05")
@ExtendWith(LeakCheck.class)
class FrameWriterTest {
    private final FakeOut out = new FakeOut();
    private final FrameWriter writer = new FrameWriter(out, PooledByteBufAllocator.DEFAULT, Framing.LENGTH);

    FrameWriterTest() {
        writer.limits(100_000, 300_000, 10_000);
    }

    @AfterEach
    void release() {
        writer.release();
        out.take();
    }

    /** A socket that takes nothing until it is told to. */
    private static final class FakeOut implements FrameWriter.Out {
        final List<ByteBuf> written = new ArrayList<>();
        final List<Runnable> released = new ArrayList<>();
        int flushes;

        @Override
        public void write(ByteBuf bytes) {
            written.add(bytes);
        }

        @Override
        public void write(ByteBuf bytes, Runnable done) {
            written.add(bytes);
            released.add(done);
        }

        @Override
        public void flush() {
            flushes++;
        }

        @Override
        public long pendingBytes() {
            return written.stream().mapToInt(ByteBuf::readableBytes).sum();
        }

        byte[] take() {
            byte[][] all = written.stream().map(ByteBufUtil::getBytes).toArray(byte[][]::new);
            written.forEach(ByteBuf::release);
            written.clear();
            int size = 0;
            for (byte[] each : all) {
                size += each.length;
            }
            ByteBuffer joined = ByteBuffer.allocate(size);
            for (byte[] each : all) {
                joined.put(each);
            }
            return joined.array();
        }
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    @Test
    void putsTheLengthBeforeEachFrameAndGathersThemUntilTheFlush() {
        writer.end(writer.begin(8).put((byte) 7).put((byte) 8));
        assertTrue(writer.write(bytes(9)));
        assertTrue(writer.write(bytes(1, 2), bytes(3)));
        assertEquals(0, out.written.size());
        assertEquals(6 + 5 + 7, writer.queuedBytes());
        writer.flush();
        assertEquals(1, out.written.size(), "one write for all");
        assertEquals(1, out.flushes);
        assertArrayEquals(new byte[] {0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9, 0, 0, 0, 3, 1, 2, 3}, out.take());
        assertEquals(3, writer.frames());
        assertEquals(18, writer.bytes());
        writer.flush();
        assertEquals(1, out.flushes, "nothing is no flush");
    }

    @Test
    void dropsAFrameWithNothingInItAndOneThatWasNotEnded() {
        writer.end(writer.begin(8));
        writer.begin(8).put((byte) 1);
        writer.write(bytes(5));
        writer.flush();
        assertArrayEquals(new byte[] {0, 0, 0, 1, 5}, out.take());
    }

    @Test
    void doesNotChangeTheBuffersItIsGiven() {
        ByteBuffer header = bytes(1, 2, 3).position(1);
        ByteBuffer payload = bytes(4, 5).limit(1);
        writer.write(header, payload);
        writer.write(header);
        assertEquals(1, header.position());
        assertEquals(1, payload.limit());
        writer.flush();
        assertArrayEquals(new byte[] {0, 0, 0, 3, 2, 3, 4, 0, 0, 0, 2, 2, 3}, out.take());
    }

    @Test
    void refusesSizesThatAreNotLegal() {
        assertThrows(IllegalArgumentException.class, () -> writer.begin(0));
        assertThrows(IllegalArgumentException.class, () -> writer.begin(100_001));
        assertThrows(IllegalArgumentException.class, () -> writer.write(bytes()));
        assertThrows(IllegalArgumentException.class, () -> writer.write(bytes(), bytes()));
        assertThrows(IllegalArgumentException.class, () -> writer.write(bytes(1), bytes(2), () -> { }), "not direct");
        assertThrows(IllegalStateException.class, () -> writer.end(bytes(1)));
    }

    @Test
    void takesEveryFrameWhileItIsWritableAndRefusesWholeOnesAtItsBound() {
        int frames = 0;
        while (writer.writable()) {
            assertTrue(writer.write(ByteBuffer.allocate(99_000)), "it said that it is writable");
            frames++;
        }
        assertEquals(1, frames);
        assertTrue(writer.write(ByteBuffer.allocate(99_000)));
        assertTrue(writer.write(ByteBuffer.allocate(99_000)));
        assertFalse(writer.write(ByteBuffer.allocate(99_000)));
        assertNull(writer.begin(99_000));
        assertTrue(writer.write(ByteBuffer.allocate(1_000)), "a shorter one still fits");
        writer.flush();
        assertEquals(3 * 99_004 + 1_004, out.take().length);
        assertTrue(writer.write(ByteBuffer.allocate(99_000)), "there is room again");
    }

    @Test
    void saysOnceThatThereIsRoomAgain() {
        assertFalse(writer.relieved(), "nobody was told to wait");
        writer.write(ByteBuffer.allocate(20_000));
        writer.flush();
        assertFalse(writer.writable());
        assertFalse(writer.relieved());
        out.take();
        assertTrue(writer.relieved());
        assertFalse(writer.relieved());
    }

    @Test
    void sendsALargePayloadWithoutACopyAndTellsWhenItIsFree() {
        ByteBuffer payload = ByteBuffer.allocateDirect(50_000).put(0, (byte) 1).position(0);
        writer.write(bytes(9));
        boolean[] free = new boolean[1];
        assertTrue(writer.write(bytes(5), payload, () -> free[0] = true));
        assertEquals(1, out.flushes);
        payload.put(49_999, (byte) 77);
        byte[] sent = out.take();
        assertEquals(5 + 4 + 1 + 50_000, sent.length);
        assertEquals(50_001, ByteBuffer.wrap(sent).getInt(5));
        assertEquals(5, sent[9]);
        assertEquals(77, sent[sent.length - 1], "what is sent is the buffer itself");
        assertFalse(free[0]);
        out.released.get(0).run();
        assertTrue(free[0]);
    }

    @Test
    void sendsWhatDoesNotFitIntoOneBufferBeforeTheFlush() {
        for (int i = 0; i < 200; i++) {
            writer.write(ByteBuffer.allocate(1_000));
        }
        assertTrue(out.flushes > 0);
        int early = out.flushes;
        assertTrue(early <= 5, "after the first the buffers are large");
        writer.flush();
        byte[] all = out.take();
        assertEquals(200 * 1_004, all.length);
        for (int i = 0; i < 200; i++) {
            assertEquals(1_000, ByteBuffer.wrap(all).getInt(i * 1_004));
        }
    }

    @Test
    void sendsAFewLongFramesTogether() {
        writer.limits(100_000, 1_000_000, 900_000);
        for (int i = 1; i <= 4; i++) {
            assertTrue(writer.write(ByteBuffer.allocate(70_000)));
            assertEquals(0, out.flushes, "after " + i);
        }
        assertEquals(3, out.written.size(), "the last one may get company");
        writer.flush();
        assertEquals(1, out.flushes);
        assertEquals(4, out.written.size());
    }

    @Test
    void sendsLongFramesBeforeTheFlushOnceTheyAreMany() {
        writer.limits(100_000, 1_000_000, 900_000);
        for (int i = 0; i < 5; i++) {
            assertTrue(writer.write(ByteBuffer.allocate(70_000)));
        }
        assertEquals(1, out.flushes);
        assertEquals(4, out.written.size());
    }

    @Test
    void ofAStreamPutsNothingBeforeABlock() {
        FrameWriter stream = new FrameWriter(out, PooledByteBufAllocator.DEFAULT, Framing.STREAM);
        stream.limits(100, 100, 10);
        stream.write(bytes(1, 2));
        stream.end(stream.begin(2).put((byte) 3));
        stream.flush();
        assertArrayEquals(new byte[] {1, 2, 3}, out.take());
    }
}
