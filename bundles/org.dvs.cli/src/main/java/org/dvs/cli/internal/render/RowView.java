package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.Nearest;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.request.Column;
import org.dvs.api.request.RequestSpec;
import org.dvs.cli.internal.words.Filter;
import org.dvs.cli.internal.words.Format;
import org.dvs.cli.internal.words.SortKey;
import org.dvs.cli.internal.words.Usage;
import org.dvs.cli.internal.words.View;

/** Applies {@code --filter}, {@code --sort} and {@code --columns}, in this order, to rows of known columns. */
public final class RowView {
    private final List<Column> all;
    private final View view;
    private final Map<String, Integer> index = new HashMap<>();
    private final int[] shown;
    private final Comparator<List<Object>> order;

    /** @throws DvsException {@code USAGE} for a column that there is not: made before anything is sent */
    public RowView(List<Column> all, View view) throws DvsException {
        this.all = List.copyOf(all);
        this.view = view;
        for (int i = 0; i < all.size(); i++) {
            index.put(all.get(i).name(), i);
        }
        List<Integer> places = new ArrayList<>();
        // Named twice is shown once: an object cannot have a key twice.
        for (String name : new LinkedHashSet<>(view.columns())) {
            places.add(place(name, "--columns"));
        }
        for (int i = 0; places.size() < all.size() && view.columns().isEmpty() && i < all.size(); i++) {
            if (!all.get(i).wide() || view.format() != Format.TABLE) {
                places.add(i);
            }
        }
        shown = places.stream().mapToInt(Integer::intValue).toArray();
        for (Filter filter : view.filters()) {
            place(filter.column(), "--filter");
        }
        Comparator<List<Object>> rows = null;
        for (SortKey key : view.sort()) {
            Comparator<List<Object>> by = comparator(place(key.column(), "--sort"), key.descending());
            rows = rows == null ? by : rows.thenComparing(by);
        }
        order = rows;
    }

    private int place(String name, String flag) throws DvsException {
        Integer place = index.get(name);
        if (place == null) {
            throw Usage.error(flag + ": there is no column '" + name + "'" + Nearest.hint(name, index.keySet())
                    + (index.isEmpty() ? "; this request has no columns" : "; columns: " + String.join(", ", names())));
        }
        return place;
    }

    private List<String> names() {
        return all.stream().map(Column::name).toList();
    }

    private static Comparator<List<Object>> comparator(int place, boolean descending) {
        Comparator<Object> values = descending ? RowView::compare : (a, b) -> compare(b, a);
        // Unknown values stand last whichever way the others go.
        return (a, b) -> {
            Object left = cell(a, place);
            Object right = cell(b, place);
            if (left == null || right == null) {
                return left == right ? 0 : left == null ? 1 : -1;
            }
            return -values.compare(left, right);
        };
    }

    private static int compare(Object a, Object b) {
        if (a instanceof Number left && b instanceof Number right) {
            return left instanceof Double || right instanceof Double
                    ? Double.compare(left.doubleValue(), right.doubleValue()) : Long.compare(left.longValue(), right.longValue());
        }
        if (a instanceof Number || b instanceof Number) {
            return a instanceof Number ? -1 : 1;
        }
        return a.toString().compareTo(b.toString());
    }

    /** A node with another version of the handler may send rows of another length. */
    private static Object cell(List<Object> row, int place) {
        return place < row.size() ? row.get(place) : null;
    }

    /** The columns shown, in order. */
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (int place : shown) {
            columns.add(all.get(place));
        }
        return columns;
    }

    public View view() {
        return view;
    }

    /** @throws DvsException {@code USAGE} when a filter takes too long */
    public List<List<Object>> apply(List<List<Object>> rows) throws DvsException {
        return project(sorted(filtered(rows)));
    }

    private List<List<Object>> filtered(List<List<Object>> rows) throws DvsException {
        if (view.filters().isEmpty()) {
            return rows;
        }
        List<List<Object>> kept = new ArrayList<>();
        for (List<Object> row : rows) {
            if (accepts(row)) {
                kept.add(row);
            }
        }
        return kept;
    }

    private boolean accepts(List<Object> row) throws DvsException {
        for (Filter filter : view.filters()) {
            int place = index.get(filter.column());
            Object value = cell(row, place);
            if (!filter.accepts(Cells.raw(value), Cells.human(all.get(place), value))) {
                return false;
            }
        }
        return true;
    }

    private List<List<Object>> sorted(List<List<Object>> rows) {
        if (order == null) {
            return rows;
        }
        List<List<Object>> sorted = new ArrayList<>(rows);
        sorted.sort(order);
        return sorted;
    }

    private List<List<Object>> project(List<List<Object>> rows) {
        boolean same = shown.length == all.size();
        for (int i = 0; same && i < shown.length; i++) {
            same = shown[i] == i;
        }
        if (same && rows.stream().allMatch(row -> row.size() == all.size())) {
            return rows;
        }
        List<List<Object>> projected = new ArrayList<>(rows.size());
        for (List<Object> row : rows) {
            List<Object> some = new ArrayList<>(shown.length);
            for (int place : shown) {
                some.add(cell(row, place));
            }
            projected.add(some);
        }
        return projected;
    }

    /** @return the answer as if the nodes had sent only what is to be shown, so that folding compares just that */
    public Answer apply(Answer answer) throws DvsException {
        List<NodeAnswer> nodes = new ArrayList<>();
        for (NodeAnswer node : answer.nodes()) {
            nodes.add(new NodeAnswer(node.node(), node.state(), node.rcode(), node.detail(), node.elapsedMs(),
                    apply(node.rows())));
        }
        RequestSpec spec = answer.spec();
        RequestSpec narrowed = new RequestSpec(spec.name(), spec.aliases(), spec.command(), spec.help(), spec.parameters(),
                columns(), spec.manyRows(), spec.changes(), spec.inTurn(), spec.destructive(), spec.role(), false,
                spec.oneOf(), spec.result());
        return new Answer(answer.job(), narrowed, answer.requested(), answer.complete(), answer.targets(), nodes,
                answer.elapsedMs());
    }

    /** A row together with the node it came from. */
    record NodeRow(String node, List<Object> row) {
    }

    /** All nodes' rows of an answer not yet applied, filtered; sorted over all nodes if sorting was asked for. */
    List<NodeRow> flat(Answer answer) throws DvsException {
        List<NodeRow> flat = new ArrayList<>();
        for (NodeAnswer node : answer.nodes()) {
            for (List<Object> row : filtered(node.rows())) {
                flat.add(new NodeRow(node.node(), row));
            }
        }
        if (order != null) {
            flat.sort((a, b) -> order.compare(a.row(), b.row()));
        }
        flat.replaceAll(each -> new NodeRow(each.node(), project(List.of(each.row())).get(0)));
        return flat;
    }
}
