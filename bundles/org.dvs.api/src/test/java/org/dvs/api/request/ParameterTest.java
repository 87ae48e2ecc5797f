package org.dvs.api.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Names finish the sentence "a parameter …". */
class ParameterTest {

    private static void refused(ErrorCode code, String detail, Executable call) {
        DvsException e = assertThrows(DvsException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(detail), e.getMessage());
    }

    private static Parameter of(ValueType type) {
        return Parameter.of("nr_dcs", type, "how many");
    }

    @Test
    void readsEachTypeAsPeopleWriteIt() throws DvsException {
        assertEquals("x", of(ValueType.TEXT).parse("x"));
        assertEquals(List.of("x"), of(ValueType.TEXTS).parse("x"));
        assertEquals(-5L, of(ValueType.INTEGER).parse("-5"));
        assertEquals(2.5, of(ValueType.DECIMAL).parse("2.5"));
        assertEquals(true, of(ValueType.FLAG).parse("on"));
        assertEquals(false, of(ValueType.FLAG).parse("0"));
        assertEquals(1500L, of(ValueType.DURATION).parse("1500ms"));
        assertEquals(2048L, of(ValueType.SIZE).parse("2KiB"));
        assertEquals("--nr-dcs", of(ValueType.TEXT).flag());
    }

    @Test
    void namesItselfAndTheValueWhenItRefuses() {
        refused(ErrorCode.BADVALUE, "nr_dcs: 'x' is not a number", () -> of(ValueType.INTEGER).parse("x"));
        refused(ErrorCode.BADVALUE, "nr_dcs: '99999999999999999999'", () -> of(ValueType.INTEGER).parse("99999999999999999999"));
        refused(ErrorCode.BADVALUE, "nr_dcs: 'maybe' is not true or false", () -> of(ValueType.FLAG).parse("maybe"));
        refused(ErrorCode.BADVALUE, "nr_dcs: '5' is not a duration", () -> of(ValueType.DURATION).parse("5"));
        refused(ErrorCode.BADRANGE, "nr_dcs: NaN", () -> of(ValueType.DECIMAL).parse("NaN"));
        refused(ErrorCode.BADRANGE, "nr_dcs: Infinity", () -> of(ValueType.DECIMAL).range(0, 10).parse("Infinity"));
        refused(ErrorCode.BADRANGE, "nr_dcs: 11 is not in range 1..10", () -> of(ValueType.INTEGER).range(1, 10).parse("11"));
        refused(ErrorCode.BADRANGE, "nr_dcs: 0 is less than 1", () -> of(ValueType.INTEGER).range(1, Long.MAX_VALUE).parse("0"));
        refused(ErrorCode.BADRANGE, "nr_dcs: 2 is more than 1", () -> of(ValueType.INTEGER).range(Long.MIN_VALUE, 1).parse("2"));
        refused(ErrorCode.BADRANGE, "8193 characters", () -> of(ValueType.TEXT).parse("x".repeat(8193)));
        refused(ErrorCode.BADVALUE, "'blue' is not one of red, green", () -> of(ValueType.TEXT).oneOf("red", "green").parse("blue"));
        refused(ErrorCode.BADVALUE, "'a b' does not match [a-z]+: ", () -> of(ValueType.TEXT).matching("[a-z]+").parse("a b"));
    }

    @Test
    void checksEveryValueOfAList() throws DvsException {
        Parameter words = of(ValueType.TEXTS).range(1, 3).matching("[a-z]+");
        List<String> given = new ArrayList<>(List.of("a", "b"));
        Object taken = words.check(given);
        given.add("c");
        assertEquals(List.of("a", "b"), taken, "copied");
        assertNotSame(given, taken);
        refused(ErrorCode.BADRANGE, "0 values", () -> words.check(List.of()));
        refused(ErrorCode.BADRANGE, "4 values", () -> words.check(List.of("a", "b", "c", "d")));
        refused(ErrorCode.BADVALUE, "'B' does not match", () -> words.check(List.of("a", "B")));
        refused(ErrorCode.BADVALUE, "7 is not text", () -> words.check(List.of(7)));
        refused(ErrorCode.BADVALUE, "null is not text", () -> words.check(Collections.singletonList(null)));
        refused(ErrorCode.BADRANGE, "a value of 8193 characters", () -> words.check(List.of("x".repeat(8193))));
    }

    @Test
    void refusesAnotherTypeThanItsOwn() {
        refused(ErrorCode.BADVALUE, "5 is not of type TEXT", () -> of(ValueType.TEXT).check(5));
        refused(ErrorCode.BADVALUE, "5 is not of type INTEGER", () -> of(ValueType.INTEGER).check(5));
        assertThrows(IllegalArgumentException.class, () -> of(ValueType.INTEGER).byDefault("x"));
        assertThrows(IllegalArgumentException.class, () -> Parameter.of("Bad-Name", ValueType.TEXT, "x"));
    }

    @Test
    void tellsOnlyTheLimitsThatItHas() {
        assertEquals(Map.of(), of(ValueType.INTEGER).limits());
        assertEquals(Map.of(), of(ValueType.TEXT).limits());
        assertEquals(Map.of("min", 1L, "max", 9L), of(ValueType.INTEGER).range(1, 9).limits());
    }
}
