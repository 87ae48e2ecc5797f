package org.dvs.monitor.internal.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Group;

/** A table that is only looked at: nothing of it is copied before a page asks for it. Immutable; any thread. */
public interface Rows {

    int size();

    /** @return null for what is not known, and beyond the last column */
    Object cell(int row, int column);

    /** Columns of its widest row. */
    int width();

    default List<Object> row(int at) {
        List<Object> cells = new ArrayList<>(width());
        for (int column = 0; column < width(); column++) {
            cells.add(cell(at, column));
        }
        return cells;
    }

    /** @param width columns of each row */
    static Rows of(List<List<Object>> rows, int width) {
        return new Rows() {
            @Override
            public int size() {
                return rows.size();
            }

            @Override
            public Object cell(int row, int column) {
                List<Object> cells = rows.get(row);
                return column < cells.size() ? cells.get(column) : null;
            }

            @Override
            public int width() {
                return width;
            }
        };
    }

    /**
     * The rows of all groups, also those that came before an error, one below the other; the first column has the folded set of
     * nodes.
     *
     * @param width columns of an answer
     */
    static Rows merged(List<Group> groups, int width) {
        List<Group> answered = groups.stream().filter(group -> !group.rows().isEmpty()).toList();
        int[] ends = new int[answered.size()];
        String[] nodes = new String[answered.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end = Math.addExact(end, answered.get(i).rows().size());
            ends[i] = end;
            nodes[i] = NodeSet.fold(answered.get(i).nodes());
        }
        int size = end;
        return new Rows() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Object cell(int row, int column) {
                int group = Arrays.binarySearch(ends, row + 1);
                group = group < 0 ? -group - 1 : group;
                List<Object> cells = answered.get(group).rows().get(row - (group == 0 ? 0 : ends[group - 1]));
                return column == 0 ? nodes[group] : column - 1 < cells.size() ? cells.get(column - 1) : null;
            }

            @Override
            public int width() {
                return width + 1;
            }
        };
    }
}
