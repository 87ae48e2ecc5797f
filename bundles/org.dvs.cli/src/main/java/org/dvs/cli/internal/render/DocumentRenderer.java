package org.dvs.cli.internal.render;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Group;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.request.Column;
import org.dvs.cli.internal.words.View;

/** The JSON or YAML document of an answer; its structure is that of conventions 2. */
final class DocumentRenderer implements AnswerRenderer {
    private final Consumer<String> out;

    DocumentRenderer(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public void answer(Answer whole, RowView view) throws DvsException {
        Answer answer = view.apply(whole);
        try (Tree tree = Tree.of(view.view().format(), out)) {
            tree.startObject();
            tree.field("job", answer.job()).field("request", answer.spec().name());
            tree.name("target");
            tree.startObject();
            tree.field("requested", answer.requested()).field("resolved", answer.foldedTargets())
                    .field("count", answer.targets().size());
            tree.endObject();
            summary(tree, answer);
            tree.name("groups");
            tree.startList();
            for (Group group : view.view().fold() ? answer.groups() : List.<Group>of()) {
                group(tree, group, view.columns());
            }
            tree.endList();
            tree.name("nodes");
            tree.startList();
            for (NodeAnswer node : answer.nodes()) {
                node(tree, node, view.columns());
            }
            tree.endList();
            tree.endObject();
        }
    }

    private static void summary(Tree tree, Answer answer) {
        tree.name("summary");
        tree.startObject();
        for (NodeState state : NodeState.values()) {
            tree.field(state.word(), answer.count(state));
        }
        tree.field("elapsedMs", answer.elapsedMs());
        tree.endObject();
    }

    private static void group(Tree tree, Group group, List<Column> columns) {
        tree.startObject();
        tree.field("nodes", NodeSet.fold(group.nodes())).field("count", group.nodes().size()).field("rcode", group.rcode())
                .field("sha256", group.sha256());
        rowsOrError(tree, group.state(), group.rcode(), group.detail(), group.rows(), columns);
        tree.endObject();
    }

    private static void node(Tree tree, NodeAnswer node, List<Column> columns) {
        tree.startObject();
        tree.field("node", node.node()).field("state", node.state().word()).field("rcode", node.rcode())
                .field("elapsedMs", node.elapsedMs());
        rowsOrError(tree, node.state(), node.rcode(), node.detail(), node.rows(), columns);
        tree.endObject();
    }

    private static void rowsOrError(Tree tree, NodeState state, int rcode, String detail, List<List<Object>> rows,
            List<Column> columns) {
        if (state == NodeState.OK || !rows.isEmpty()) {
            tree.name("rows");
            rows(tree, rows, columns);
        }
        if (state != NodeState.OK) {
            tree.name("error");
            error(tree, rcode, detail);
        }
    }

    static void rows(Tree tree, List<List<Object>> rows, List<Column> columns) {
        tree.startList();
        for (List<Object> row : rows) {
            row(tree, row, columns);
        }
        tree.endList();
    }

    static void row(Tree tree, List<Object> row, List<Column> columns) {
        tree.startObject();
        for (int i = 0; i < columns.size(); i++) {
            tree.field(columns.get(i).name(), row.get(i));
        }
        tree.endObject();
    }

    static void error(Tree tree, int rcode, String detail) {
        Optional<ErrorCode> code = ErrorCode.ofRcode(rcode);
        tree.startObject();
        tree.field("code", code.map(ErrorCode::code).orElse(null)).field("message", code.map(ErrorCode::sentence).orElse(null))
                .field("detail", detail).field("next", code.map(ErrorCode::nextStep).orElse(null));
        tree.endObject();
    }

    @Override
    public void sheet(List<List<Object>> rows, RowView view) throws DvsException {
        try (Tree tree = Tree.of(view.view().format(), out)) {
            rows(tree, view.apply(rows), view.columns());
        }
    }

    /** Any map of names to values, lists and maps, as one document. */
    static void document(View view, Object content, Consumer<String> out) {
        try (Tree tree = Tree.of(view.format(), out)) {
            tree.value(content);
        }
    }
}
