package org.dvs.cli.internal.render;

import java.util.List;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.cli.internal.words.Format;

/**
 * One JSON object per line: {@code {node,row}} for each row, then {@code {node,state,rcode,elapsedMs}}, with {@code error}
 * where it is one, for each node. The row stands in an object of its own, so that its columns may have any names.
 */
final class JsonLinesRenderer implements AnswerRenderer {
    private final Consumer<String> out;

    JsonLinesRenderer(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public void answer(Answer answer, RowView view) throws DvsException {
        for (RowView.NodeRow each : view.flat(answer)) {
            line(tree -> {
                tree.field("node", each.node());
                tree.name("row");
                DocumentRenderer.row(tree, each.row(), view.columns());
            });
        }
        for (NodeAnswer node : answer.nodes()) {
            line(tree -> {
                tree.field("node", node.node()).field("state", node.state().word()).field("rcode", node.rcode())
                        .field("elapsedMs", node.elapsedMs());
                if (node.state() != NodeState.OK) {
                    tree.name("error");
                    DocumentRenderer.error(tree, node.rcode(), node.detail());
                }
            });
        }
    }

    @Override
    public void sheet(List<List<Object>> rows, RowView view) throws DvsException {
        for (List<Object> row : view.apply(rows)) {
            try (Tree tree = Tree.of(Format.JSONL, out)) {
                DocumentRenderer.row(tree, row, view.columns());
            }
        }
    }

    private void line(Consumer<Tree> content) {
        try (Tree tree = Tree.of(Format.JSONL, out)) {
            tree.startObject();
            content.accept(tree);
            tree.endObject();
        }
    }
}
