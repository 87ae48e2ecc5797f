package org.dvs.registry.internal.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A migration in the agreed state ... */
@Tag("R-CMD-14")
class MigrationCodecTest {
    private static final Migration MIGRATION = new Migration(3, -5, "r1", "r2", Phase.ROLLBACK, 1, 42, 2, 77, 1_000, 0, "db",
            true, -64, "x", new TreeSet<>(Set.of(0, 1, 2)));
    private static final String BYTES = "02" + "00027231" + "00027232" + "04" + "00000001" + "0000002a" + "00000002"
            + "000000000000004d" + "00000000000003e8" + "00000000" + "00026462" + "01" + "ffffffc0" + "000178" + "000107";
    private static final Vote VOTE = new Vote("r1", Phase.TAKE, -305, true, "db", "no");
    private static final Outcome OUTCOME = new Outcome("r1", "r2", true, 0, "");

    @Test
    void isWrittenByteForByteAsDocumentedAndReadBack() throws DvsException {
        assertEquals(BYTES, HexFormat.of().formatHex(MigrationCodec.encode(MIGRATION)));
        assertEquals(MIGRATION, MigrationCodec.migration("k", 3, -5, HexFormat.of().parseHex(BYTES)));
        assertEquals("02" + "00027231" + "02" + "fffffecf" + "01" + "00026462" + "00026e6f",
                HexFormat.of().formatHex(MigrationCodec.encode(VOTE)));
        assertEquals(VOTE, MigrationCodec.vote("k", MigrationCodec.encode(VOTE)));
        assertEquals("01" + "00027231" + "00027232" + "01" + "00000000" + "0000",
                HexFormat.of().formatHex(MigrationCodec.encode(OUTCOME)));
        assertEquals(OUTCOME, MigrationCodec.outcome("k", MigrationCodec.encode(OUTCOME)));
    }

    @Test
    void isRefusedWhereverItIsCutAndInAPhaseThatIsNotKnown() {
        byte[] bytes = MigrationCodec.encode(MIGRATION);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertEquals(ErrorCode.GENERIC,
                    assertThrows(DvsException.class, () -> MigrationCodec.migration("k", 3, -5, cut)).code());
        }
        byte[] vote = MigrationCodec.encode(VOTE);
        vote[5] = 9;
        assertEquals("k in the agreed state cannot be read: phase 9 is not known",
                assertThrows(DvsException.class, () -> MigrationCodec.vote("k", vote)).getMessage());
    }
}
