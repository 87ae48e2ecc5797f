package org.dvs.proxy.internal.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import org.dvs.kernel.api.Command;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes in comes out; what was changed on the way does not. */
@Tag("R-PXY-07")
class FrameCodecTest {
    private static final int MAX_DATA = 65_536;
    private static final int SEEDS = 300;

    private final FrameEncoder encoder = new FrameEncoder();
    private final FrameDecoder decoder = new FrameDecoder(MAX_DATA);
    private final ByteBuffer frame = ByteBuffer.allocateDirect(FrameEncoder.dataBytes(MAX_DATA, true));
    private final Frame header = new Frame();

    private ByteBuffer sent() {
        ByteBuffer copy = ByteBuffer.allocateDirect(frame.position());
        return copy.put(0, frame, 0, copy.capacity());
    }

    private static Command plain() {
        Command command = new Command();
        command.code = Command.SEND_MSG;
        command.dcid = 1;
        command.source = 30;
        command.destination = -2;
        command.sourceNode = 3;
        command.destinationNode = 4;
        command.rcode = 5;
        command.call = 6;
        command.pid = 4711;
        command.timestamp = 0x0102030405060708L;
        command.message.source(30).type(7);
        command.bytes = 9;
        return command;
    }

    @Test
    @Tag("R-PXY-08")
    void writesTheBytesThatAreDrawn() {
        encoder.agreed(DigestKind.NONE, true, 1);
        encoder.state(17, 18);
        frame.clear();
        assertFalse(encoder.commands(frame, new Command[] {plain()}, 1, true, 16));
        ByteBuffer sent = sent();
        byte[] bytes = new byte[sent.capacity()];
        sent.get(0, bytes);
        assertEquals("44565350" + "01" + "03" + "0008" + "00000000" + "00000000" + "0000" + "0000"
                + HexFormat.of().toHexDigits(sent.getInt(20)) + "0000000000000010" + "0000000000000011" + "0000000000000012"
                + "00000001" + "0000001e" + "fffffffe" + "00000003" + "00000004" + "00000001" + "00000005" + "00000006"
                + "00001267"
                + "0102030405060708" + "1e000000" + "07000000" + "00".repeat(28)
                + "00000000".repeat(5) + "00000009" + "0000000000000000".repeat(2), HexFormat.of().formatHex(bytes));
        assertEquals(168, bytes.length);
    }

    @Test
    @Tag("R-PXY-08")
    void writesOfACommandWhatDiffersFromTheOneBefore() {
        encoder.agreed(DigestKind.NONE, true, 2);
        encoder.state(17, 18);
        frame.clear();
        Command second = plain();
        second.source = 31;
        second.call = 8;
        second.bytes = 9;
        second.message.source(31).putLong(8, 0x0807060504030201L).putInt(24, 0x0c0b0a09);
        encoder.commands(frame, new Command[] {plain(), second, second}, 3, false, 16);
        ByteBuffer sent = sent();
        byte[] bytes = new byte[sent.capacity()];
        sent.get(0, bytes);
        assertEquals("44565350" + "02" + "03" + "0009" + "00000072" + "00000072" + "0002" + "0000"
                + HexFormat.of().toHexDigits(sent.getInt(20)) + "0000000000000010" + "0000000000000011" + "0000000000000012"
                + "41ff" + "00000001" + "00000003" + "00000004" + "0000001e" + "fffffffe" + "00000001" + "00000005" + "00000006"
                + "00001267" + "0102030405060708" + "00000007" + "00000000".repeat(5) + "00000009" + "0000000000000000".repeat(2)
                + "2822" + "0000001f" + "00000008" + "0102030405060708" + "090a0b0c" + "0000", HexFormat.of().formatHex(bytes));
    }

