package org.dvs.cli.internal.render;

import java.util.List;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Answer;
import org.dvs.cli.internal.words.View;

/** Writes the data of an answer line by line. Errors of nodes are told by {@link Trouble}. */
public interface AnswerRenderer {

    /**
     * @param answer as it came
     * @throws DvsException {@code USAGE} when a filter takes too long
     */
    void answer(Answer answer, RowView view) throws DvsException;

    /** Rows that are not an answer of nodes: one of our own lists. */
    void sheet(List<List<Object>> rows, RowView view) throws DvsException;

    static AnswerRenderer of(View view, Screen screen, Consumer<String> out) {
        return switch (view.format()) {
            case TABLE, WIDE -> view.diff() ? new DiffRenderer(screen, out) : new TableRenderer(screen, out);
            case JSON, YAML -> new DocumentRenderer(out);
            case JSONL -> new JsonLinesRenderer(out);
            case CSV -> new CsvRenderer(screen, out);
        };
    }
}
