package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.dvs.api.request.Column;
import org.dvs.api.request.ValueType;

/**
 * A row that stands alone and carries texts of several lines, such as what a program wrote: those texts as they are, line by
 * line, below a table of the rest.
 */
final class TextBlocks {
    private final List<Column> columns;
    private final List<Object> row;
    private final List<Integer> blocks;

    private TextBlocks(List<Column> columns, List<Object> row, List<Integer> blocks) {
        this.columns = columns;
        this.row = row;
        this.blocks = blocks;
    }

    static TextBlocks of(List<Column> columns, List<Object> row) {
        return new TextBlocks(columns, row, IntStream.range(0, columns.size()).filter(i -> columns.get(i).type() == ValueType.TEXT
                && row.get(i) instanceof String text && text.indexOf('\n') >= 0).boxed().toList());
    }

    List<Column> otherColumns() {
        return others(columns);
    }

    List<Object> otherValues() {
        return others(row);
    }

    private <T> List<T> others(List<T> all) {
        List<T> others = new ArrayList<>(all);
        blocks.stream().sorted((a, b) -> b - a).forEach(i -> others.remove(i.intValue()));
        return others;
    }

    /** @param paint null to leave the names of the texts out */
    void print(Consumer<String> out, Paint paint) {
        for (int block : blocks) {
            if (paint != null) {
                out.accept(paint.heading(columns.get(block).name().toUpperCase(Locale.ROOT)));
            }
            ((String) row.get(block)).lines().map(Plain::text).forEach(out);
        }
    }
}
