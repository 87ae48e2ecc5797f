package org.dvs.api.dispatch;

import java.util.ArrayList;
import java.util.List;

/**
 * Which nodes are asked, as the caller said it. Without anything: the node that was asked, alone.
 *
 * @param nodes   node set expression ({@code node[0-2]}, {@code @group}, {@code *}), empty for none; see {@link org.dvs.api.NodeSet}
 * @param exclude node set expression taken away
 * @param groups  names of groups added
 * @param all     every registered node, in the view or not
 * @param pick    at most so many of them, chosen at random; 0 for all of them
 */
public record Selection(String nodes, String exclude, List<String> groups, boolean all, int pick) {
    /** The node that was asked. */
    public static final Selection LOCAL = new Selection("", "", List.of(), false, 0);
    /** Every registered node. */
    public static final Selection ALL = new Selection("", "", List.of(), true, 0);

    public Selection {
        groups = List.copyOf(groups);
    }

    /** @param expression e.g. {@code node[0-2]} */
    public static Selection of(String expression) {
        return new Selection(expression, "", List.of(), false, 0);
    }

    /** As one expression, for people. Empty for the node that was asked. */
    public String words() {
        List<String> parts = new ArrayList<>();
        if (all) {
            parts.add("*");
        }
        if (!nodes.isBlank()) {
            parts.add(nodes.strip());
        }
        groups.forEach(group -> parts.add('@' + group));
        return String.join(",", parts) + (exclude.isBlank() ? "" : " without " + exclude.strip());
    }
}
