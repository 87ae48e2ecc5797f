package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import org.dvs.api.request.Column;

/** Lays rows out in columns: numbers to the right, everything else to the left, two spaces between. */
public final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_WIDTH = 8;

    private final List<Column> columns;
    private final boolean headers;
    private final int fitTo;
    private final Paint paint;

    /** @param fitTo columns of the terminal; 0 to never cut */
    Table(List<Column> columns, boolean headers, int fitTo, Paint paint) {
        this.columns = List.copyOf(columns);
        this.headers = headers;
        this.fitTo = fitTo;
        this.paint = paint;
    }

    void print(List<List<Object>> rows, Consumer<String> out) {
        List<String> names = columns.stream().map(Table::heading).toList();
        int[] widths = new int[columns.size()];
        for (int i = 0; headers && i < widths.length; i++) {
            widths[i] = Plain.width(names.get(i));
        }
        // The first walk only measures: keeping the texts of a big answer would double its memory.
        for (List<Object> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Plain.width(Cells.human(columns.get(i), row.get(i))));
            }
        }
        shrink(widths);
        if (headers) {
            out.accept(paint.heading(line(columns, names, widths)));
        }
        List<String> cells = new ArrayList<>();
        for (List<Object> row : rows) {
            cells.clear();
            for (int i = 0; i < widths.length; i++) {
                cells.add(Cells.human(columns.get(i), row.get(i)));
            }
            out.accept(line(columns, cells, widths));
        }
    }

    static String line(List<Column> columns, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(i == 0 ? "" : GAP);
            String cell = Plain.fit(cells.get(i), widths[i]);
            String space = " ".repeat(widths[i] - Plain.width(cell));
            if (Cells.rightAligned(columns.get(i))) {
                line.append(space).append(cell);
            } else {
                line.append(cell).append(space);
            }
        }
        return line.toString().stripTrailing();
    }

    /** Takes from the widest text columns until the line fits; a single column is never cut, it is somebody's own text. */
    private void shrink(int[] widths) {
        if (fitTo <= 0 || widths.length < 2) {
            return;
        }
        int total = GAP.length() * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        while (total > fitTo) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (!Cells.rightAligned(columns.get(i)) && widths[i] > LEAST_WIDTH
                        && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
            total--;
        }
    }

    static String heading(Column column) {
        String name = column.name().toUpperCase(Locale.ROOT);
        return column.unit().isEmpty() ? name : name + '(' + Plain.text(column.unit()) + ')';
    }
}
