package org.dvs.cli.internal.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.dvs.api.request.Column;
import org.dvs.api.request.ValueType;
import org.junit.jupiter.api.Test;

/** "Text blocks …" */
class TextBlocksTest {
    private static final List<Column> COLUMNS = List.of(Column.of("stdout", ValueType.TEXT, ""),
            Column.of("exit_code", ValueType.INTEGER, ""), Column.of("stderr", ValueType.TEXT, ""));

    private final List<String> out = new ArrayList<>();

    @Test
    void showTextsOfSeveralLinesAsTheyAreAndLeaveTheRestToTheTable() {
        TextBlocks blocks = TextBlocks.of(COLUMNS, List.of("one\n\u001b[31mtwo\n", 0L, "short"));

        blocks.print(out::add, Paint.NONE);

        assertEquals(List.of("STDOUT", "one", "\\x1b[31mtwo"), out);
        assertEquals(List.of(0L, "short"), blocks.otherValues());
        assertEquals(List.of(COLUMNS.get(1), COLUMNS.get(2)), blocks.otherColumns());
    }

    @Test
    void areNoneWhereEveryValueIsOneLineOrUnknown() {
        TextBlocks blocks = TextBlocks.of(COLUMNS, Arrays.asList("one", 0L, null));

        blocks.print(out::add, null);

        assertEquals(List.of(), out);
        assertEquals(COLUMNS, blocks.otherColumns());
    }
}