    @Test
    void carriesEveryFieldOfACommandAndItsData() {
        Seeds.each(SEEDS, seed -> {
            Random random = new Random(seed);
            DigestKind kind = DigestKind.of(random.nextInt(4));
            boolean withPid = random.nextBoolean();
            boolean compress = random.nextBoolean();
            int size = random.nextInt(4) == 0 ? -1 : random.nextInt(random.nextBoolean() ? 200 : MAX_DATA + 1);
            Command command = Commands.any(random, random.nextInt(), size);
            encoder.agreed(kind, withPid, 1 + random.nextInt(3));
            encoder.state(random.nextLong(), random.nextLong());
            frame.clear();
            boolean packed = false;
            if (size < 0) {
                encoder.commands(frame, new Command[] {command}, 1, false, seed);
            } else {
                packed = encoder.data(frame, command, compress, seed);
                assertEquals(3, command.payload.position());
            }
            ByteBuffer sent = sent();
            assertNull(decoder.header(sent, header));
            assertEquals(seed, header.sequence);
            assertEquals(packed, header.has(FrameLayout.LZ4));
            Command got = new Command();
            assertNull(size < 0 ? decoder.commands(sent, header, got) : decoder.data(sent, header, got));
            Commands.same(command, got, withPid);
        });
    }

    @Test
    void carriesBatchesInTheirOrder() {
        Seeds.each(SEEDS, seed -> {
            Random random = new Random(seed);
            int count = 1 + random.nextInt(random.nextBoolean() ? 4 : FrameLayout.MAX_BATCH);
            boolean compress = random.nextBoolean();
            Command[] all = new Command[count + 1];
            boolean withPid = random.nextBoolean();
            encoder.agreed(DigestKind.MD5, withPid, 1 + random.nextInt(2));
            for (int i = 0; i <= count; i++) {
                all[i] = i == 0 ? Commands.any(random, Command.NTFY_MSG, -1) : Commands.like(random, all[i - 1]);
            }
            frame.clear();
            encoder.commands(frame, all, count + 1, compress, seed);
            ByteBuffer sent = sent();
            assertNull(decoder.header(sent, header));
            assertEquals(count, header.batch);
            Command got = new Command();
            assertNull(decoder.commands(sent, header, got));
            Commands.same(all[0], got, withPid);
            for (int i = 1; i <= count; i++) {
                assertTrue(decoder.next(got));
                Commands.same(all[i], got, withPid);
            }
            assertFalse(decoder.next(got));
        });
    }

    @Test
    void compressesWhatGetsShorterByIt() {
        Command command = plain();
        command.payload = ByteBuffer.allocate(4096);
        frame.clear();
        assertTrue(encoder.data(frame, command, true, 1));
        assertTrue(frame.position() < 300);
        command.payload = ByteBuffer.allocate(4);
        frame.clear();
        assertFalse(encoder.data(frame, command, true, 1));
    }

    @Test
    @Tag("R-PXY-05")
    void carriesHelloAliveAndEnd() {
        Options options = new Options(true, false, true, false, true, DigestKind.XXHASH64);
        Hello hello = new Hello(7, "knoten-ä", -5, 9, 65_536, options, 11, 12, 13, 2, 3_000);
        frame.clear();
        encoder.hello(frame, FrameLayout.HELLO, hello, 0);
        ByteBuffer sent = sent();
        assertNull(decoder.header(sent, header));
        assertEquals(hello, FrameDecoder.hello(sent, header));
        frame.clear();
        encoder.alive(frame, 5, 6, 7);
        sent = sent();
        assertNull(decoder.header(sent, header));
        assertEquals(5, FrameDecoder.ping(sent));
        assertEquals(6, FrameDecoder.echo(sent));
        frame.clear();
        encoder.end(frame, Fault.DRAINED, 7);
        sent = sent();
        assertNull(decoder.header(sent, header));
        assertEquals(Fault.DRAINED, FrameDecoder.why(sent));
    }

