package org.dvs.config.internal.cfg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;

import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.TextFile;
import org.dvs.config.internal.cfg.Setting.Form;
import org.dvs.config.internal.cfg.Setting.Item;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A configuration file in JSON ... */
class JsonFileTest {

    private static CfgFile parse(String text) {
        return CfgFile.parse(TextFile.of("x.cfg.json", text));
    }

    private static List<String> problems(String text) {
        return parse(text).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void knowsWhereEachKeyAndValueStands() {
        CfgFile file = parse("""
                // how this node listens
                {
                  "bindPort": 7800, /* agreed */ "enabled": true,
                  "ratio": 0.50,
                  "names": ["a,b",
                            "${env:X}"], "none": []
                }
                """);
        assertEquals(List.of(), file.problems());
        assertEquals(List.of(
                new Setting("bindPort", Form.ONE, List.of(new Item("7800", new Place(3, 15))), new Place(3, 3), new Place(3, 15)),
                new Setting("enabled", Form.ONE, List.of(new Item("true", new Place(3, 45))), new Place(3, 34), new Place(3, 45)),
                new Setting("ratio", Form.ONE, List.of(new Item("0.50", new Place(4, 12))), new Place(4, 3), new Place(4, 12)),
                new Setting("names", Form.LIST, List.of(new Item("a,b", new Place(5, 13)), new Item("${env:X}", new Place(6, 13))),
                        new Place(5, 3), new Place(5, 12)),
                new Setting("none", Form.LIST, List.of(), new Place(6, 26), new Place(6, 34))), file.settings());
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("", "1:1: DVS-CFG-1103: the file must be one object: { \"key\": value, ... }"),
                Arguments.of(" 5", "1:2: DVS-CFG-1103: the file must be one object: { \"key\": value, ... }"),
                Arguments.of("{\"a\": 1}\n{", "2:1: DVS-CFG-1103: there is more behind the object"),
                Arguments.of("{\"a\": 1", "1:8: DVS-CFG-1103: the file ends before the object does"),
                Arguments.of("{\"a\": \"b", "1:9: DVS-CFG-1103: the file ends before the object does"),
                Arguments.of("{\"a\": hunter2}", "1:14: DVS-CFG-1103: here ends a word without quotes that is not true, false or null"),
                Arguments.of("{\n\"a\": 1\n\"b\": 2}",
                        "3:1: DVS-CFG-1103: Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void saysWhereItsSyntaxEnds(String text, String expected) {
        assertEquals(List.of("x.cfg.json:" + expected), problems(text));
    }

    @Test
    void saysEverythingElseThatIsWrongAtOnce() {
        assertEquals(List.of("x.cfg.json:2:8: DVS-CFG-1102: a: null is no value; leave the key out",
                "x.cfg.json:3:8: DVS-CFG-1102: b: an object is no value",
                "x.cfg.json:4:12: DVS-CFG-1102: c: a list in a list is no value",
                "x.cfg.json:6:3: DVS-CFG-1104: 'd' stands at 5:3 already"), problems("""
                {
                  "a": null,
                  "b": {"x": [1, {"y": 2}]},
                  "c": [1, [2], 3],
                  "d": 1,
                  "d": 2
                }
                """));
    }

    @Test
    void isNotReadDeeperThanItsBound() {
        String text = " DVS-CFG-1103: nested deeper than 64, or a number or name longer than any that means something";
        assertEquals(List.of("x.cfg.json:1:71:" + text), problems("{\"a\": " + "[".repeat(100) + "]".repeat(100) + "}"));
        assertEquals(List.of("x.cfg.json:1:5007:" + text), problems("{\"a\": " + "1".repeat(5_000) + "}"));
    }
}
