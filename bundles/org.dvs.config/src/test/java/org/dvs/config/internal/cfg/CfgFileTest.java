package org.dvs.config.internal.cfg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.TextFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CfgFileTest {

    private static CfgFile parse(String text) {
        return CfgFile.parse(TextFile.of("x.cfg", text));
    }

    private static List<String> problems(String text) {
        return parse(text).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void knowsWhereEachKeyAndValueStands() {
        CfgFile file = parse("""
                # comment
                bindPort = 7800

                  mode:SAFE
                ! another comment
                names a,b
                label=
                """);
        assertEquals(List.of(new Setting("bindPort", "7800", new Place(2, 1), new Place(2, 12)),
                new Setting("mode", "SAFE", new Place(4, 3), new Place(4, 8)),
                new Setting("names", "a,b", new Place(6, 1), new Place(6, 7)),
                new Setting("label", "", new Place(7, 1), new Place(7, 6))), file.settings());
        assertEquals(List.of(), file.problems());
    }

    @Test
    void joinsContinuedLinesAndKnowsWhereTheValueBegins() {
        CfgFile file = parse("groups = web: node0; \\\n    db: node1\nnames = \\\n   one,\\\n   two\n");
        assertEquals("web: node0;db: node1", file.settings().get(0).value().replace("; ", ";"));
        assertEquals(new Place(1, 10), file.settings().get(0).valuePlace());
        assertEquals(new Setting("names", "one,two", new Place(3, 1), new Place(4, 4)), file.settings().get(1));
    }

    @Test
    void resolvesEscapesAsJavaPropertiesDo() {
        CfgFile file = parse("a\\ b = c\\tD\\u00e9\npath = E:\\\\X\n");
        assertEquals("a b", file.settings().get(0).key());
        assertEquals("c\tD\u00e9", file.settings().get(0).value());
        assertEquals("E:\\X", file.settings().get(1).value());
    }

    @Test
    void followsNoInclude() {
        CfgFile file = parse("include = /etc/passwd\nincludeoptional = other.cfg\n");
        assertEquals(List.of("include", "includeoptional"), file.settings().stream().map(Setting::key).toList());
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("a = 1\nb = 2\na = 3\n", List.of("x.cfg:3:1: DVS-CFG-1104: 'a' stands at 1:1 already")),
                Arguments.of("\n  justakey\n", List.of("x.cfg:2:3: DVS-CFG-1103: 'justakey' has no '=' and no value")),
                Arguments.of("= 5\n", List.of("x.cfg:1:1: DVS-CFG-1103: there is no key in front of '='")),
                Arguments.of("a = 1\nb = x \\",
                        List.of("x.cfg:2:7: DVS-CFG-1103: the file ends where '\\' promises another line")),
                Arguments.of("a = \\u00zz\nb = 1\nkey\\u12 = 3\n",
                        List.of("x.cfg:1:5: DVS-CFG-1103: a \\u escape in it is not four hexadecimal digits",
                                "x.cfg:3:1: DVS-CFG-1103: a \\u escape in it is not four hexadecimal digits")));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void saysWhatIsWrongWithPlaceAndGoesOn(String text, List<String> expected) {
        assertEquals(expected, problems(text));
    }

    @Test
    void refusesWhatIsNotText() {
        assertEquals("x.cfg:2:4: DVS-CFG-1103: this is not UTF-8 text",
                TextFile.decode("x.cfg", new byte[] {'a', '\n', 'b', '=', ' ', (byte) 0xff, 'c'}).problem().orElseThrow()
                .toString());
        assertEquals("x.cfg:1:3: DVS-CFG-1103: this is not text: there is a zero byte",
                TextFile.decode("x.cfg", "a=\0".getBytes(StandardCharsets.UTF_8)).problem().orElseThrow().toString());
    }

    @Test
    void showsControlCharactersWithoutSendingThem() {
        String line = problems("a\\u001b[31m = 1\na\\u001b[31m = 2\n").get(0);
        assertEquals("x.cfg:2:1: DVS-CFG-1104: 'a\\x1b[31m' stands at 1:1 already", line);
        assertTrue(line.chars().allMatch(c -> c >= 0x20));
    }
}
