package org.dvs.cli.internal.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Answer;
import org.dvs.cli.internal.Answers;
import org.dvs.cli.internal.FakeCatalogue;
import org.dvs.cli.internal.Specs;
import org.dvs.cli.internal.words.Commands;
import org.dvs.cli.internal.words.View;
import org.dvs.cli.internal.words.WordParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "The view of rows …" */
class RowViewTest {
    private static RowView view(String flags) throws DvsException {
        View view = new WordParser(new Commands(new FakeCatalogue(Specs.ALL), () -> true)).parse(List.of(("host df " + flags).split(" ")))
                .options().view();
        return new RowView(Specs.DF.columns(), view);
    }

    private static final List<List<Object>> ROWS = List.of(
            Answers.row("b", 10L, 9.5, "/x", 1L), Answers.row("a", 9L, null, "/y", 2L), Answers.row("b", 100L, 10.0, "/z", null));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--sort size --columns size|[[9], [10], [100]]",
            "--sort -size --columns size|[[100], [10], [9]]",
        "--sort use --columns use|[[9.5], [10.0], [null]]", "--sort -use --columns use|[[10.0], [9.5], [null]]",
        "--sort filesystem,-size --columns filesystem,size|[[a, 9], [b, 100], [b, 10]]",
        "--filter filesystem=b --filter size!=10 --columns mounted_on|[[/z]]", "--filter size=100B --columns size|[[100]]",
        "--filter mounted_on~[xy] --columns size,use,size|[[10, 9.5], [9, null]]", "--filter use= --columns mounted_on|[[/y]]"})
    void filtersSortsAndSelects(String flags, String expected) throws DvsException {
        assertEquals(expected, view(flags).apply(ROWS).toString());
    }

    @Test
    void foldsOnlyWhatIsShown() throws DvsException {
        Answer answer = Answers.answer(Specs.DF, Answers.ok("node0", 1, Answers.row("a", 1L, 1.0, "/", 1L)),
                Answers.ok("node1", 1, Answers.row("a", 2L, 2.0, "/", 1L)));
        assertEquals(2, view("").apply(answer).groups().size());
        assertEquals(1, view("--columns filesystem,mounted_on").apply(answer).groups().size());
    }

    @Test
    void bearsRowsOfAnotherVersionOfAHandler() throws DvsException {
        List<List<Object>> rows = List.of(Answers.row("a"), Answers.row("b", "text", 1.0, "/", 1L, "more"),
                Answers.row("c", 3L, 2.0, "/", 1L));
        assertEquals("[[a, null, null, null, null], [b, text, 1.0, /, 1], [c, 3, 2.0, /, 1]]", view("-o wide").apply(rows)
                .toString());
        assertEquals("[[3], [text], [null]]", view("--sort size --columns size").apply(rows).toString());
        assertEquals("[[b]]", view("--filter size=text --columns filesystem").apply(rows).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--columns sise|--columns: there is no column 'sise'; did you mean 'size'?; "
                + "columns: filesystem, size, use, mounted_on, inodes",
        "--sort -xyzzy|--sort: there is no column 'xyzzy'; columns: filesystem, size, use, mounted_on, inodes",
        "--filter k=v|--filter: there is no column 'k'; columns: filesystem, size, use, mounted_on, inodes"})
    void refusesUnknownColumns(String flags, String sentence) {
        assertEquals(sentence, assertThrows(DvsException.class, () -> view(flags)).getMessage());
    }
}
