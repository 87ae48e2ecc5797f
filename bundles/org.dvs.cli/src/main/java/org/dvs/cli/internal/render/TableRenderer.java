package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Group;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.request.Column;
import org.dvs.api.request.ValueType;
import org.dvs.cli.internal.words.Format;

/**
 * For people. Folded: a table for each group of nodes that answered alike, the group in a line above it unless only one
 * node was asked. Not folded: one table with the node in the first column.
 */
class TableRenderer implements AnswerRenderer {
    static final Column NODE = Column.of("node", ValueType.TEXT, "the node that answered");

    private final Screen screen;
    final Consumer<String> out;

    TableRenderer(Screen screen, Consumer<String> out) {
        this.screen = screen;
        this.out = out;
    }

    @Override
    public void answer(Answer answer, RowView view) throws DvsException {
        if (view.view().fold()) {
            folded(view.apply(answer), view);
        } else {
            flat(answer, view);
        }
    }

    void folded(Answer answer, RowView view) {
        boolean first = true;
        for (Group group : answer.groups()) {
            if (group.state() != NodeState.OK && group.rows().isEmpty()) {
                continue;
            }
            if (!first) {
                out.accept("");
            }
            first = false;
            if (answer.targets().size() > 1) {
                out.accept(paint().nodes(title(group, answer)));
            }
            body(group, view);
        }
    }

    /** The rows of a group, or what stands for none. */
    void body(Group group, RowView view) {
        if (view.columns().isEmpty()) {
            out.accept("done");
        } else if (group.rows().isEmpty()) {
            out.accept("no rows");
        } else if (group.rows().size() == 1) {
            alone(group.rows().get(0), view);
        } else {
            table(view.columns(), view).print(group.rows(), out);
        }
    }

    private void alone(List<Object> row, RowView view) {
        TextBlocks blocks = TextBlocks.of(view.columns(), row);
        if (!blocks.otherColumns().isEmpty()) {
            table(blocks.otherColumns(), view).print(List.of(blocks.otherValues()), out);
        }
        blocks.print(out, view.view().headers() ? paint() : null);
    }

    /** {@code node[0-1,3] (3)}, with what is not as usual behind it. */
    static String title(Group group, Answer of) {
        String title = Plain.text(NodeSet.fold(group.nodes())) + " (" + group.nodes().size() + ")";
        if (group.state() != NodeState.OK) {
            return title + " " + group.state().word() + ", incomplete:";
        }
        if (group.rcode() == 0) {
            return title;
        }
        String result = of.spec().result();
        return title + " rcode " + group.rcode() + (result.isEmpty() ? "" : ", " + Plain.text(result));
    }

    private void flat(Answer answer, RowView view) throws DvsException {
        List<Column> columns = Stream.concat(Stream.of(NODE), view.columns().stream()).toList();
        List<List<Object>> rows = new ArrayList<>();
        if (view.columns().isEmpty()) {
            answer.nodes().stream().filter(node -> node.state() == NodeState.OK).forEach(node -> rows.add(List.of(node.node())));
        } else {
            for (RowView.NodeRow each : view.flat(answer)) {
                List<Object> row = new ArrayList<>(columns.size());
                row.add(each.node());
                row.addAll(each.row());
                rows.add(row);
            }
        }
        table(columns, view).print(rows, out);
    }

    @Override
    public void sheet(List<List<Object>> rows, RowView view) throws DvsException {
        table(view.columns(), view).print(view.apply(rows), out);
    }

    Table table(List<Column> columns, RowView view) {
        int fitTo = screen.terminal() && view.view().format() == Format.TABLE ? screen.width() : 0;
        return new Table(columns, view.view().headers(), fitTo, screen.paint());
    }

    Paint paint() {
        return screen.paint();
    }
}
