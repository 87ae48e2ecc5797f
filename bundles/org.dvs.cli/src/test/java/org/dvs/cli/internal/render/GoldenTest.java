package org.dvs.cli.internal.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Answer;
import org.dvs.cli.internal.Answers;
import org.dvs.cli.internal.FakeCatalogue;
import org.dvs.cli.internal.Recorder;
import org.dvs.cli.internal.Specs;
import org.dvs.cli.internal.words.Commands;
import org.dvs.cli.internal.words.View;
import org.dvs.cli.internal.words.WordParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every output format, whole. What came out stands in {@code target/golden} after a run: copy a file over its twin in
 * {@code src/test/resources/golden} when a change was meant. "The output …"
 */
@Tag("R-CMD-05")
class GoldenTest {
    private static final Path CAME_OUT = Path.of("target", "golden");

    @ParameterizedTest(name = "{0}")
    @CsvSource({"table.txt,-o table", "wide.txt,-o wide", "document.json,-o json", "lines.jsonl,-o jsonl", "rows.csv,-o csv",
        "document.yaml,-o yaml", "nofold.txt,--no-fold", "nofold.json,--no-fold -o json --columns mounted_on",
        "diff.txt,--diff", "columns.txt,--columns use --columns mounted_on --no-headers",
        "sorted.txt,--no-fold --sort -use", "filtered.txt,--filter mounted_on~data",
        "filtered.csv,-o csv --no-headers --filter use!=41.5 --sort size --columns use --columns size"})
    void isAsAgreed(String golden, String flags) throws DvsException, IOException {
        check(golden, render(Answers.mixed(), flags, Screen.PIPE));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"color.txt,-o table", "color-diff.txt,--diff"})
    void isColouredWhereThatIsWanted(String golden, String flags) throws DvsException, IOException {
        check(golden, render(Answers.mixed(), flags, new Screen(true, 0, Paint.ANSI)));
    }

    @Test
    void fitsTheTerminal() throws DvsException, IOException {
        check("narrow.txt", render(Answers.mixed(), "", new Screen(true, 36, Paint.NONE)));
    }

    @Test
    void hasNoGroupWhenOneNodeWasAsked() throws DvsException, IOException {
        Answer one = Answers.answer(Specs.INFO,
                Answers.ok("node0", 1, Answers.row("main", true, 1_700_000_000_000L, 90_061_000L, List.of("node0", "node1"))));
        check("one.txt", render(one, "", Screen.PIPE));
        check("one.yaml", render(one, "-o yaml", Screen.PIPE));
    }

    private static String render(Answer answer, String flags, Screen screen) throws DvsException {
        Recorder recorder = new Recorder();
        List<String> words = new ArrayList<>(List.of("host", "df"));
        if (!flags.isEmpty()) {
            words.addAll(List.of(flags.split(" ")));
        }
        View view = new WordParser(new Commands(new FakeCatalogue(Specs.ALL), () -> true)).parse(words).options().view();
        AnswerRenderer.of(view, screen, recorder::out).answer(answer, new RowView(answer.spec().columns(), view));
        Trouble trouble = new Trouble(screen.paint(), recorder::err);
        trouble.nodes(answer);
        trouble.summary(answer, false);
        recorder.out.add("== stderr ==");
        recorder.out.addAll(recorder.err);
        return recorder.text() + '\n';
    }

    private static void check(String golden, String actual) throws IOException {
        Files.createDirectories(CAME_OUT);
        Files.writeString(CAME_OUT.resolve(golden), actual);
        try (InputStream expected = GoldenTest.class.getResourceAsStream("/golden/" + golden)) {
            assertEquals(expected == null ? "" : new String(expected.readAllBytes(), StandardCharsets.UTF_8), actual, golden);
        }
    }
}
