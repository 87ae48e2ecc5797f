package org.dvs.api.dispatch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dvs.api.NodeSet;
import org.dvs.api.request.RequestSpec;

/**
 * The accumulated answer of all targeted nodes: the counts of the four states add up to the number of targets.
 *
 * @param job       id of the job
 * @param spec      of the request asked
 * @param requested the node set as the caller wrote it
 * @param complete  false while nodes are still out: then {@code nodes} holds those that have ended
 * @param targets   names of all targeted nodes, ascending
 * @param nodes     one answer for each target, in the order of {@code targets}
 * @param elapsedMs from sending to the last node's end
 */
public record Answer(String job, RequestSpec spec, String requested, boolean complete, List<String> targets,
                     List<NodeAnswer> nodes, long elapsedMs) {

    public Answer {
        targets = List.copyOf(targets);
        nodes = List.copyOf(nodes);
    }

    public long count(NodeState state) {
        return nodes.stream().filter(node -> node.state() == state).count();
    }

    /** 0 if every node succeeded, else the error of the lowest failing node. Source: dvsd reference 5.3. */
    public int rcode() {
        return nodes.stream().filter(node -> node.state() != NodeState.OK).findFirst().map(NodeAnswer::rcode).orElse(0);
    }

    /** Nodes with the same answer put together: largest group first, then the one with the lowest node. */
    public List<Group> groups() {
        Map<String, List<NodeAnswer>> alike = new LinkedHashMap<>();
        for (NodeAnswer node : nodes) {
            alike.computeIfAbsent(digest(node), digest -> new ArrayList<>()).add(node);
        }
        List<Group> groups = new ArrayList<>();
        alike.forEach((sha256, members) -> {
            NodeAnswer first = members.get(0);
            groups.add(new Group(members.stream().map(NodeAnswer::node).toList(), first.state(), first.rcode(), sha256,
                    first.detail(), first.rows()));
        });
        // The map is in the order of the lowest node, and the sort is stable.
        groups.sort(Comparator.comparingInt((Group group) -> group.nodes().size()).reversed());
        return groups;
    }

    /** The target set folded, e.g. {@code node[0-2]}. */
    public String foldedTargets() {
        return NodeSet.fold(targets);
    }

    private static String digest(NodeAnswer node) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            feed(sha256, node.state().name());
            feed(sha256, node.rcode());
            feed(sha256, node.detail());
            for (List<Object> row : node.rows()) {
                feed(sha256, "row");
                row.forEach(value -> feedValue(sha256, value));
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A list's text does not tell ["a, b"] from ["a", "b"], so its elements are fed one by one. */
    private static void feedValue(MessageDigest digest, Object value) {
        if (value instanceof List<?> texts) {
            feed(digest, texts.size());
            texts.forEach(text -> feed(digest, text));
        } else {
            feed(digest, value);
        }
    }

    /** Type and length go in front, so that no two different rows feed the same bytes. */
    private static void feed(MessageDigest digest, Object value) {
        byte[] text = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
        String prefix = (value == null ? "null" : value.getClass().getSimpleName()) + ':' + text.length + ':';
        digest.update(prefix.getBytes(StandardCharsets.UTF_8));
        digest.update(text);
    }
}
