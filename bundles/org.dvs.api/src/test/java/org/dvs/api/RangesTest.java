package org.dvs.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A set of numbers ... */
@Tag("R-CMD-12")
@Tag("R-CMD-14")
class RangesTest {

    @Test
    void isWrittenShortAndReadBack() throws DvsException {
        for (Map.Entry<String, int[]> each : Map.of("none", new int[0], "0", new int[] {0}, "0-1", new int[] {0, 1}, "0-3,7,9-10",
                new int[] {0, 1, 2, 3, 7, 9, 10}, "31", new int[] {31}).entrySet()) {
            BitSet set = new BitSet();
            for (int number : each.getValue()) {
                set.set(number);
            }
            assertEquals(each.getKey(), Ranges.fold(set));
            assertEquals(set, Ranges.parse(each.getKey(), 31));
        }
    }

    @Test
    void isReadBackWhateverItHolds() throws DvsException {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            BitSet set = BitSet.valueOf(new long[] {random.nextLong() & random.nextLong(), random.nextLong()});
            assertEquals(set, Ranges.parse(Ranges.fold(set), 127));
        }
    }

    @Test
    void isRefusedWhenItCannotBeReadOrIsOutOfRange() {
        for (String bad : new String[] {"", ",", "1,", "a", "-1", "1-", "3-1", "1 2", "9999999999", "0x1"}) {
            assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class, () -> Ranges.parse(bad, 9)).code(), bad);
        }
        assertEquals("10 is not in range 0..9", assertThrows(DvsException.class, () -> Ranges.parse("3,8-10", 9)).getMessage());
    }
}