    /** Each bit of frames of every type: refused as a whole, or the data of the copy alone. Nothing wrong is ever handed on. */
    @Test
    @Tag("R-PXY-10")
    void seesEveryBitThatWasFlipped() {
        for (DigestKind kind : new DigestKind[] {DigestKind.CRC32C, DigestKind.XXHASH64, DigestKind.MD5}) {
            for (int what = 0; what < 8; what++) {
                encoder.agreed(kind, true, what < 6 ? 1 : 2);
                frame.clear();
                Command command = plain();
                switch (what) {
                    case 0, 6 -> encoder.commands(frame, new Command[] {command}, 1, false, 1);
                    case 1, 2 -> {
                        command.payload = ByteBuffer.allocate(60).put(0, "some text some text some text".getBytes());
                        encoder.data(frame, command, what == 2, 1);
                    }
                    case 3 -> encoder.hello(frame, FrameLayout.WELCOME, new Hello(1, "node1", 2, 3, 4,
                            new Options(true, true, true, true, true, kind), 5, 6, 7, 1, 8), 1);
                    case 4 -> encoder.alive(frame, 1, 2, 3);
                    default -> {
                        Command[] commands = {plain(), new Command(), new Command()};
                        encoder.commands(frame, commands, commands.length, kind == DigestKind.MD5, 1);
                    }
                }
                ByteBuffer sent = sent();
                for (int bit = 0; bit < sent.capacity() * 8; bit++) {
                    sent.put(bit / 8, (byte) (sent.get(bit / 8) ^ 1 << bit % 8));
                    Command got = new Command();
                    Fault fault = decoder.header(sent, header);
                    if (fault == null && header.has(FrameLayout.DATA)) {
                        fault = decoder.data(sent, header, got);
                    }
                    // A block of LZ4 may be written in several ways: then the data are what they were.
                    boolean harmless = what == 2 && command.payload.equals(got.payload);
                    assertTrue(fault != null || harmless, "bit " + bit + " of frame " + what + " with " + kind);
                    sent.put(bit / 8, (byte) (sent.get(bit / 8) ^ 1 << bit % 8));
                }
                assertNull(decoder.header(sent, header));
            }
        }
    }

    @Test
    void refusesAFrameThatIsCutAnywhereOrLonger() {
        Command command = plain();
        command.payload = ByteBuffer.allocate(100);
        encoder.agreed(DigestKind.CRC32C, true, 1);
        frame.clear();
        encoder.data(frame, command, false, 1);
        ByteBuffer sent = sent();
        for (int length = 0; length < sent.capacity(); length++) {
            assertNotNull(decoder.header(sent.slice(0, length), header));
        }
        ByteBuffer longer = ByteBuffer.allocate(sent.capacity() + 1).put(0, sent, 0, sent.capacity());
        assertEquals(Fault.LENGTH, decoder.header(longer, header));
    }

    /** A header that is sound in itself, with a value that must not be. */
    private Fault changed(int at, int bytes, long value) {
        encoder.agreed(DigestKind.NONE, true, 2);
        frame.clear();
        Command command = plain();
        command.payload = ByteBuffer.allocate(16);
        encoder.data(frame, command, false, 1);
        ByteBuffer sent = sent();
        switch (bytes) {
            case 1 -> sent.put(at, (byte) value);
            case 2 -> sent.putShort(at, (short) value);
            default -> sent.putInt(at, (int) value);
        }
        sent.putInt(FrameLayout.AT_CHECK, new Digester().check(sent, 0, 20, 24, FrameLayout.AT_BODY));
        return decoder.header(sent, header);
    }

    @Test
    void namesWhatIsWrong() {
        assertEquals(Fault.MAGIC, changed(0, 4, 0x44565351));
        assertEquals(Fault.VERSION, changed(4, 1, 3));
        assertEquals(Fault.FLAGS, changed(4, 1, 2));
        assertEquals(Fault.TYPE, changed(5, 1, 0));
        assertEquals(Fault.TYPE, changed(5, 1, 6));
        assertEquals(Fault.TYPE, changed(5, 1, 255));
        assertEquals(Fault.FLAGS, changed(6, 2, 0x40));
        assertEquals(Fault.FLAGS, changed(6, 2, FrameLayout.DATA | FrameLayout.BATCH));
        for (long length : new long[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 15, 17, 0}) {
            assertEquals(Fault.LENGTH, changed(8, 4, length), "length " + length);
            assertEquals(Fault.LENGTH, changed(12, 4, length), "raw " + length);
        }
        assertEquals(Fault.LENGTH, changed(16, 2, 1));
        assertEquals(Fault.LENGTH, changed(18, 2, 1));
    }

    @Test
    void doesNotUnpackABomb() {
        for (int raw : new int[] {MAX_DATA + 1, Integer.MAX_VALUE, 4000}) {
            Command command = plain();
            command.payload = ByteBuffer.allocate(4096);
            encoder.agreed(DigestKind.CRC32C, true, 1);
            frame.clear();
            encoder.data(frame, command, true, 1);
            ByteBuffer sent = sent().putInt(FrameLayout.AT_RAW, raw);
            sent.putInt(FrameLayout.AT_CHECK, new Digester().check(sent, 0, 20, 24, FrameLayout.AT_BODY));
            Fault fault = decoder.header(sent, header);
            Command got = new Command();
            assertEquals(raw == 4000 ? Fault.DECOMPRESS : Fault.LENGTH, fault == null ? decoder.data(sent, header, got)
                    : fault);
            assertNull(got.payload);
        }
    }

