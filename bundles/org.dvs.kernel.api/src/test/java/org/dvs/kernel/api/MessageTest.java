package org.dvs.kernel.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("R-CMD-14")
class MessageTest {

    @Test
    void isThirtySixBytesLittleEndianOnTheWire() {
        Message message = new Message(0x01020304).source(-2).putInt(Message.M1_I1, 0x0a0b0c0d).putLong(Message.M1_P3,
                0x1122334455667788L);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer bytes = ByteBuffer.allocate(Message.BYTES).order(order);
            message.write(bytes);
            assertEquals(order, bytes.order());
            assertEquals(0, bytes.remaining());
            assertEquals("feffffff" + "04030201" + "0d0c0b0a" + "00".repeat(16) + "8877665544332211",
                    HexFormat.of().formatHex(bytes.array()));
            bytes.flip();
            assertEquals(message, new Message().read(bytes));
            assertEquals(order, bytes.order());
        }
    }

    @Test
    void needsAllItsBytes() {
        Message message = new Message(1).source(2).putInt(Message.M1_I1, 3);
        Message before = new Message().set(message);
        for (int length = 0; length < Message.BYTES; length++) {
            ByteBuffer cut = ByteBuffer.allocate(length);
            assertThrows(BufferOverflowException.class, () -> message.write(cut));
            assertThrows(BufferUnderflowException.class, () -> message.read(cut));
            assertEquals(0, cut.position());
            assertEquals(ByteOrder.BIG_ENDIAN, cut.order());
            assertEquals(ByteBuffer.allocate(length), cut);
        }
        assertEquals(before, message);
    }

    /** Offset and size of each field of the variants of dvs-kernel reference 4.7, which must lie in the union and not overlap. */
    static Stream<Arguments> variants() {
        return Stream.of(
                Arguments.of("m1", new int[] {Message.M1_I1, 4, Message.M1_I2, 4, Message.M1_I3, 4, Message.M1_P1, 4,
                        Message.M1_P2, 4, Message.M1_P3, 4}, 24),
                Arguments.of("m2", new int[] {Message.M2_I1, 4, Message.M2_I2, 4, Message.M2_I3, 4, Message.M2_L1, 4,
                        Message.M2_L2, 4, Message.M2_P1, 4}, 24),
                Arguments.of("m3", new int[] {Message.M3_I1, 4, Message.M3_I2, 4, Message.M3_P1, 4, Message.M3_CA1, 14}, 26),
                Arguments.of("m4", new int[] {Message.M4_L1, 4, Message.M4_L2, 4, Message.M4_L3, 4, Message.M4_L4, 4,
                        Message.M4_L5, 4}, 20),
                Arguments.of("m5", new int[] {Message.M5_C1, 2, Message.M5_C2, 2, Message.M5_I1, 4, Message.M5_I2, 4,
                        Message.M5_L1, 4, Message.M5_L2, 4, Message.M5_L3, 4}, 24),
                Arguments.of("m6", new int[] {Message.M6_CA1, Message.M6_CA1_BYTES}, 28),
                Arguments.of("m7", new int[] {Message.M7_I1, 4, Message.M7_I2, 4, Message.M7_I3, 4, Message.M7_I4, 4,
                        Message.M7_P1, 4, Message.M7_P2, 4}, 24),
                Arguments.of("m8", new int[] {Message.M8_I1, 4, Message.M8_I2, 4, Message.M8_P1, 4, Message.M8_P2, 4,
                        Message.M8_P3, 4, Message.M8_P4, 4}, 24),
                Arguments.of("m9", new int[] {Message.M9_I1, 4, Message.M9_L1, 4, Message.M9_SECONDS, 8, Message.M9_NANOS, 4},
                        20),
                Arguments.of("mA", new int[] {Message.MA_DST, 4, Message.MA_NR, 4, Message.MA_IA, 4 * Message.MA_IA_COUNT}, 24),
                Arguments.of("mB", new int[] {Message.MB_NR, 4, Message.MB_DIGEST, Message.MB_DIGEST_BYTES}, 20),
                Arguments.of("mC", new int[] {Message.MC_I1, 4, Message.MC_I2, 4, Message.MC_I3, 4, Message.MC_I4, 4,
                        Message.MC_CA1, Message.MC_CA1_BYTES}, 26));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variants")
    void hasTheFieldsOfEachVariantOneBehindTheOther(String variant, int[] offsetsAndSizes, int bytes) {
        int next = 0;
        for (int i = 0; i < offsetsAndSizes.length; i += 2) {
            assertEquals(next, offsetsAndSizes[i], variant + ", field " + i / 2);
            next = offsetsAndSizes[i] + offsetsAndSizes[i + 1];
        }
        assertEquals(bytes, next);
        assertTrue(bytes <= Message.UNION_BYTES);
    }

    @Test
    void keepsEachFieldApart() {
        Message message = new Message();
        message.putShort(Message.M5_C1, (short) -1).putShort(Message.M5_C2, (short) 2).putInt(Message.M5_I1,
                -3).putLong(Message.M9_SECONDS, -4);
        assertEquals(-1, message.getShort(Message.M5_C1));
        assertEquals(2, message.getShort(Message.M5_C2));
        assertEquals(-3, message.getInt(Message.M5_I1));
        assertEquals(-4, message.getLong(Message.M9_SECONDS));
        message.putBytes(Message.MB_DIGEST, new byte[] {1, 2, 3});
        assertArrayEquals(new byte[] {1, 2, 3}, message.getBytes(Message.MB_DIGEST, 3));
    }

    /** One way to a field, at an offset. */
    private interface Access {
        void at(Message message, int offset);
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                field("getInt", 4, "int", (message, at) -> message.getInt(at)),
                field("putInt", 4, "int", (message, at) -> message.putInt(at, -1)),
                field("getLong", 8, "long", (message, at) -> message.getLong(at)),
                field("putLong", 8, "long", (message, at) -> message.putLong(at, -1)),
                field("getShort", 2, "short", (message, at) -> message.getShort(at)),
                field("putShort", 2, "short", (message, at) -> message.putShort(at, (short) -1)),
                field("getPointer", 4, "address", (message, at) -> message.getPointer(at)),
                field("putPointer", 4, "address", (message, at) -> message.putPointer(at, 0xFFFF_FFFFL)),
                field("getBytes", 5, "bytes", (message, at) -> message.getBytes(at, 5)),
                field("putBytes", 5, "bytes", (message, at) -> message.putBytes(at, new byte[] {-1, -1, -1, -1, -1})),
                field("getBytes of none", 0, "bytes", (message, at) -> message.getBytes(at, 0)),
                field("putBytes of all", 28, "bytes", (message, at) -> message.putBytes(at, new byte[Message.UNION_BYTES])),
                field("getText", 6, "text", (message, at) -> message.getText(at, 6)),
                field("putText", 6, "text", (message, at) -> message.putText(at, 6, "x")));
    }

    private static Arguments field(String name, int bytes, String what, Access access) {
        return Arguments.of(name, bytes, what, access);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void refusesAFieldThatIsNotInItsUnionAsAWhole(String name, int bytes, String what, Access access) {
        int last = Message.UNION_BYTES - bytes;
        for (int offset = 0; offset <= last; offset++) {
            access.at(new Message(), offset);
        }
        Message message = new Message(1).putBytes(0, new byte[] {1, 2, 3, 4}).putInt(Message.M8_P4 + 4, 5);
        Message before = new Message().set(message);
        for (int offset : new int[] {-1, last + 1, Message.UNION_BYTES + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertEquals(what + " of " + bytes + " bytes at offset " + offset + ": it may begin at 0 to " + last
                    + ", as a message has 28 bytes",
                    assertThrows(IndexOutOfBoundsException.class, () -> access.at(message, offset)).getMessage());
            assertEquals(before, message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Message.UNION_BYTES + 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesALengthThatNoMessageHas(int length) {
        String end = " of length " + length + ": a message has 0 to 28 bytes";
        Message message = new Message();
        assertEquals("bytes" + end, refused(() -> message.getBytes(0, length)));
        assertEquals("text" + end, refused(() -> message.getText(Message.UNION_BYTES, length)));
        assertEquals("text" + end, refused(() -> message.putText(0, length, "")));
        assertEquals("bytes of length 29: a message has 0 to 28 bytes", refused(() -> message.putBytes(0, new byte[29])));
    }

    private static String refused(Executable access) {
        return assertThrows(IndexOutOfBoundsException.class, access).getMessage();
    }

    @Test
    void carriesAddressesOfThirtyTwoBits() {
        Message message = new Message().putPointer(Message.M1_P1, 0xFFFF_FFFFL);
        assertEquals(0xFFFF_FFFFL, message.getPointer(Message.M1_P1));
        assertEquals("address 4294967296 does not fit into 32 bits",
                assertThrows(IllegalArgumentException.class, () -> message.putPointer(Message.M1_P1, 1L << 32)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> message.putPointer(Message.M1_P1, -1));
    }

    @Test
    void carriesTextUpToItsFirstNul() {
        Message message = new Message().putText(Message.M3_CA1, Message.M3_CA1_BYTES, "14 bytes \u00fcber");
        assertEquals("14 bytes \u00fcber", message.getText(Message.M3_CA1, Message.M3_CA1_BYTES));
        message.putText(Message.M3_CA1, Message.M3_CA1_BYTES, "x");
        assertEquals("x", message.getText(Message.M3_CA1, Message.M3_CA1_BYTES));
        assertThrows(IllegalArgumentException.class, () -> message.putText(Message.M3_CA1, Message.M3_CA1_BYTES, "x".repeat(15)));
        assertEquals("", new Message().getText(Message.M6_CA1, Message.M6_CA1_BYTES));
    }

    @Test
    void isCopiedAndComparedByItsBytes() {
        Message one = new Message(3).source(4).putInt(Message.M1_I1, 5);
        Message other = new Message().set(one);
        assertEquals(one, other);
        assertEquals(one.hashCode(), other.hashCode());
        other.putInt(Message.M1_I3, 1);
        assertNotEquals(one, other);
        assertNotEquals(one, new Message().set(one).type(9));
        assertNotEquals(one, new Message().set(one).source(9));
        assertNotEquals(one, "from 4");
        assertEquals(5, one.getInt(Message.M1_I1));
        assertEquals(0, IntStream.range(0, Message.UNION_BYTES).map(i -> other.clear().getBytes(i, 1)[0]).sum());
        assertEquals("from 4, type 3, 05" + "00".repeat(27), one.toString());
        assertEquals(EndpointNumbers.NONE, new Message().source());
    }
}
