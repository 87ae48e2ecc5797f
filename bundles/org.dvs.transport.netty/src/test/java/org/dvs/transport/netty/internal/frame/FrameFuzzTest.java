package org.dvs.transport.netty.internal.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.dvs.transport.api.Framing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * Jazzer target. A normal build only replays the inputs kept in {@code src/test/resources}; {@code JAZZER_FUZZ=1 mvn -pl
 * bundles/org.dvs.transport.netty test -Dtest=FrameFuzzTest} searches for new ones.
 */
class FrameFuzzTest {
    private static final int MAX = 200;

    /** Bytes in pieces of any size, the sink stopping now and then, give what a plain look at all the bytes gives. */
    @FuzzTest
    void cut(FuzzedDataProvider data) {
        List<ByteBuffer> got = new ArrayList<>();
        ByteBuffer all = ByteBuffer.allocate(1 << 16);
        FrameReader reader = new FrameReader(PooledByteBufAllocator.DEFAULT, Framing.LENGTH, MAX);
        boolean bad = false;
        boolean stopped = false;
        try {
            while (data.remainingBytes() > 0 && !bad) {
                boolean stops = data.consumeBoolean();
                byte[] piece = data.consumeBytes(data.consumeInt(0, 300));
                if (all.remaining() < piece.length) {
                    break;
                }
                all.put(piece);
                FrameReader.Sink sink = frame -> got.add(ByteBuffer.allocate(frame.remaining()).put(frame).flip()) && !stops;
                ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(1).writeBytes(piece);
                if (stopped) {
                    reader.keep(bytes);
                    stopped = !reader.drain(sink);
                } else {
                    int before = got.size();
                    reader.read(bytes, sink);
                    stopped = stops && got.size() > before;
                }
            }
            if (!bad) {
                reader.drain(frame -> got.add(ByteBuffer.allocate(frame.remaining()).put(frame).flip()));
            }
        } catch (BadFrameException e) {
            bad = true;
        } finally {
            reader.release();
        }
        check(all.flip(), got, bad);
    }

    private static void check(ByteBuffer all, List<ByteBuffer> got, boolean bad) {
        int at = 0;
        boolean expectedBad = false;
        while (all.remaining() >= 4) {
            int length = all.getInt(all.position());
            if (length <= 0 || length > MAX) {
                expectedBad = true;
                break;
            }
            if (all.remaining() < 4 + length) {
                break;
            }
            assertTrue(at < got.size(), "frame " + at + " is missing");
            assertEquals(all.slice(all.position() + 4, length), got.get(at++));
            all.position(all.position() + 4 + length);
        }
        assertEquals(at, got.size());
        assertEquals(expectedBad, bad);
    }
}
