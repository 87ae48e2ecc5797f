package org.dvs.apps.m3ftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names finish the sentence "room for a file …". */
@Timeout(60)
@Tag("R-PXY-14")
class RoomTest {

    /** A disk whose figures the test says. */
    static final class Figures implements Room.Disk {
        private final Object key;
        private final long total;
        long usable;

        Figures(Object key, long total, long usable) {
            this.key = key;
            this.total = total;
            this.usable = usable;
        }

        @Override
        public Object key() {
            return key;
        }

        @Override
        public long total() {
            return total;
        }

        @Override
        public long usable() {
            return usable;
        }
    }

    static String refused(org.junit.jupiter.api.function.Executable call) {
        AdvisedException refused = assertThrows(AdvisedException.class, call);
        assertEquals(ErrorCode.NOSPC, refused.code());
        return refused.getMessage();
    }

    @ParameterizedTest
    @CsvSource({"1000, 100, 70, true", "1000, 100, 71, false", "1000, 29, 1, false", "1000, 0, 0, true",
            "1000000000000, 300000000, 31564544, true", "1000000000000, 300000000, 31564545, false"})
    void isNotGivenWhereTheDiskWouldBeFull(long total, long usable, long bytes, boolean given) throws Exception {
        Figures disk = new Figures(this, total, usable);
        if (given) {
            Room.take(disk, "f", bytes).close();
        } else {
            String why = refused(() -> Room.take(disk, "f", bytes));
            assertTrue(why.startsWith("'f': " + bytes + " bytes are to come, and " + usable + " are free"), why);
        }
    }

    @Test
    void isPromisedOnce() throws Exception {
        Figures disk = new Figures("disk", 1000, 100);
        try (Room first = Room.take(disk, "f", 50); Room elsewhere = Room.take(new Figures("other", 1000, 100), "f", 70)) {
            String why = refused(() -> Room.take(new Figures("disk", 1000, 100), "g", 21));
            assertEquals("'g': 21 bytes are to come, and 100 are free, of which 30 stay so and 50 are for other files that come",
                    why);
            Room.take(disk, "g", 20).close();
            disk.usable = 80;
            first.needs(30);
            Room.take(disk, "g", 20).close();
            refused(() -> Room.take(disk, "g", 21));
            elsewhere.check();
        }
        Room.take(disk, "g", 50).close();
    }

    @Test
    void isGoneWhenOthersHaveFilledTheDisk() throws Exception {
        Figures disk = new Figures("disk", 1000, 100);
        try (Room room = Room.take(disk, "f", 50)) {
            disk.usable = 80;
            room.check();
            disk.usable = 79;
            refused(room::check);
        }
    }
}
