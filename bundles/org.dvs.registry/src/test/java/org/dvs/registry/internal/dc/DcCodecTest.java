package org.dvs.registry.internal.dc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A DC in the agreed state ... */
@Tag("R-CMD-19")
class DcCodecTest {
    private static final DcRecord DC = new DcRecord(new DcSettings(3, "web", 221, 35, 64, 32, 27_342, -1, true),
            new TreeSet<>(Set.of(0, 2, 9)), 1_000, "r1");
    private static final String BYTES = "01" + "0003" + "776562" + "000000dd" + "00000023" + "00000040" + "00000020" + "00006ace"
            + "ffffffff" + "01" + "00000000000003e8" + "0002" + "7231" + "0002" + "0502";

    @Test
    void isWrittenByteForByteAsDocumentedAndReadBack() throws DvsException {
        assertEquals(BYTES, HexFormat.of().formatHex(DcCodec.encode(DC)));
        assertEquals(DC, DcCodec.decode("dc/id/3", 3, HexFormat.of().parseHex(BYTES)));
    }

    @Test
    void isReadBackWithTheGreatestNodeIdThereMayBe() throws DvsException {
        DcRecord far = new DcRecord(DC.settings(), new TreeSet<>(Set.of(9_999)), 1, "");
        assertEquals(far, DcCodec.decode("dc/id/3", 3, DcCodec.encode(far)));
    }

    @Test
    void isRefusedWhereverItIsCutAndWithAnythingBehindIt() {
        byte[] bytes = DcCodec.encode(DC);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertEquals(ErrorCode.GENERIC, assertThrows(DvsException.class, () -> DcCodec.decode("dc/id/3", 3, cut)).code());
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertEquals("dc/id/3 in the agreed state cannot be read: it is longer than its format",
                assertThrows(DvsException.class, () -> DcCodec.decode("dc/id/3", 3, longer)).getMessage());
    }

    @Test
    void isRefusedInAnotherFormatAndWithoutMembers() {
        byte[] other = DcCodec.encode(DC);
        other[0] = 2;
        assertEquals("dc/id/3 is written in format 2, this node knows 1: update it",
                assertThrows(DvsException.class, () -> DcCodec.decode("dc/id/3", 3, other)).getMessage());
        byte[] empty = DcCodec.encode(new DcRecord(DC.settings(), new TreeSet<>(), 1, ""));
        assertEquals("dc/id/3 in the agreed state cannot be read: it has no members",
                assertThrows(DvsException.class, () -> DcCodec.decode("dc/id/3", 3, empty)).getMessage());
    }
}
