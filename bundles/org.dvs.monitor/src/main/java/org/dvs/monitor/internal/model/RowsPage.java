package org.dvs.monitor.internal.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

    public Map<String, Object> of(List<List<Object>> rows) {
        List<List<Object>> left = rows;
        if (!filter.isEmpty()) {
            String wanted = filter.toLowerCase(Locale.ROOT);
            left = rows.stream().filter(row -> row.stream().anyMatch(cell -> has(cell, wanted))).toList();
        }
        if (sort >= 0) {
            left = new ArrayList<>(left);
            Comparator<List<Object>> order = Comparator.comparing(row -> sort < row.size() ? row.get(sort) : null,
                    RowsPage::compare);
            left.sort(down ? order.reversed() : order);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("total", rows.size());
        tree.put("count", left.size());
        tree.put("offset", offset);
        tree.put("rows", left.stream().skip(offset).limit(limit).toList());
        return tree;
    }

    private static boolean has(Object cell, String wanted) {
        return cell != null && cell.toString().toLowerCase(Locale.ROOT).contains(wanted);
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
