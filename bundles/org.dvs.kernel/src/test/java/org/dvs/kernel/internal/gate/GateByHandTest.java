package org.dvs.kernel.internal.gate;

import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;
import org.dvs.transport.api.CloseReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames made by hand. Names finish the sentence "a program that writes its own frames …". */
@Tag("R-PXY-08")
class GateByHandTest {
    private static final int SEEDS = Integer.getInteger("dvs.seeds", 500);
    private static final int[] NUMBERS = {0, 1, -1, 2, 3, 10, 11, 4_711, EndpointNumbers.ANY, EndpointNumbers.NONE,
            SELF, -36, 221, Integer.MIN_VALUE, Integer.MAX_VALUE, GateOp.MAGIC};
    private static final long[] TIMES = {0, -1, 5, -2, Long.MIN_VALUE, Long.MAX_VALUE, 4_096};

    private final HandGate hand = new HandGate();

    GateByHandTest() throws DvsException {
    }

    @AfterEach
    void nothingIsLeft() throws DvsException {
        hand.end();
    }

    private static byte[] call(byte op, int bytes) {
        return ByteBuffer.allocate(bytes).put(op).array();
    }

    /** The calls and how long their frames are. */
    @ParameterizedTest
    @CsvSource({"3, 49", "4, 13", "5, 49", "6, 13", "7, 49", "8, 17", "9, 29", "10, 13", "11, 13", "12, 13", "13, 5", "14, 14",
            "18, 49", "19, 49"})
    void isCutOffForACallThatIsShorterOrLongerThanItIs(byte op, int bytes) throws DvsException {
        for (int length = 1; length <= GateOp.MAX_CALL_BYTES + 1; length++) {
            HandConnection program = hand.bound(HandGate.HAND);
            boolean open = program.frame(call(op, length));
            assertEquals(length == bytes, open, "of " + length + " bytes");
            assertEquals(open ? null : CloseReason.BAD_FRAME, program.closed);
            program.close();
            program.run();
        }
    }

    @Test
    void isCutOffForACallThatThereIsNotAndForNothing() throws DvsException {
        for (int op = Byte.MIN_VALUE; op <= Byte.MAX_VALUE; op++) {
            boolean known = op >= GateOp.SEND && op <= GateOp.REPLY_RECEIVE;
            if (!known) {
                HandConnection program = hand.bound(HandGate.HAND);
                assertFalse(program.frame(call((byte) op, 13)), "op " + op);
            }
        }
        assertFalse(hand.bound(HandGate.HAND).frame(new byte[0]));
    }

    @Test
    void isCutOffForACallBeforeItIsBoundAndForBindingTwice() throws DvsException {
        assertFalse(hand.program().frame(call(GateOp.RECEIVE, 13)));
        assertFalse(hand.bound(HandGate.HAND).frame(HandGate.bind(11)));
        assertTrue(hand.kernel.process(0, 11).isFree());
    }

    @Test
    void isBoundToNothingWhenWhatItSaysFirstIsCutOffOrForeign() throws DvsException {
        byte[] bind = HandGate.bind(HandGate.HAND);
        for (int length = 1; length < bind.length - HandGate.NAME.length(); length++) {
            assertFalse(hand.program().frame(Arrays.copyOf(bind, length)), "of " + length + " bytes");
        }
        for (int at : new int[] {0, 1, 4}) {
            byte[] other = bind.clone();
            other[at] ^= 0x55;
            assertFalse(hand.program().frame(other), "byte " + at);
        }
        assertTrue(hand.kernel.process(0, HandGate.HAND).isFree());
    }

    @Test
    void isToldThatItIsOfAnotherVersionOnceAndThenCutOff() throws DvsException {
        byte[] other = HandGate.bind(HandGate.HAND);
        other[6] ^= 1;
        HandConnection program = hand.program();
        assertFalse(program.frame(other));
        assertEquals(GateOp.OTHER_VERSION, program.sent.get(0).getInt(1));
        assertEquals(CloseReason.LOCAL, program.closed);
    }

    @ParameterizedTest
    @CsvSource({"'', BADVALUE", "a b, BADVALUE", "0123456789abcdef, NAMESIZE", "'a\u0000', BADVALUE", "'\u001b[2J', BADVALUE"})
    void isRefusedANameThatIsNone(String name, ErrorCode code) throws DvsException {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(20 + text.length).put(HandGate.bind(HandGate.HAND), 0, 20).put(text);
        HandConnection program = hand.program();
        assertTrue(program.frame(frame.array()));
        assertEquals(code.rcode(), program.sent.get(0).getInt(1));
        assertTrue(program.frame(HandGate.bind(HandGate.HAND)), "it may say another one");
    }

