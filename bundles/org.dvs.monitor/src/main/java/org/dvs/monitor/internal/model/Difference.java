package org.dvs.monitor.internal.model;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Group;
import org.dvs.api.dispatch.NodeState;

/** What nodes that answered do not all say. */
public final class Difference {
    private Difference() {
    }

    private static List<Group> answered(List<Group> groups) {
        return groups.stream().filter(group -> group.state() == NodeState.OK).toList();
    }

    /**
     * Rows that some nodes have and others have not; the first two columns are the folded sets of both.
     *
     * @param by columns that count, ascending: rows that are equal in these are the same row
     */
    public static Rows rows(List<Group> groups, List<Integer> by) {
        List<Group> answered = answered(groups);
        Map<List<Object>, BitSet> who = new LinkedHashMap<>();
        for (int at = 0; at < answered.size(); at++) {
            for (List<Object> row : answered.get(at).rows()) {
                List<Object> key = new ArrayList<>(by.size());
                by.forEach(column -> key.add(column < row.size() ? row.get(column) : null));
                who.computeIfAbsent(key, none -> new BitSet(answered.size())).set(at);
            }
        }
        Map<BitSet, List<Object>> folded = new HashMap<>();
        List<List<Object>> rows = new ArrayList<>();
        who.forEach((key, groupsWithIt) -> {
            if (groupsWithIt.cardinality() < answered.size()) {
                List<Object> row = new ArrayList<>(folded.computeIfAbsent(groupsWithIt, set -> sides(answered, set)));
                row.addAll(key);
                rows.add(row);
            }
        });
        return Rows.of(rows, by.size() + 2);
    }

    private static List<Object> sides(List<Group> answered, BitSet set) {
        List<String> with = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (int at = 0; at < answered.size(); at++) {
            (set.get(at) ? with : without).addAll(answered.get(at).nodes());
        }
        return List.of(NodeSet.fold(with.stream().sorted().toList()), NodeSet.fold(without.stream().sorted().toList()));
    }

    /** Columns in which one-row answers differ; all of them where a node has more rows or none. */
    public static List<Integer> columns(List<Group> groups, int width) {
        List<Group> answered = answered(groups);
        TreeSet<Integer> differ = new TreeSet<>();
        for (int column = 0; column < width; column++) {
            if (answered.stream().anyMatch(group -> group.rows().size() != 1) || differs(answered, column)) {
                differ.add(column);
            }
        }
        return List.copyOf(differ);
    }

    private static boolean differs(List<Group> answered, int column) {
        return answered.stream().map(group -> Objects.toString(group.rows().get(0).get(column))).distinct().count() > 1;
    }
}
