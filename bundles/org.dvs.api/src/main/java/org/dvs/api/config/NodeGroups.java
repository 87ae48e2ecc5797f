package org.dvs.api.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;

/**
 * Groups of nodes as the configuration writes them: {@code web: node[0-1]; db: node2,@web}.
 *
 * @param byName   name to node set expression, in the order written
 * @param problems what could not be taken, for people
 */
public record NodeGroups(Map<String, String> byName, List<String> problems) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");

    public NodeGroups {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        problems = List.copyOf(problems);
    }

    /** What cannot be read is left out and said, so that one slip does not take away the other groups. */
    public static NodeGroups parse(String text) {
        Map<String, String> byName = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (String item : text.split(";")) {
            String[] parts = item.split(":", 2);
            String name = parts[0].strip();
            String nodes = parts.length < 2 ? "" : parts[1].strip();
            if (item.isBlank()) {
                continue;
            }
            if (!NAME.matcher(name).matches() || nodes.isEmpty()) {
                problems.add("'" + item.strip() + "' is not NAME: NODESET");
            } else if (byName.putIfAbsent(name, nodes) != null) {
                problems.add("group '" + name + "' is given twice; the first counts");
            }
        }
        removeBroken(byName, problems);
        return new NodeGroups(byName, problems);
    }

    private static void removeBroken(Map<String, String> byName, List<String> problems) {
        for (String name : List.copyOf(byName.keySet())) {
            try {
                new NodeSet(List.of(), byName).expand('@' + name);
            } catch (DvsException e) {
                problems.add("group '" + name + "': " + e.getMessage());
                if (e.code() != ErrorCode.TOOBIG) {
                    byName.remove(name);
                }
            }
        }
    }
}
