package org.dvs.cluster.jgroups.internal.order;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The codec. */
class FrameCodecTest {
    private static final Peer A = new Peer(0, 0x1122334455667788L);
    private static final Peer B = new Peer(Integer.MAX_VALUE, -1);
    private static final Epoch EPOCH = new Epoch(7, A);
    private static final Ordered MESSAGE = new Ordered(B, 9, -1L, "dvs.request", new byte[] {1, 2, 3});
    private static final Mark MARK = new Mark(EPOCH, List.of(new Seat(A, "node0", 3), new Seat(B, "knoten-ü")),
            Map.of(B, Cause.ENDED));

    static Stream<Frame> frames() {
        return Stream.of(
                new Frame.Forward(EPOCH, 3, 4, 5, "c", new byte[0]),
                new Frame.Forward(EPOCH, 3, 4, 5, "c", new byte[FrameCodec.MAX_PAYLOAD]),
                new Frame.Sequenced(EPOCH, 12, -1, MESSAGE),
                new Frame.Ack(EPOCH, Long.MAX_VALUE),
                new Frame.Stable(EPOCH, 0),
                new Frame.Missing(EPOCH, 1),
                new Frame.Flush(EPOCH, Optional.empty(), Optional.empty(), List.of(), Map.of()),
                new Frame.Flush(EPOCH, Optional.of(new Position(EPOCH, 3)), Optional.of(new Position(EPOCH, 1)),
                        List.of(new Entry.View(MARK), new Entry.Message(new Position(EPOCH, 2), MESSAGE)),
                        Map.of(A, Cause.LEFT, B, Cause.SILENT)),
                new Frame.Sync(List.of(new Entry.Message(new Position(EPOCH, 2), MESSAGE)), MARK),
                new Frame.Direct(EPOCH, 8, "c", new byte[] {5}),
                new Frame.Credit(4_096));
    }

    /** Records compare arrays by identity, so this compares what they hold. */
    private static String text(Object frame) {
        return frame.toString().replaceAll("\\[B@[0-9a-f]+", "bytes");
    }

    private static Frame decode(byte[] bytes) throws BadFrameException {
        return FrameCodec.decode(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void givesBackWhatItWasGiven(Frame frame) throws BadFrameException {
        byte[] bytes = FrameCodec.encode(frame);
        assertEquals(text(frame), text(decode(bytes)));
        assertArrayEquals(bytes, FrameCodec.encode(decode(bytes)));
        byte[] shifted = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, shifted, 3, bytes.length);
        assertEquals(text(frame), text(FrameCodec.decode(shifted, 3, bytes.length)));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void refusesAFrameCutOffAnywhereOrWithMoreBehindIt(Frame frame) {
        byte[] bytes = FrameCodec.encode(frame);
        int step = Math.max(1, bytes.length / 500);
        for (int length = 0; length < bytes.length; length += step) {
            int cut = length;
            assertThrows(BadFrameException.class, () -> FrameCodec.decode(bytes, 0, cut), "cut at " + cut);
        }
        assertThrows(BadFrameException.class, () -> decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void hasTheBytesItHadInVersionOne() {
        assertEquals("d7500103" + "0000000000000007" + "00000000" + "1122334455667788" + "000000000000002a",
                HexFormat.of().formatHex(FrameCodec.encode(new Frame.Ack(EPOCH, 42))));
        assertEquals("d7500108" + "0000000000000007" + "00000000" + "1122334455667788" + "0000000000000000" + "0000000000000008"
                + "0163" + "00000001" + "05",
                HexFormat.of().formatHex(FrameCodec.encode(new Frame.Direct(EPOCH, 8, "c", new byte[] {5}))));
    }

    @Test
    void refusesAnotherProtocolVersionAndType() {
        byte[] ack = FrameCodec.encode(new Frame.Ack(EPOCH, 42));
        for (int position = 0; position < 4; position++) {
            byte[] wrong = ack.clone();
            wrong[position] = 99;
            assertThrows(BadFrameException.class, () -> decode(wrong), "at " + position);
        }
    }

    @Test
    void refusesLengthsBeyondItsLimitsBeforeItAllocates() {
        byte[] direct = FrameCodec.encode(new Frame.Direct(EPOCH, 8, "c", new byte[] {5}));
        int payloadLength = direct.length - 5;
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, FrameCodec.MAX_PAYLOAD + 1, 2}) {
            byte[] wrong = direct.clone();
            ByteBuffer.wrap(wrong).putInt(payloadLength, length);
            assertThrows(BadFrameException.class, () -> decode(wrong), "payload of " + length);
        }
        byte[] flush = FrameCodec.encode(new Frame.Flush(EPOCH, Optional.empty(), Optional.empty(), List.of(), Map.of()));
        for (int count : new int[] {-1, Integer.MAX_VALUE, FrameCodec.MAX_ENTRIES + 1, 1}) {
            byte[] wrong = flush.clone();
            ByteBuffer.wrap(wrong).putInt(flush.length - 8, count);
            assertThrows(BadFrameException.class, () -> decode(wrong), count + " entries");
        }
        assertThrows(IllegalArgumentException.class,
                () -> FrameCodec.encode(new Frame.Direct(EPOCH, 0, "x".repeat(FrameCodec.MAX_NAME + 1), new byte[0])));
    }

    @Test
    void neverFailsInAnotherWayOnBytesThatAreWrong() {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> all = frames().map(FrameCodec::encode).filter(bytes -> bytes.length < 1_000).toList();
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = all.get(random.nextInt(all.size())).clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                decode(bytes);
            } catch (BadFrameException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("dvs.seed=" + seed + ": " + HexFormat.of().formatHex(bytes), e);
            }
        }
        assertTrue(refused > 1_000, "dvs.seed=" + seed);
    }
}
