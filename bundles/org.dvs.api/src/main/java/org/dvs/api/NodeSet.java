package org.dvs.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Node set expressions: {@code node[1-3,7]}, {@code @group}, {@code *}, comma lists, and {@code !} in front of what is taken
 * away; read from left to right. {@link #fold} is the way back.
 *
 * <p>Source: conventions 1. At most {@value #MAX_NODES} nodes after expansion, checked while expanding.
 */
public final class NodeSet {
    /** Nodes in one set at the most. */
    public static final int MAX_NODES = 10_000;
    /** Order of names: by the text in front of the number, then by the number, so that node2 comes before node10. */
    public static final Comparator<String> ORDER = Comparator.comparing(NodeSet::stem).thenComparingLong(NodeSet::number)
            .thenComparing(Comparator.naturalOrder());

    private static final int MAX_EXPRESSION = 64 * 1024;
    private static final int MAX_GROUP_DEPTH = 16;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");
    private static final Pattern BRACKETS = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)\\[([0-9,-]+)]");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");
    private static final Pattern NUMBERED = Pattern.compile("(.*\\D)(0|[1-9]\\d{0,8})");

    private final List<String> known;
    private final Map<String, String> groups;

    /**
     * @param known  every registered node, what {@code *} stands for
     * @param groups name to expression, what {@code @name} stands for
     */
    public NodeSet(Collection<String> known, Map<String, String> groups) {
        this.known = List.copyOf(known);
        this.groups = Map.copyOf(groups);
    }

    /**
     * @return names in {@link #ORDER}, perhaps none; they need not be known
     * @throws DvsException {@link ErrorCode#BADVALUE} for what cannot be read, {@link ErrorCode#TOOBIG} past the limit
     */
    public List<String> expand(String expression) throws DvsException {
        Set<String> set = new TreeSet<>(ORDER);
        expandInto(set, expression, 0);
        return List.copyOf(set);
    }

    private void expandInto(Set<String> set, String expression, int depth) throws DvsException {
        if (expression.length() > MAX_EXPRESSION) {
            throw new DvsException(ErrorCode.TOOBIG, "a node set of " + expression.length() + " characters, at most " + MAX_EXPRESSION);
        }
        if (depth > MAX_GROUP_DEPTH) {
            throw new DvsException(ErrorCode.BADVALUE, "groups nested more than " + MAX_GROUP_DEPTH + " deep: does one hold itself?");
        }
        for (String item : items(expression)) {
            boolean away = item.startsWith("!");
            Set<String> named = away ? new LinkedHashSet<>() : set;
            itemInto(named, away ? item.substring(1) : item, depth);
            if (away) {
                set.removeAll(named);
            }
            if (set.size() > MAX_NODES) {
                throw tooMany();
            }
        }
    }

    private void itemInto(Set<String> set, String item, int depth) throws DvsException {
        Matcher brackets = BRACKETS.matcher(item);
        if (item.equals("*")) {
            set.addAll(known);
        } else if (item.startsWith("@")) {
            String expression = groups.get(item.substring(1));
            if (expression == null) {
                throw new DvsException(ErrorCode.BADVALUE, "there is no group '" + item.substring(1) + "'");
            }
            expandInto(set, expression, depth + 1);
        } else if (brackets.matches()) {
            for (String range : brackets.group(2).split(",", -1)) {
                rangeInto(set, brackets.group(1), range, item);
            }
        } else if (NAME.matcher(item).matches()) {
            set.add(item);
        } else {
            throw new DvsException(ErrorCode.BADVALUE, "'" + item + "' is not a node, a set such as node[0-2], a @group or *");
        }
    }

    private static void rangeInto(Set<String> set, String stem, String range, String item) throws DvsException {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw new DvsException(ErrorCode.BADVALUE, "'" + range + "' in '" + item + "' is not a number or a range such as 1-3");
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (last < first) {
            throw new DvsException(ErrorCode.BADVALUE, "'" + range + "' in '" + item + "' runs backwards");
        }
        if (last - first >= MAX_NODES) {
            throw tooMany();
        }
        for (int number = first; number <= last; number++) {
            set.add(stem + number);
        }
    }

    private static DvsException tooMany() {
        return new DvsException(ErrorCode.TOOBIG, "the node set has more than " + MAX_NODES + " nodes");
    }

    /** Splits at commas outside brackets; empty items are left out. */
    private static List<String> items(String expression) {
        List<String> items = new ArrayList<>();
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= expression.length(); i++) {
            char c = i < expression.length() ? expression.charAt(i) : ',';
            if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            } else if (c == ',' && (depth <= 0 || i == expression.length())) {
                String item = expression.substring(start, i).strip();
                if (!item.isEmpty()) {
                    items.add(item);
                }
                start = i + 1;
            }
        }
        return items;
    }

    /** @return the names as one expression, e.g. {@code node[0-1,3],web}; {@link #expand} gives the same names back */
    public static String fold(Collection<String> names) {
        Map<String, TreeSet<Long>> numbered = new TreeMap<>();
        Map<String, String> alone = new LinkedHashMap<>();
        for (String name : names) {
            if (number(name) >= 0) {
                numbered.computeIfAbsent(stem(name), stem -> new TreeSet<>()).add(number(name));
            } else {
                alone.put(name, name);
            }
        }
        List<String> parts = new ArrayList<>();
        numbered.forEach((stem, numbers) -> parts.add(numbers.size() == 1
                ? stem + numbers.first() : stem + '[' + ranges(numbers) + ']'));
        parts.addAll(new TreeSet<>(alone.keySet()));
        return String.join(",", parts);
    }

    private static String ranges(TreeSet<Long> numbers) {
        StringBuilder text = new StringBuilder();
        Long first = null;
        Long last = null;
        for (Long number : numbers) {
            if (last != null && number == last + 1) {
                last = number;
                continue;
            }
            appendRange(text, first, last);
            first = number;
            last = number;
        }
        appendRange(text, first, last);
        return text.toString();
    }

    private static void appendRange(StringBuilder text, Long first, Long last) {
        if (first == null) {
            return;
        }
        text.append(text.length() == 0 ? "" : ",").append(first);
        if (!first.equals(last)) {
            text.append('-').append(last);
        }
    }

    private static String stem(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        return matcher.matches() ? matcher.group(1) : name;
    }

    /** The number at the end of the name; -1 if there is none, or one that folding would not give back: 01, or ten digits. */
    private static long number(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        return matcher.matches() ? Long.parseLong(matcher.group(2)) : -1;
    }
}