    @Test
    void isToldThatItsTimeIsOverThoughItsAnswerHasTakenAllOfIt() throws DvsException {
        HandConnection program = hand.bound(HandGate.HAND);
        program.sent.clear();
        // Of one millisecond no whole one is left.
        program.frame(ByteBuffer.allocate(13 + Message.BYTES).put(GateOp.REPLY_RECEIVE).putInt(77).putLong(1).array());
        assertEquals(List.of(), program.sent, "it waits for the next message");
        hand.pass(1);
        program.run();
        assertEquals(ErrorCode.TIMEDOUT.rcode(), program.sent.get(0).getInt(1));
    }

    /** Whatever number it gives for its memory, whoever copies is told of an address, and nothing that could mislead it. */
    @ParameterizedTest
    @CsvSource({"-332", "-2147483648", "7", "-14"})
    void saysNothingButThatItsMemoryCannotBeReached(int number) throws DvsException {
        HandConnection program = hand.bound(HandGate.HAND);
        program.frame(ByteBuffer.allocate(13).put(GateOp.RECEIVE).putInt(EndpointNumbers.ANY).putLong(-1).array());
        AsyncEndpoint copier = hand.kernel.bindAsync(0, 12, "copier", BindKind.SELF, EndpointNumbers.LOCALNODE);
        long mine = copier.memory().expose(ByteBuffer.allocateDirect(100));
        for (boolean read : new boolean[] {true, false}) {
            int[] ended = {1};
            program.sent.clear();
            if (read) {
                copier.vcopy(HandGate.HAND, 4_096, SELF, mine, 100, rcode -> ended[0] = rcode);
            } else {
                copier.vcopy(SELF, mine, HandGate.HAND, 4_096, 100, rcode -> ended[0] = rcode);
            }
            program.run();
            ByteBuffer asked = program.sent.get(0);
            assertEquals(1, ended[0], "it is asked first");
            assertTrue(program.frame(ByteBuffer.allocate(9).put(read ? GateOp.COPY_DATA : GateOp.COPY_WRITTEN)
                    .putInt(asked.getInt(1)).putInt(number).array()));
            assertEquals(ErrorCode.FAULT.rcode(), ended[0]);
        }
        copier.close();
    }

