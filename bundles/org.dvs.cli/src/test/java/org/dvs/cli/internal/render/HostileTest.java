package org.dvs.cli.internal.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.cli.internal.Answers;
import org.dvs.cli.internal.Recorder;
import org.dvs.cli.internal.Specs;
import org.dvs.cli.internal.words.Format;
import org.dvs.cli.internal.words.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/** Values that nobody should send. "The output …" */
class HostileTest {
    private static final List<String> VALUES = List.of("\u001b[2J\u001b]0;title\u0007", "a\r\nb", "\u0085\u009b31m",
            "\u202eevil\u2066",
            "\u0000", "\ttab", "=1+1", "'\"`$(x)", "日本語", "e\u0301", "💥", "\ud800", "yes", "null", "~", "1.0", "- a: b", "# no",
            " lead", "trail ", "", "x".repeat(5_000), "\\x1b", "a,b;c|d", "{{a}}", "<b>&", "\ufeffbom", "\u2028line");

    private static Answer answer() {
        List<NodeAnswer> nodes = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        VALUES.forEach(value -> rows.add(Answers.row(value)));
        nodes.add(new NodeAnswer("node0", NodeState.OK, 0, "", 1, rows));
        nodes.add(new NodeAnswer("node1", NodeState.FAILED, -22, "\u001b[31mred\nnext\u202e", 1, List.of()));
        nodes.add(new NodeAnswer("node2", NodeState.FAILED, -77, "\u001b[31munknown", 1, List.of()));
        return Answers.answer(Specs.COMMAND, nodes.toArray(NodeAnswer[]::new));
    }

    private static Recorder render(Format format, Screen screen) throws DvsException {
        View view = new View(format, true, List.of(), List.of(), List.of(), true, false);
        Recorder recorder = new Recorder();
        AnswerRenderer.of(view, screen, recorder::out).answer(answer(), new RowView(Specs.COMMAND.columns(), view));
        new Trouble(Paint.NONE, recorder::err).nodes(answer());
        return recorder;
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void letsNoControlCharacterReachATerminal(Format format) throws DvsException {
        Recorder recorder = render(format, new Screen(true, 80, Paint.NONE));
        recorder.out.addAll(recorder.err);
        for (String line : recorder.out) {
            assertTrue(line.codePoints().noneMatch(point -> point < 0x20 || point >= 0x7f && point < 0xa0 || point == 0x202e
                    || point == 0x2066 || point == 0x2028 || point == 0xfeff || point >= 0xd800 && point < 0xe000),
                    () -> format + ": " + line.replace("\u001b", "ESC"));
        }
    }

    @Test
    void showsThemToPeople() throws DvsException {
        Recorder recorder = render(Format.TABLE, Screen.PIPE);
        assertTrue(recorder.out.contains("\\x1b[2J\\x1b]0;title\\x07"));
        assertTrue(recorder.out.contains("a\\r\\nb"));
        assertTrue(recorder.out.contains("\\u202eevil\\u2066"));
        assertTrue(recorder.out.contains("        tab"));
        assertTrue(recorder.out.contains("日本語"));
        assertTrue(recorder.err.contains("node1 failed: DVS-REQ-0022 An argument is not valid: \\x1b[31mred\\nnext\\u202e"));
        assertTrue(recorder.err.contains("node2 failed: rcode -77: \\x1b[31munknown"));
    }

    @Test
    void givesMachinesTheSameTextBackInJson() throws Exception {
        List<String> values = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(render(Format.JSON, Screen.PIPE).text())) {
            String name = "";
            while (parser.nextToken() != null) {
                name = parser.currentToken() == JsonToken.FIELD_NAME ? parser.currentName() : name;
                if (parser.currentToken() == JsonToken.VALUE_STRING && name.equals("line")) {
                    values.add(parser.getText());
                }
            }
        }
        // Once in its group, once at its node.
        assertEquals(VALUES, values.subList(0, VALUES.size()));
        assertEquals(VALUES, values.subList(VALUES.size(), values.size()));
    }

    @Test
    void givesMachinesTheSameTextBackInYaml() throws DvsException {
        Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(render(Format.YAML, Screen.PIPE).text());
        List<?> nodes = (List<?>) document.get("nodes");
        List<?> rows = (List<?>) ((Map<?, ?>) nodes.get(0)).get("rows");
        // No version of YAML can carry half a character; everything else must come back.
        assertEquals(VALUES.stream().map(value -> value.replace('\ud800', '?')).toList(),
                rows.stream().map(row -> ((Map<?, ?>) row).get("line").toString().replace('\ud800', '?')).toList());
    }

    @Test
    void keepsDataUnchangedInCsvThroughAPipe() throws DvsException {
        String text = render(Format.CSV, Screen.PIPE).text();
        assertTrue(text.contains("node0,=1+1\n"));
        assertTrue(text.contains("node0,\"a\r\nb\"\n"));
        assertTrue(text.contains("node0,\u001b[2J"));
        assertTrue(text.contains("node0,\"a,b;c|d\"\n"));
        assertTrue(text.contains("node0,\"'\"\"`$(x)\"\n"));
    }

    @Test
    void keepsColumnsInLineWithWideAndCombiningCharacters() {
        assertEquals(6, Plain.width("日本語"));
        assertEquals(1, Plain.width("e\u0301"));
        assertEquals(2, Plain.width("💥"));
        assertEquals("日…", Plain.fit("日本語", 4));
        assertEquals("ab", Plain.fit("ab", 2));
        assertFalse(Plain.text("💥").contains("\\u"));
    }
}
