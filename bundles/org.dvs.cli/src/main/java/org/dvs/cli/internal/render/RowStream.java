package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.cli.internal.words.Format;
import org.dvs.cli.internal.words.Usage;

/**
 * Rows of several nodes as they come: one running table with the node in front, CSV, or a JSON object for each row. A column of
 * the table keeps the greatest width it has had; the heading comes again after a screen of rows.
 */
public final class RowStream {
    private static final int ROWS_A_HEADING = 40;

    private final RowView view;
    private final Screen screen;
    private final Consumer<String> out;
    private final RunningTable table;
    private final CsvRenderer csv;
    private long shown;

    /** @throws DvsException {@code USAGE} for a format that is one document */
    public RowStream(RowView view, Screen screen, Consumer<String> out) throws DvsException {
        Format format = view.view().format();
        if (format == Format.JSON || format == Format.YAML || view.view().diff()) {
            throw Usage.error("rows as they come are no one document: use --output table, wide, jsonl or csv");
        }
        this.view = view;
        this.screen = screen;
        this.out = out;
        csv = new CsvRenderer(screen, out);
        table = new RunningTable(Stream.concat(Stream.of(TableRenderer.NODE), view.columns().stream()).toList());
    }

    /** @throws DvsException {@code USAGE} when a filter takes too long */
    public void rows(String node, List<List<Object>> rows) throws DvsException {
        for (List<Object> row : view.apply(rows)) {
            List<Object> whole = new ArrayList<>(row.size() + 1);
            whole.add(node);
            whole.addAll(row);
            switch (view.view().format()) {
                case JSONL -> {
                    try (Tree tree = Tree.of(Format.JSONL, out)) {
                        tree.startObject();
                        tree.field("node", node);
                        tree.name("row");
                        DocumentRenderer.row(tree, row, view.columns());
                        tree.endObject();
                    }
                }
                case CSV -> {
                    if (shown++ == 0) {
                        csv.header(TableRenderer.NODE.name(), view);
                    }
                    csv.record(whole);
                }
                default -> table(whole);
            }
        }
    }

    private void table(List<Object> row) {
        List<String> cells = table.measured(row);
        // A program that reads along wants it once; to a person it scrolls away.
        boolean heading = shown == 0 || screen.terminal() && shown % ROWS_A_HEADING == 0;
        shown++;
        if (heading && view.view().headers()) {
            out.accept(screen.paint().heading(table.heading()));
        }
        out.accept(table.line(cells));
    }

    /** The columns of a table that does not know its rows yet. */
    private static final class RunningTable {
        private final List<Column> columns;
        private final int[] widths;

        RunningTable(List<Column> columns) {
            this.columns = columns;
            widths = columns.stream().mapToInt(column -> Plain.width(Table.heading(column))).toArray();
        }

        List<String> measured(List<Object> row) {
            List<String> cells = new ArrayList<>(widths.length);
            for (int i = 0; i < widths.length; i++) {
                String cell = Cells.human(columns.get(i), row.get(i));
                widths[i] = Math.max(widths[i], Plain.width(cell));
                cells.add(cell);
            }
            return cells;
        }

        String heading() {
            return line(columns.stream().map(Table::heading).toList());
        }

        String line(List<String> cells) {
            return Table.line(columns, cells, widths);
        }
    }
}
