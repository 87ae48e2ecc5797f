package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.request.Column;

/**
 * RFC 4180, with the line ends of the place it goes to. Data is never changed, not even a text that a spreadsheet takes for
 * a formula; only on a terminal control characters are made visible.
 */
final class CsvRenderer implements AnswerRenderer {
    private final Screen screen;
    private final LineWriter out;

    CsvRenderer(Screen screen, Consumer<String> out) {
        this.screen = screen;
        this.out = new LineWriter(out);
    }

    @Override
    public void answer(Answer answer, RowView view) throws DvsException {
        List<RowView.NodeRow> rows = view.flat(answer);
        List<Object> cells = new ArrayList<>();
        header(TableRenderer.NODE.name(), view);
        for (RowView.NodeRow each : rows) {
            cells.clear();
            cells.add(each.node());
            cells.addAll(each.row());
            record(cells);
        }
    }

    @Override
    public void sheet(List<List<Object>> rows, RowView view) throws DvsException {
        header(null, view);
        view.apply(rows).forEach(this::record);
    }

    void header(String first, RowView view) {
        if (view.view().headers()) {
            List<Object> names = new ArrayList<>();
            if (first != null) {
                names.add(first);
            }
            view.columns().stream().map(Column::name).forEach(names::add);
            record(names);
        }
    }

    void record(List<Object> cells) {
        // A field may hold line ends of its own: then the record is several lines.
        String text = line(cells, screen.terminal()) + '\n';
        out.write(text.toCharArray(), 0, text.length());
    }

    /** One record without line ends, fit for a terminal too. */
    static String line(List<Object> cells) {
        return line(cells, true);
    }

    private static String line(List<Object> cells, boolean terminal) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(i == 0 ? "" : ",").append(field(Cells.raw(cells.get(i)), terminal));
        }
        return line.toString();
    }

    private static String field(String value, boolean terminal) {
        String text = terminal ? Plain.text(value) : value;
        boolean quoted = text.indexOf(',') >= 0 || text.indexOf('"') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
