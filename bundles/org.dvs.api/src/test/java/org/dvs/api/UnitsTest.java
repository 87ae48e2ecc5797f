package org.dvs.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @Test
    void readsDurationsAndSizesWithTheirUnits() throws DvsException {
        assertEquals(Duration.ofMillis(500), Units.duration("500ms"));
        assertEquals(Duration.ofSeconds(30), Units.duration("30s"));
        assertEquals(Duration.ofMinutes(5), Units.duration("5m"));
        assertEquals(Duration.ofDays(2), Units.duration("2d"));
        assertEquals(Duration.ZERO, Units.duration("0"));
        assertEquals(512, Units.size("512B"));
        assertEquals(65_536, Units.size("64KiB"));
        assertEquals(64_000, Units.size("64kb"));
        assertEquals(1L << 40, Units.size("1TiB"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "5 s", "5x", "5ss", "٥s", "0x5s", "5s\n", "1234567890123456789s"})
    void refusesADurationWithoutNumberOrUnit(String text) {
        assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class, () -> Units.duration(text)).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999999999d", "999999999999999999h"})
    void refusesADurationThatIsTooLong(String text) {
        assertEquals(ErrorCode.BADRANGE, assertThrows(DvsException.class, () -> Units.duration(text)).code());
    }

    @Test
    void refusesASizeThatIsTooLarge() {
        assertEquals(ErrorCode.BADRANGE, assertThrows(DvsException.class, () -> Units.size("999999999TiB")).code());
        assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class, () -> Units.size("64")).code());
    }

    @ParameterizedTest
    @CsvSource({"0,0B", "1023,1023B", "1024,1.0KiB", "1536,1.5KiB", "10188,9.9KiB", "10189,10KiB", "1048063,1023KiB",
            "1048064,1.0MiB", "1048575,1.0MiB", "1073741824,1.0GiB", "9223372036854775807,8.0EiB"})
    void writesSizesShortly(long bytes, String text) {
        assertEquals(text, Units.sizeText(bytes));
    }

    @ParameterizedTest
    @CsvSource({"0,0ms", "999,999ms", "1000,1s", "1500,1.5s", "59000,59s", "59999,59.9s", "60000,1m0s", "200000,3m20s",
            "3600000,1h0m", "90061000,1d1h"})
    void writesDurationsShortly(long millis, String text) {
        assertEquals(text, Units.durationText(millis));
    }
}