    /** Bodies whose check is right and that are no commands, though their peer said so. */
    @Test
    @Tag("R-PXY-10")
    void takesNothingOfCommandsThatDoNotFillTheirFrame() {
        encoder.agreed(DigestKind.NONE, true, 2);
        for (boolean packed : new boolean[] {false, true}) {
            Command[] commands = new Command[64];
            Arrays.setAll(commands, i -> plain());
            frame.clear();
            assertEquals(packed, encoder.commands(frame, commands, commands.length, packed, 1));
            ByteBuffer good = sent();
            assertNull(decoder.header(good, header));
            assertNull(decoder.commands(good, header, new Command()));
            for (int batch : new int[] {1, 62, 64, FrameLayout.MAX_BATCH}) {
                ByteBuffer bad = sent().putShort(16, (short) batch);
                bad.putInt(FrameLayout.AT_CHECK, new Digester().check(bad, 0, 20, 24, bad.capacity()));
                Fault fault = decoder.header(bad, header);
                assertEquals(batch > 400 ? Fault.LENGTH : Fault.GAP,
                        fault == null ? decoder.commands(bad, header, new Command()) : fault, batch + " " + packed);
            }
        }
        frame.clear();
        encoder.commands(frame, new Command[] {plain()}, 1, false, 1);
        // A bit that nothing belongs to; and one for bytes that are not there.
        for (int what : new int[] {0xc1ff, 0x61ff}) {
            ByteBuffer bad = sent().putShort(48, (short) what);
            bad.putInt(FrameLayout.AT_CHECK, new Digester().check(bad, 0, 20, 24, bad.capacity()));
            assertNull(decoder.header(bad, header));
            assertEquals(Fault.GAP, decoder.commands(bad, header, new Command()));
        }
    }

    @Test
    void refusesAHelloThatCannotBe() {
        Options options = new Options(false, false, false, false, false, DigestKind.NONE);
        Hello[] wrong = {new Hello(-1, "n", 1, 1, 1, options, 0, 0, 0, 1, 1), new Hello(1, "n", 0, 1, 1, options, 0, 0, 0, 1, 1),
            new Hello(1, "n", 1, -1, 1, options, 0, 0, 0, 1, 1), new Hello(1, "n", 1, 1, 0, options, 0, 0, 0, 1, 1),
            new Hello(1, "n", 1, 1, 1, options, 0, -1, 0, 1, 1), new Hello(1, "n", 1, 1, 1, options, 0, 0, -1, 1, 1),
            new Hello(1, "n", 1, 1, 1, options, 0, 0, 0, 1, 0),
            new Hello(1, "n", 1, 1, 1, options, 0, 0, 0, -1, 1)};
        for (Hello hello : wrong) {
            frame.clear();
            encoder.hello(frame, FrameLayout.HELLO, hello, 0);
            ByteBuffer sent = sent();
            assertNull(decoder.header(sent, header));
            assertNull(FrameDecoder.hello(sent, header));
        }
    }

    @Test
    @Tag("R-PXY-02")
    void takesNoNoticeOfOptionsOfANewerBuild() {
        Options known = new Options(true, false, true, false, true, DigestKind.XXHASH64);
        assertEquals(known, Options.of(known.bits() | 0xffff_fce0));
    }

    @Test
    @Tag("R-PXY-02")
    void settlesUnequalOptionsForBothEndsAlike() {
        Seeds.each(200, seed -> {
            Random random = new Random(seed);
            Options a = options(random);
            Options b = options(random);
            assertEquals(a, Options.of(a.bits()));
            Options here = a.with(b);
            Options there = b.with(a);
            assertEquals(here.batch(), there.batch());
            assertEquals(here.compress(), there.compress());
            assertEquals(here.sequence(), there.sequence());
            assertEquals(here.digest(), there.digest());
            assertEquals(a.differences(b).size(), b.differences(a).size());
            assertEquals(a.autobind(), here.autobind());
        });
    }

    private static Options options(Random random) {
        return new Options(random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(),
                random.nextBoolean(),
                DigestKind.of(random.nextInt(4)));
    }
}
