package org.dvs.monitor.internal.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The part of a table that a page asks for, so that ten thousand rows cost a browser no more than those it shows.
 *
 * @param offset first row, counted after filter and order
 * @param limit  rows at the most
 * @param sort   index of the column to order by; negative for the order in which they came
 * @param down   largest first
 * @param filter rows without this text in any cell are left out, upper or lower case; empty for all
 */
public record RowsPage(int offset, int limit, int sort, boolean down, String filter) {
    /** Most rows of one page. */
    public static final int MOST = 1_000;

    public RowsPage {
        if (offset < 0 || limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("rows " + offset + " to " + limit + " of a page");
        }
    }

    /** Filter and order: pages with an equal one are parts of the same list. */
    public String view() {
        return sort + "/" + down + '/' + filter;
    }

    /** The rows of all pages of this view, by their index in the table. */
    public int[] order(Rows rows) {
        String wanted = filter.toLowerCase(Locale.ROOT);
        IntStream left = IntStream.range(0, rows.size());
        if (!wanted.isEmpty()) {
            left = left.filter(row -> has(rows, row, wanted));
        }
        if (sort < 0) {
            return left.toArray();
        }
        Comparator<Integer> order = (a, b) -> compare(rows.cell(a, sort), rows.cell(b, sort));
        Integer[] sorted = left.boxed().toArray(Integer[]::new);
        Arrays.sort(sorted, down ? order.reversed() : order);
        return Arrays.stream(sorted).mapToInt(Integer::intValue).toArray();
    }

    public Map<String, Object> of(Rows rows) {
        return of(rows, order(rows));
    }

    /** @param order as {@link #order} gave it for these rows */
    public Map<String, Object> of(Rows rows, int[] order) {
        List<List<Object>> page = new ArrayList<>();
        for (int at = offset; at < order.length && at - offset < limit; at++) {
            page.add(rows.row(order[at]));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("total", rows.size());
        tree.put("count", order.length);
        tree.put("offset", offset);
        tree.put("rows", page);
        return tree;
    }

    private static boolean has(Rows rows, int row, String wanted) {
        for (int column = 0; column < rows.width(); column++) {
            Object cell = rows.cell(row, column);
            if (cell != null && cell.toString().toLowerCase(Locale.ROOT).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Numbers by size, everything else by its text; what is not known comes first. */
    private static int compare(Object left, Object right) {
        if (left == null || right == null) {
            return left == right ? 0 : left == null ? -1 : 1;
        }
        if (left instanceof Number a && right instanceof Number b) {
            return a instanceof Long && b instanceof Long ? Long.compare(a.longValue(), b.longValue())
                    : Double.compare(a.doubleValue(), b.doubleValue());
        }
        return left.toString().compareTo(right.toString());
    }
}
