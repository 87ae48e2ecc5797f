package org.dvs.monitor.internal.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

/** Names finish the sentence "a page of rows …". */
class RowsPageTest {
    private static final List<List<Object>> ROWS = List.of(List.of("b", 10L), Arrays.asList("A", null), List.of("c", 9L));

    private static Object rows(int offset, int limit, int sort, boolean down, String filter) {
        return new RowsPage(offset, limit, sort, down, filter).of(Rows.of(ROWS, 2)).get("rows");
    }

    @Test
    void isThePartAskedFor() {
        assertEquals(ROWS.subList(1, 3), rows(1, 2, -1, false, ""));
        assertEquals(List.of(), rows(3, 5, -1, false, ""));
    }

    @Test
    void ordersNumbersBySizeAndTheUnknownFirst() {
        assertEquals(List.of(ROWS.get(1), ROWS.get(2), ROWS.get(0)), rows(0, 9, 1, false, ""));
        assertEquals(List.of(ROWS.get(0), ROWS.get(2), ROWS.get(1)), rows(0, 9, 1, true, ""));
        assertEquals(List.of(ROWS.get(1), ROWS.get(0), ROWS.get(2)), rows(0, 9, 0, false, ""));
    }

    @Test
    void leavesOutWhatDoesNotMatchAndCountsBoth() {
        var page = new RowsPage(0, 9, -1, false, "a").of(Rows.of(ROWS, 2));
        assertEquals(List.of(ROWS.get(1)), page.get("rows"));
        assertEquals(3, page.get("total"));
        assertEquals(1, page.get("count"));
    }

    @Test
    void comesOutOfTenThousandRows() {
        List<List<Object>> many = LongStream.range(0, 10_000).mapToObj(each -> List.<Object>of(each)).toList();
        assertEquals(List.of(List.of(7L)), new RowsPage(9_992, 1, 0, true, "").of(Rows.of(many, 1)).get("rows"));
    }
}
