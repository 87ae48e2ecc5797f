package org.dvs.cluster.jgroups.internal.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;

/**
 * The registered nodes, in the agreed state: {@code cluster/node/<id>} holds name and address, so that a node is known while it
 * is down; {@code cluster/expelled/<id>} holds the name of one that must not join.
 */
final class NodeTable {
    static final String EXPELLED = "cluster/expelled/";
    static final String NODE = "cluster/node/";

    private final AgreedState state;

    NodeTable(AgreedState state) {
        this.state = state;
    }

    /** A row. @param address {@code host:port} of its cluster port */
    record Row(Member member, String address) {
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        state.list(NODE).forEach((key, entry) -> row(key.substring(NODE.length()), entry.value()).ifPresent(rows::add));
        return rows;
    }

    Optional<Row> row(int id) {
        return state.get(NODE + id).flatMap(entry -> row(Integer.toString(id), entry.value()));
    }

    private static Optional<Row> row(String id, byte[] value) {
        String[] words = new String(value, StandardCharsets.UTF_8).split(" ", 2);
        try {
            return Optional.of(new Row(new Member(Integer.parseInt(id), words[0]), words.length > 1 ? words[1] : ""));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The change that registers a node; empty if it is registered like that already. */
    Optional<Change> registration(Member member, String address) {
        Row row = new Row(member, address);
        if (row(member.id()).filter(row::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Change().expectAbsent(EXPELLED + member.id())
                .put(NODE + member.id(), (member.name() + " " + address).getBytes(StandardCharsets.UTF_8)));
    }

    boolean expelled(int id) {
        return state.get(EXPELLED + id).isPresent();
    }

    static Change expulsion(Member member) {
        return new Change().remove(NODE + member.id())
                .put(EXPELLED + member.id(), member.name().getBytes(StandardCharsets.UTF_8));
    }

    static Change pardon(int id) {
        return new Change().remove(EXPELLED + id);
    }
}
