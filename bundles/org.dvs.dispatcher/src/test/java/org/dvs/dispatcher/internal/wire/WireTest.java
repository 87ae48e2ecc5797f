package org.dvs.dispatcher.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.Role;
import org.dvs.cluster.api.Channel;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the codec …". */
class WireTest {
    private static final Key KEY = new Key(1, 0x0102030405060708L, 258, "RQST_DF");
    private static final String HEADER = "0000000101020304050607080000000000000102" + "0007" + "525153545f4446";

    @Test
    @Tag("R-CMD-03")
    @Tag("R-CMD-04")
    void givesBackEveryMessageThatItWrote() {
        Seeds.each(3000, seed -> {
            Message message = Messages.any(new Random(seed));
            assertEquals(message, Wire.decode(Wire.encode(message)));
        });
    }

    @Test
    void refusesEveryMessageThatIsCutOffOrContinued() {
        Seeds.each(60, seed -> {
            byte[] bytes = Wire.encode(Messages.any(new Random(seed)));
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThrows(WireException.class, () -> Wire.decode(cut), "cut at " + length);
            }
            assertThrows(WireException.class, () -> Wire.decode(Arrays.copyOf(bytes, bytes.length + 1)));
        });
    }

    @Test
    void throwsNothingButItsOwnErrorWhateverIsFlipped() {
        Seeds.each(60, seed -> {
            Random random = new Random(seed);
            byte[] bytes = Wire.encode(Messages.any(random));
            for (int at = 0; at < bytes.length; at++) {
                for (int change : new int[] {1 << random.nextInt(8), 0xFF, random.nextInt(256)}) {
                    byte[] flipped = bytes.clone();
                    flipped[at] ^= (byte) change;
                    decodesOrRefuses(flipped);
                }
            }
        });
    }

    private static void decodesOrRefuses(byte[] bytes) {
        try {
            Message message = Wire.decode(bytes);
            assertArrayEquals(bytes, Wire.encode(message), "what is understood has one form only");
        } catch (WireException e) {
            assertTrue(e.getMessage().length() > 5, "says what is wrong");
        }
    }

    @Test
    void hasTheseBytesForARequest() throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("a", "é");
        values.put("b", -1L);
        values.put("c", List.of("x"));
        values.put("d", true);
        Message ask = new Message.Ask(KEY, 30_000, List.of(0, 2), new Caller("eva", Set.of(Role.OPERATOR, Role.AUDITOR), "cli",
                "local"), "id-1", values);
        assertBytes("0101" + HEADER + "00007530" + "0002" + "00000000" + "00000002"
                + "0003657661" + "0a" + "0003636c69" + "00056c6f63616c" + "000469642d31"
                + "0004" + "000161" + "0100000002c3a9" + "000162" + "02ffffffffffffffff"
                + "000163" + "060000000100000001" + "78" + "000164" + "05", ask);
    }

    @Test
    void hasTheseBytesForRows() throws Exception {
        assertBytes("0102" + HEADER + "00000003" + "00000001" + "0002" + "0002" + "00" + "033ff8000000000000" + "04" + "0100000000",
                new Message.Rows(KEY, 3, 1, List.of(Arrays.asList(null, 1.5), List.of(false, ""))));
    }

    @Test
    void hasTheseBytesForAnEnd() throws Exception {
        assertBytes("0103" + HEADER + "00000003" + "00000002" + "ffffffc3" + "000161" + "00000007" + "00000000",
                new Message.End(KEY, 3, 2, -61, "a", 7, List.of()));
    }

    @Test
    void hasTheseBytesForACancel() throws Exception {
        assertBytes("0104" + HEADER + "01", new Message.Cancel(KEY, Message.Reason.DEADLINE));
    }

    private static void assertBytes(String expected, Message message) throws WireException {
        assertEquals(expected, HexFormat.of().formatHex(Wire.encode(message)));
        assertEquals(message, Wire.decode(HexFormat.of().parseHex(expected)));
    }

    private static void refused(String expected, String body) {
        byte[] bytes = HexFormat.of().parseHex(body);
        String message = assertThrows(WireException.class, () -> Wire.decode(bytes)).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void allocatesNothingForHostileLengths() {
        refused("targets", "0101" + HEADER + "00007530" + "2710" + "00000000");
        refused("values", "0101" + HEADER + "00000000" + "0000" + "0000" + "00" + "0000" + "0000" + "0000" + "0100");
        refused("rows", "0102" + HEADER + "00000003" + "00000001" + "1000" + "0100");
        refused("rows", "0102" + HEADER + "00000003" + "00000001" + "ffff" + "0001");
        refused("4095 rows of 0 columns", "0102" + HEADER + "00000003" + "00000001" + "0fff" + "0000");
        refused("value", "0102" + HEADER + "00000003" + "00000001" + "0001" + "0001" + "017fffffff");
        refused("value", "0102" + HEADER + "00000003" + "00000001" + "0001" + "0001" + "01ffffffff");
        refused("value", "0102" + HEADER + "00000003" + "00000001" + "0001" + "0001" + "067fffffff");
        refused("a message of", "00".repeat(Channel.MAX_PAYLOAD + 1));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        refused("no kind", "0109" + HEADER);
        refused("reason", "0104" + HEADER + "03");
        refused("roles", "0101" + HEADER + "00000000" + "0000" + "0000" + "10" + "0000" + "0000" + "0000" + "0000");
        refused("no type 7", "0102" + HEADER + "00000003" + "00000001" + "0001" + "0001" + "07");
        refused("not finite", "0102" + HEADER + "00000003" + "00000001" + "0001" + "0001" + "037ff8000000000001");
        refused("0 rows of 1 columns", "0102" + HEADER + "00000003" + "00000001" + "0000" + "0001");
        refused("replier", "0102" + HEADER + "80000000" + "00000001" + "0000" + "0000");
        refused("timeoutMs", "0101" + HEADER + "ffffffff" + "0000");
        refused("requester", "0104" + "ffffffff" + "0102030405060708" + "0000000000000102" + "0003" + "525153" + "00");
        refused("RQST_", "0104" + "00000001" + "0102030405060708" + "0000000000000102" + "0003" + "0a0d1b" + "00");
        refused("UTF-8", "0102" + HEADER + "00000003" + "00000001" + "0001" + "0001" + "0100000002c328");
        refused("null or given twice", "0101" + HEADER + "00000000" + "0000" + "0000" + "00" + "0000" + "0000" + "0000"
                + "0002" + "00016105" + "00016105");
    }

    @Test
    void namesTheRequestOfAnotherVersionSoThatItCanBeAnswered() {
        WireException e = assertThrows(WireException.class, () -> Wire.decode(HexFormat.of().parseHex("0201" + HEADER + "beef")));
        assertEquals(KEY, e.foreignRequest().orElseThrow());
        assertEquals("version 2, spoken here is 1", e.getMessage());
        WireException reply = assertThrows(WireException.class, () -> Wire.decode(HexFormat.of().parseHex("0203" + HEADER)));
        assertTrue(reply.foreignRequest().isEmpty());
    }

    @Test
    void knowsTheSizeOfARowBeforeItWritesIt() {
        Seeds.each(500, seed -> {
            if (Messages.any(new Random(seed)) instanceof Message.Rows rows && !rows.rows().isEmpty()) {
                int size = rows.rows().stream().mapToInt(Wire::size).sum();
                int written = Wire.encode(rows).length - Wire.encode(new Message.Rows(rows.key(), 0, 0, List.of())).length;
                assertTrue(size >= written && size <= written * 1.1 + 60, size + " for " + written);
            }
        });
    }
}
