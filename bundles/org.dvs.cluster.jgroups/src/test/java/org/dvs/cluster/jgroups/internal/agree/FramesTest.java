package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.jgroups.protocols.raft.LogEntry;
import org.junit.jupiter.api.Test;

/** A frame … */
class FramesTest {
    private static final List<Frame> FRAMES = List.of(
            new Frame.Append(5, 10, 4, 9, -3, Frame.NONE,
                    List.of(new LogEntry(4, new byte[] {1, 2}), new LogEntry(5, new byte[0]).internal(true))),
            new Frame.Append(5, 10, 4, 9, 1, 2, List.of()), new Frame.Taken(5, 12, -7, 8), new Frame.Refused(5, 10, 3),
            new Frame.Chunk(5, 100, 4, 3, 1, new byte[] {7, 8}), new Frame.ChunkTaken(5, 100, 2),
            new Frame.Propose(5, 77, new byte[] {1}), new Frame.NotProposed(5, 77), new Frame.Reconfigure(5, 1, true, "node7"),
            new Frame.Reconfigured(5, 1, 106, "warum nicht"), new Frame.Resign(5), new Frame.Candidate(6, 12, 5),
            new Frame.Vote(6, true), new Frame.Canvass(6, 12, 5), new Frame.Support(6), new Frame.Able(6));
    private static final List<Frames.Letter> LETTERS = FRAMES.stream().flatMap(frame -> Stream.of(bare(frame),
            new Frames.Letter(new LogId(1, 2), 3, frame))).toList();

    private static Frames.Letter bare(Frame frame) {
        return new Frames.Letter(LogId.NONE, 0, frame);
    }

    @Test
    void comesOutAsItWentIn() {
        for (Frames.Letter letter : LETTERS) {
            byte[] bytes = Frames.encode(letter);
            Frames.Letter again = Frames.decode(bytes, 0, bytes.length);
            assertEquals(letter.log(), again.log());
            assertEquals(letter.voters(), again.voters());
            assertEquals(letter.frame().getClass(), again.frame().getClass());
            assertEquals(letter.frame().term(), again.frame().term());
            assertArrayEquals(bytes, Frames.encode(again), letter.toString());
        }
    }

    @Test
    void hasTheseBytes() {
        assertEquals("0102" + "0000000000000005" + "000000000000000c" + "fffffffffffffff9" + "0000000000000008",
                HexFormat.of().formatHex(Frames.encode(bare(new Frame.Taken(5, 12, -7, 8)))));
        assertEquals("02" + "0000000000000007" + "0000000000000008" + "03" + "0e" + "0000000000000005",
                HexFormat.of().formatHex(Frames.encode(new Frames.Letter(new LogId(7, 8), 3, new Frame.Support(5)))));
        assertEquals("0101" + "0000000000000001" + "0000000000000002" + "0000000000000001" + "0000000000000003"
                + "0000000000000004" + "8000000000000000" + "00000001" + "0000000000000001" + "00" + "00000001" + "ff",
                HexFormat.of().formatHex(Frames.encode(bare(new Frame.Append(1, 2, 1, 3, 4, Frame.NONE,
                        List.of(new LogEntry(1, new byte[] {-1})))))));
    }

    @Test
    void isRefusedCutOffAtAnyByteOrWithOneTooMany() {
        for (Frames.Letter letter : LETTERS) {
            byte[] bytes = Frames.encode(letter);
            for (int length = 0; length < bytes.length; length++) {
                int cut = length;
                assertThrows(IllegalArgumentException.class, () -> Frames.decode(bytes, 0, cut), letter + " cut at " + cut);
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            assertThrows(IllegalArgumentException.class, () -> Frames.decode(longer, 0, longer.length));
        }
    }

    @Test
    void isReadOrRefusedWhateverTheBytesAre() {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        System.out.println("FramesTest seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = Frames.encode(LETTERS.get(random.nextInt(LETTERS.size())));
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Frames.Letter letter;
            try {
                letter = Frames.decode(bytes, 0, bytes.length);
            } catch (IllegalArgumentException e) {
                refused++;
                continue;
            }
            byte[] again = Frames.encode(letter);
            assertEquals(bytes.length, again.length, letter.toString());
            assertArrayEquals(again, Frames.encode(Frames.decode(again, 0, again.length)));
        }
        assertTrue(refused > 1000, "hardly anything was refused: " + refused);
    }
}
