package org.dvs.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
    private static final int MAX_NAME = 63;
    private static final int MAX_DIGITS = 9;
    /** So many groups are named when one is not among them. */
    private static final int NAMED = 20;
    private static final int MAX_WORK = 10 * MAX_NODES;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");
    private static final Pattern BRACKETS = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)\\[([0-9,-]+)]");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

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
        return List.copyOf(new Expansion().expand(expression, 0));
    }

    /** One expansion and the work that it has taken so far. */
    private final class Expansion {
        /** Each group is expanded once, however often it is named. */
        private final Map<String, Set<String>> done = new HashMap<>();
        private int work;

        Set<String> expand(String expression, int depth) throws DvsException {
            if (expression.length() > MAX_EXPRESSION) {
                throw new DvsException(ErrorCode.TOOBIG,
                        "a node set of " + expression.length() + " characters, at most " + MAX_EXPRESSION);
            }
            if (depth > MAX_GROUP_DEPTH) {
                throw new DvsException(ErrorCode.BADVALUE,
                        "groups nested more than " + MAX_GROUP_DEPTH + " deep: does one hold itself?");
            }
            Set<String> set = new TreeSet<>(ORDER);
            for (String item : items(expression)) {
                if (item.startsWith("!")) {
                    names(item.substring(1), depth).forEach(set::remove);
                } else {
                    set.addAll(names(item, depth));
                }
                if (set.size() > MAX_NODES) {
                    throw tooMany();
                }
            }
            return set;
        }

        private Collection<String> names(String item, int depth) throws DvsException {
            Matcher brackets = BRACKETS.matcher(item);
            if (item.equals("*")) {
                spend(known.size());
                return known;
            }
            if (item.startsWith("@")) {
                return group(item.substring(1), depth);
            }
            if (brackets.matches()) {
                List<String> names = new ArrayList<>();
                for (String range : brackets.group(2).split(",", -1)) {
                    rangeInto(names, brackets.group(1), range, item);
                }
                return names;
            }
            if (NAME.matcher(item).matches()) {
                spend(1);
                return List.of(item);
            }
            throw new DvsException(ErrorCode.BADVALUE, "'" + item + "' is not a node, a set such as node[0-2], a @group or *");
        }

        /** A group stands on its own: what it takes away, it takes away from itself only. */
        private Collection<String> group(String name, int depth) throws DvsException {
            String expression = groups.get(name);
            if (expression == null) {
                throw new DvsException(ErrorCode.BADVALUE, "there is no group '" + name + "'; "
                        + (groups.isEmpty() ? "no group is defined" : "there are " + known()));
            }
            Set<String> names = done.get(name);
            if (names == null) {
                names = expand(expression, depth + 1);
                done.put(name, names);
            }
            spend(names.size());
            return names;
        }

        private String known() {
            String names = groups.keySet().stream().sorted().limit(NAMED).collect(Collectors.joining(", "));
            return groups.size() > NAMED ? names + " and " + (groups.size() - NAMED) + " more" : names;
        }

        private void rangeInto(List<String> names, String stem, String range, String item) throws DvsException {
            Matcher matcher = RANGE.matcher(range);
            if (!matcher.matches()) {
                throw new DvsException(ErrorCode.BADVALUE,
                        "'" + range + "' in '" + item + "' is not a number or a range such as 1-3");
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (last < first) {
                throw new DvsException(ErrorCode.BADVALUE, "'" + range + "' in '" + item + "' runs backwards");
            }
            if (stem.length() + Integer.toString(last).length() > MAX_NAME) {
                throw new DvsException(ErrorCode.BADVALUE, "'" + item + "' holds names of more than " + MAX_NAME + " characters");
            }
            if (last - first >= MAX_NODES) {
                throw tooMany();
            }
            spend(last - first + 1);
            for (int number = first; number <= last; number++) {
                names.add(stem + number);
            }
        }

        /** Short expressions can name many nodes many times; there is no use in it, so it is not worked off. */
        private void spend(int names) throws DvsException {
            work += names;
            if (work > MAX_WORK) {
                throw tooMany();
            }
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
        return name.substring(0, numberAt(name));
    }

    /** The number at the end of the name; -1 if there is none, or one that folding would not give back: 01, or ten digits. */
    private static long number(String name) {
        int at = numberAt(name);
        return at == name.length() ? -1 : Long.parseLong(name, at, name.length(), 10);
    }

    /** Where that number begins; the name's length if there is none. Without a pattern: sorting asks very often. */
    private static int numberAt(String name) {
        int at = name.length();
        while (at > 0 && name.charAt(at - 1) >= '0' && name.charAt(at - 1) <= '9') {
            at--;
        }
        int digits = name.length() - at;
        boolean folds = at > 0 && digits > 0 && digits <= MAX_DIGITS && (digits == 1 || name.charAt(at) != '0');
        return folds ? at : name.length();
    }
}
