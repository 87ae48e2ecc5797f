package org.dvs.transport.netty.internal.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Framing;
import org.dvs.transport.netty.internal.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** Frames … */
@Tag("R-PXY-05")
@ExtendWith(LeakCheck.class)
class FrameReaderTest {
    private static final int MAX = 1_000;
    private final FrameReader reader = new FrameReader(PooledByteBufAllocator.DEFAULT, Framing.LENGTH, MAX);
    private final List<byte[]> frames = new ArrayList<>();
    private int stopAfter = Integer.MAX_VALUE;

    @AfterEach
    void release() {
        reader.release();
    }

    private boolean take(ByteBuffer frame) {
        assertEquals(ByteOrder.BIG_ENDIAN, frame.order());
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        frames.add(bytes);
        // What a handler may leave behind it must not matter.
        frame.order(ByteOrder.LITTLE_ENDIAN).position(0).limit(0);
        return frames.size() < stopAfter;
    }

    private static ByteBuf buffer(byte[] bytes, int from, int to) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, to - from));
        return buffer.writeBytes(bytes, from, to - from);
    }

    private void read(byte[] bytes, int from, int to) throws BadFrameException {
        reader.read(buffer(bytes, from, to), this::take);
    }

    private static byte[] stream(int... lengths) {
        ByteBuffer all = ByteBuffer.allocate(100_000);
        for (int length : lengths) {
            all.putInt(length).put(body(length));
        }
        byte[] bytes = new byte[all.flip().remaining()];
        all.get(bytes);
        return bytes;
    }

    private static byte[] body(int length) {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        return body;
    }

    private void assertFrames(int... lengths) {
        assertEquals(lengths.length, frames.size());
        for (int i = 0; i < lengths.length; i++) {
            assertArrayEquals(body(lengths[i]), frames.get(i));
        }
    }

    @Test
    void areTheSameAtEverySplitPoint() throws BadFrameException {
        int[] lengths = {1, 7, MAX, 2};
        byte[] all = stream(lengths);
        for (int first = 0; first <= all.length; first++) {
            frames.clear();
            read(all, 0, first);
            read(all, first, all.length);
            assertFrames(lengths);
            assertEquals(0, reader.keptBytes());
        }
    }

    @Test
    void areTheSameAtEveryPairOfSplitPoints() throws BadFrameException {
        int[] lengths = {3, 5, 1};
        byte[] all = stream(lengths);
        for (int first = 0; first <= all.length; first++) {
            for (int second = first; second <= all.length; second++) {
                frames.clear();
                read(all, 0, first);
                read(all, first, second);
                read(all, second, all.length);
                assertFrames(lengths);
            }
        }
    }

    @Test
    void areTheSameWhenTheyComeByteByByte() throws BadFrameException {
        byte[] all = stream(10, 600, 1);
        for (int i = 0; i < all.length; i++) {
            read(all, i, i + 1);
        }
        assertFrames(10, 600, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void withoutALegalLengthEndTheConnectionAtItsLastByte(int length) throws BadFrameException {
        byte[] all = ByteBuffer.allocate(4).putInt(length).array();
        read(all, 0, 3);
        BadFrameException bad = assertThrows(BadFrameException.class, () -> read(all, 3, 4));
        assertEquals(CloseReason.BAD_FRAME, bad.reason());
        assertEquals("a frame of " + length + " bytes", bad.getMessage());
        assertTrue(frames.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX + 1, Integer.MAX_VALUE})
    void thatAreTooLongAreRefusedBeforeAnyOfTheirBytes(int length) {
        byte[] all = ByteBuffer.allocate(4).putInt(length).array();
        BadFrameException bad = assertThrows(BadFrameException.class, () -> read(all, 0, 4));
        assertEquals(CloseReason.TOO_LONG, bad.reason());
        assertTrue(reader.keptBytes() <= 4, "no more than its length is kept");
    }

    @Test
    void beforeABadOneAreHandedOver() {
        byte[] all = ByteBuffer.allocate(9).putInt(1).put((byte) 5).putInt(-7).array();
        assertThrows(BadFrameException.class, () -> read(all, 0, all.length));
        assertEquals(1, frames.size());
    }

    @Test
    void thatAreOnlyBegunCostNoMoreThanTwiceWhatCame() throws BadFrameException {
        FrameReader large = new FrameReader(PooledByteBufAllocator.DEFAULT, Framing.LENGTH, 1 << 30);
        PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        long before = allocator.metric().usedDirectMemory();
        large.read(buffer(ByteBuffer.allocate(5).putInt(1 << 30).array(), 0, 5), frame -> true);
        assertTrue(allocator.metric().usedDirectMemory() - before <= 8 << 20, "no more than a chunk of the pool");
        assertEquals(5, large.keptBytes());
        large.release();
    }

    @Test
    void behindAStopAreKeptAndComeLater() throws BadFrameException {
        stopAfter = 2;
        byte[] all = stream(4, 5, 6, 7);
        read(all, 0, all.length - 1);
        assertFrames(4, 5);
        reader.keep(buffer(all, all.length - 1, all.length));
        assertEquals(4 + 6 + 4 + 7, reader.keptBytes());
        stopAfter = 3;
        assertFalse(reader.drain(this::take));
        assertFrames(4, 5, 6);
        stopAfter = Integer.MAX_VALUE;
        assertTrue(reader.drain(this::take));
        assertFrames(4, 5, 6, 7);
    }

    @Test
    void areCountedAsMovedOnlyOnce() throws BadFrameException {
        read(stream(3), 0, 7);
        assertTrue(reader.moved());
        assertFalse(reader.moved());
        read(stream(3), 0, 6);
        assertFalse(reader.moved(), "a part is no frame");
    }

    @Test
    void areDroppedWhenTheConnectionEndsWithinOne() throws BadFrameException {
        byte[] all = stream(4, 5);
        reader.read(buffer(all, 0, all.length), frame -> {
            reader.release();
            return false;
        });
        assertEquals(0, reader.keptBytes());
        reader.keep(buffer(all, 0, all.length));
        assertEquals(0, reader.keptBytes());
    }

    @Test
    void keptForAnotherReaderAreCutByIt() throws BadFrameException {
        byte[] all = stream(4, 5);
        FrameReader other = new FrameReader(PooledByteBufAllocator.DEFAULT, Framing.STREAM, MAX);
        other.keep(buffer(all, 0, 10));
        other.handOver(reader);
        assertEquals(0, other.keptBytes());
        assertTrue(reader.drain(this::take));
        read(all, 10, all.length);
        assertFrames(4, 5);
    }

    @Test
    void ofAStreamAreWhatIsThereAndWhatIsLeftComesAgain() throws BadFrameException {
        FrameReader lines = new FrameReader(PooledByteBufAllocator.DEFAULT, Framing.STREAM, 8);
        List<String> seen = new ArrayList<>();
        FrameReader.Sink sink = bytes -> {
            for (int i = bytes.position(); i < bytes.limit(); i++) {
                if (bytes.get(i) == '\n') {
                    byte[] line = new byte[i - bytes.position()];
                    bytes.get(line).get();
                    seen.add(new String(line, StandardCharsets.US_ASCII));
                }
            }
            return true;
        };
        for (String piece : new String[] {"ab", "c\nd", "e\nf\n", "ghijklmn"}) {
            byte[] bytes = piece.getBytes(StandardCharsets.US_ASCII);
            lines.read(buffer(bytes, 0, bytes.length), sink);
        }
        assertEquals(List.of("abc", "de", "f"), seen);
        assertEquals(8, lines.keptBytes());
        BadFrameException bad = assertThrows(BadFrameException.class, () -> lines.read(buffer(new byte[] {'o'}, 0, 1), sink));
        assertEquals(CloseReason.TOO_LONG, bad.reason());
        lines.release();
    }
}
