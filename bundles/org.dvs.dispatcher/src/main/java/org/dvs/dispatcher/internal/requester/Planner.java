package org.dvs.dispatcher.internal.requester;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.RequestSpec;

/** Turns an order into a plan: is there such a request, may the caller, are the values right, which nodes. Thread-safe. */
public final class Planner {
    private final Catalogue catalogue;
    private final Random random;

    /** @param random picks nodes where the caller leaves the choice; thread-safe */
    public Planner(Catalogue catalogue, Random random) {
        this.catalogue = catalogue;
        this.random = random;
    }

    /** @throws DvsException as {@link org.dvs.api.dispatch.Dispatcher#plan}, the first that applies in the order given there */
    public Plan plan(Order order, NodeDirectory directory) throws DvsException {
        RequestSpec spec = permitted(order);
        Map<String, Object> values = spec.complete(order.values());
        Pacing.check(order.pace());
        List<String> targets = targets(order.selection(), directory);
        return new Plan(spec, values, written(order.selection(), directory), targets);
    }

    /**
     * The plan of asking the same again of some of the nodes.
     *
     * @throws DvsException {@code BADREQUEST} if it is not served here any more, {@code PRIVILEGES}; for values that the
     *                      request's description does not take any more as {@link RequestSpec#complete}
     */
    public Plan again(Plan before, List<String> targets, Order order) throws DvsException {
        RequestSpec spec = permitted(new Order(before.spec().name(), Map.of(), Selection.LOCAL, order.timeout(), order.pace(),
                order.caller(), order.requestId()));
        Pacing.check(order.pace());
        return new Plan(spec, spec.complete(before.values()), NodeSet.fold(targets), targets);
    }

    private RequestSpec permitted(Order order) throws DvsException {
        RequestSpec spec = catalogue.find(order.request()).orElseThrow(() ->
                new DvsException(ErrorCode.BADREQUEST, "'" + order.request() + "' is not served on this node"));
        order.caller().require(spec.role(), spec.name());
        return spec;
    }

    private List<String> targets(Selection selection, NodeDirectory directory) throws DvsException {
        List<String> known = directory.nodes();
        NodeSet sets = new NodeSet(known, directory.groups());
        TreeSet<String> chosen = new TreeSet<>(NodeSet.ORDER);
        if (selection.all()) {
            chosen.addAll(known);
        }
        chosen.addAll(sets.expand(selection.nodes()));
        for (String group : selection.groups()) {
            chosen.addAll(sets.expand('@' + group));
        }
        if (namesNothing(selection)) {
            chosen.add(directory.local());
        }
        sets.expand(selection.exclude()).forEach(chosen::remove);
        Set<String> registered = Set.copyOf(known);
        List<String> unknown = chosen.stream().filter(name -> !registered.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new DvsException(ErrorCode.BADNODEID, NodeSet.fold(unknown) + (unknown.size() == 1 ? " is" : " are")
                    + " not registered; there " + (known.size() == 1 ? "is " : "are ") + NodeSet.fold(known));
        }
        if (chosen.isEmpty()) {
            throw new DvsException(ErrorCode.NONODES, "'" + written(selection, directory) + "' holds no node");
        }
        if (chosen.size() > NodeSet.MAX_NODES) {
            throw new DvsException(ErrorCode.TOOBIG, chosen.size() + " nodes, at most " + NodeSet.MAX_NODES);
        }
        return picked(List.copyOf(chosen), selection.pick());
    }

    private static boolean namesNothing(Selection selection) {
        return !selection.all() && selection.nodes().isBlank() && selection.groups().isEmpty();
    }

    private List<String> picked(List<String> chosen, int pick) throws DvsException {
        if (pick < 0) {
            throw new DvsException(ErrorCode.BADRANGE, "pick: " + pick + " is not 0 or more");
        }
        if (pick == 0 || pick >= chosen.size()) {
            return chosen;
        }
        List<String> shuffled = new ArrayList<>(chosen);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, pick).stream().sorted(NodeSet.ORDER).toList();
    }

    /** The node set as the caller wrote it, as one expression. */
    private static String written(Selection selection, NodeDirectory directory) {
        return (namesNothing(selection) ? directory.local() : "") + selection.words();
    }
}
