package org.dvs.cli.internal.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.dvs.api.request.ValueType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "A cell …" */
class CellsTest {
    @ParameterizedTest
    @CsvSource({"0,0.00", "0.1,0.10", "9.999,10.00", "-1.5,-1.50", "-0.001,-0.0010", "0.004,0.0040", "123456.789,123456.79",
        "1e20,1.0e+20", "NaN,-", "Infinity,-", "-12.05,-12.05"})
    void showsDecimalsWithTwoPlaces(double value, String shown) {
        assertEquals(shown, Cells.human(ValueType.DECIMAL, value));
    }

    @Test
    void isReadableForPeopleAndPlainForMachines() {
        assertEquals("1.5KiB", Cells.human(ValueType.SIZE, 1_536L));
        assertEquals("-1", Cells.human(ValueType.SIZE, -1L));
        assertEquals("1m30s", Cells.human(ValueType.DURATION, 90_000L));
        assertEquals("1970-01-01T00:00:01Z", Cells.human(ValueType.TIME, 1_999L));
        assertEquals(Long.toString(Long.MAX_VALUE), Cells.human(ValueType.INTEGER, Long.MAX_VALUE));
        assertEquals("3", Cells.human(ValueType.INTEGER, (short) 3));
        assertEquals("yes", Cells.human(ValueType.FLAG, true));
        assertEquals("-", Cells.human(ValueType.TEXT, null));
        assertEquals("a,b", Cells.human(ValueType.TEXTS, List.of("a", "b")));
        assertEquals("1536", Cells.raw(1_536L));
        assertEquals("", Cells.raw(Double.NaN));
        assertEquals("true", Cells.raw(true));
    }
}