    /** Whoever is to be warned of its end has yet to hear it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isDeadToWhoeverCopiesAsSoonAsItsConnectionHasEnded(boolean read) throws DvsException {
        hand.kernel.dcInit(new DcSettings(1, "warns", 221, 35, 64, 32, 5, 77, false));
        AsyncEndpoint warned = hand.kernel.bindAsync(1, 5, "warned", BindKind.SELF, EndpointNumbers.LOCALNODE);
        AsyncEndpoint copier = hand.kernel.bindAsync(1, 12, "copier", BindKind.SELF, EndpointNumbers.LOCALNODE);
        long mine = copier.memory().expose(ByteBuffer.allocateDirect(100));
        int[] ended = {1};
        Runnable copy = read ? () -> copier.vcopy(HandGate.HAND, 4_096, SELF, mine, 100, rcode -> ended[0] = rcode)
                : () -> copier.vcopy(SELF, mine, HandGate.HAND, 4_096, 100, rcode -> ended[0] = rcode);
        HandConnection program = hand.program();
        program.frame(ByteBuffer.wrap(HandGate.bind(HandGate.HAND)).putInt(8, 1).array());
        program.frame(ByteBuffer.allocate(13).put(GateOp.RECEIVE).putInt(EndpointNumbers.ANY).putLong(-1).array());
        int dead = (read ? ErrorCode.SRCDIED : ErrorCode.DSTDIED).rcode();

        copy.run();
        assertEquals(1, ended[0], "it is asked first");
        program.close();
        program.run();
        assertEquals(dead, ended[0], "of one under way");
        hand.pass(1);
        warned.receive(HandGate.HAND, new Message(), Endpoint.NOWAIT, rcode -> assertEquals(0, rcode));
        assertFalse(hand.kernel.process(1, HandGate.HAND).isFree());
        copy.run();
        assertEquals(dead, ended[0], "of another one");
        hand.kernel.dcEnd(1);
    }

    /** The kernel hears of the end only when the loop comes to it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isDeadToWhoeverCopiesBeforeTheKernelHasHeardOfIt(boolean read) throws DvsException {
        HandConnection program = hand.bound(HandGate.HAND);
        program.frame(ByteBuffer.allocate(13).put(GateOp.RECEIVE).putInt(EndpointNumbers.ANY).putLong(-1).array());
        AsyncEndpoint copier = hand.kernel.bindAsync(0, 12, "copier", BindKind.SELF, EndpointNumbers.LOCALNODE);
        long mine = copier.memory().expose(ByteBuffer.allocateDirect(100));
        int[] ended = {1};
        program.close();
        if (read) {
            copier.vcopy(HandGate.HAND, 4_096, SELF, mine, 100, rcode -> ended[0] = rcode);
        } else {
            copier.vcopy(SELF, mine, HandGate.HAND, 4_096, 100, rcode -> ended[0] = rcode);
        }
        assertEquals((read ? ErrorCode.SRCDIED : ErrorCode.DSTDIED).rcode(), ended[0]);
        program.run();
        copier.close();
    }

    private static byte[] random(Random random) {
        byte op = (byte) (random.nextInt(20) == 0 ? random.nextInt(256) : 1 + random.nextInt(19));
        ByteBuffer frame = ByteBuffer.allocate(200).put(op);
        int length = switch (op) {
            case GateOp.BIND -> 23;
            case GateOp.ATTACH -> 10;
            case GateOp.RECEIVE, GateOp.RCVRQST, GateOp.WAIT4BIND, GateOp.WAIT4UNBIND, GateOp.UNBIND -> 13;
            case GateOp.NOTIFY -> 17;
            case GateOp.VCOPY -> 29;
            case GateOp.GETEP, GateOp.EXIT -> 5;
            case GateOp.LCLBIND -> 14;
            case GateOp.COPY_DATA, GateOp.COPY_WRITTEN -> 9 + (random.nextInt(3) == 0 ? 100 : 0);
            default -> 49;
        };
        if (op == GateOp.BIND || op == GateOp.ATTACH) {
            frame.putInt(GateOp.MAGIC).putShort(GateOp.VERSION);
            if (op == GateOp.BIND) {
                frame.put((byte) random.nextInt(7)).putInt(random.nextInt(4) == 0 ? 1 : 0);
            } else {
                frame.put("hand".getBytes(StandardCharsets.UTF_8));
            }
        }
        while (frame.position() < 60) {
            if (op != GateOp.VCOPY && frame.position() == 5 || op == GateOp.VCOPY && random.nextBoolean()) {
                frame.putLong(TIMES[random.nextInt(TIMES.length)]);
            } else {
                frame.putInt(NUMBERS[random.nextInt(NUMBERS.length)]);
            }
        }
        if (op == GateOp.BIND) {
            frame.put(12, new byte[] {0, 0, 0, (byte) (10 + random.nextInt(3)), -1, -1, -1, -1, 'h', 'a', 'n', 'd'}).position(0);
            length = 24;
        }
        int off = random.nextInt(15) == 0 ? random.nextInt(5) - 2 : 0;
        return Arrays.copyOf(frame.array(), Math.max(0, length + off));
    }

    /** Three at a time; whoever is cut off is followed by another one. */
    @Test
    void harmsNobodyWhateverItSays() throws DvsException {
        int frames = 0;
        int cut = 0;
        int served = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            HandGate gate = new HandGate();
            HandConnection[] three = {gate.program(), gate.program(), gate.program()};
            try {
                for (int i = 0; i < 200; i++) {
                    int which = random.nextInt(three.length);
                    frames++;
                    if (!three[which].frame(random(random))) {
                        cut++;
                        three[which] = gate.program();
                        three[which].frame(HandGate.bind(10 + which));
                    } else if (random.nextInt(50) == 0) {
                        three[which].late();
                    }
                    gate.programs.forEach(HandConnection::run);
                }
                served += gate.programs.stream().mapToInt(program -> program.sent.size()).sum();
                gate.end();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        System.out.printf("GateByHandTest: %d seeds, %d frames, %d answers, %d cut off%n", SEEDS, frames, served, cut);
        assertTrue(served > frames / 20 && cut > frames / 100, "answers " + served + ", cut off " + cut + " of " + frames);
    }

    @Test
    void asksOneThatEchoesAndIsAnswered() throws DvsException {
        HandConnection program = hand.bound(HandGate.HAND);
        program.sent.clear();
        ByteBuffer ask = ByteBuffer.allocate(49).put(GateOp.SENDREC).putInt(HandGate.ECHO).putLong(Endpoint.FOREVER);
        assertTrue(program.frame(ask.array()));
        assertEquals(0, program.sent.get(0).getInt(1));
    }
}
