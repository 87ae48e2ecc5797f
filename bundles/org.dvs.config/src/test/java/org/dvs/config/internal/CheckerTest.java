package org.dvs.config.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Vector;
import java.util.stream.Stream;

import org.dvs.config.api.Problem;
import org.dvs.config.internal.cfg.CfgFile;
import org.dvs.config.internal.rules.Kinds;
import org.dvs.config.internal.schema.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckerTest {
    private static final String CLEAR = "a secret must not stand here in clear text; put it into the file keys/secrets/NAME of the node,"
            + " mode 600, and write secret:NAME here, or file:PATH or env:NAME";

    private static Checked check(Schema schema, String text, Map<String, String> environment) {
        Checker checker = new Checker(new Variables(environment), new Interpolation(environment, new Properties()),
                Kinds.ofFiles(Path.of("etc")));
        return checker.check(schema, Optional.of(CfgFile.parse(TextFile.of("s.cfg", text))));
    }

    private static Checked check(String text) {
        return check(TestSchemas.sample(), text, Map.of("PORT", "9000"));
    }

    @Test
    void convertsEachValueToItsDeclaredType() {
        Checked checked = check("""
                bindPort = ${env:PORT}
                replyTimeoutMs = 10
                ratio = 1e-1
                enabled = No
                mode = SAFE
                names = a, b\\\\,c
                ports = 3,4
                adminPassword = secret:admin
                """);
        assertEquals(List.of(), checked.problems());
        assertEquals(9000, checked.values().get("bindPort"));
        assertEquals(10L, checked.values().get("replyTimeoutMs"));
        assertEquals(0.1, checked.values().get("ratio"));
        assertEquals(false, checked.values().get("enabled"));
        assertEquals("SAFE", checked.values().get("mode"));
        assertArrayEquals(new String[] {"a", "b,c"}, (String[]) checked.values().get("names"));
        assertArrayEquals(new Integer[] {3, 4}, (Integer[]) checked.values().get("ports"));
        assertEquals("secret:admin", checked.values().get("adminPassword"));
        assertEquals("s.cfg:2", checked.origins().get("replyTimeoutMs"));
    }

    @Test
    void convertsJsonByTheDeclaredTypeToo() {
        Checked checked = json("""
                {
                  "bindPort": "${env:PORT}", "replyTimeoutMs": 10, "ratio": 1e-1, "enabled": false, "mode": "SAFE",
                  "names": ["a", "b,c", "\\\\d"], "ports": 3, "label": "a,b", "adminPassword": "secret:admin"
                }
                """);
        assertEquals(List.of(), checked.problems());
        assertEquals(9000, checked.values().get("bindPort"));
        assertEquals(10L, checked.values().get("replyTimeoutMs"));
        assertEquals(0.1, checked.values().get("ratio"));
        assertEquals(false, checked.values().get("enabled"));
        assertArrayEquals(new String[] {"a", "b,c", "\\d"}, (String[]) checked.values().get("names"));
        assertArrayEquals(new Integer[] {3}, (Integer[]) checked.values().get("ports"));
        assertEquals("a,b", checked.values().get("label"));
        assertEquals("s.cfg.json:3", checked.origins().get("names"));
    }

    @Test
    void findsInJsonWhatItFindsInText() {
        assertEquals(List.of("1:2: DVS-CFG-1101: 'bindprot' is not a key of org.dvs.sample; did you mean 'bindPort'?",
                "2:13: DVS-CFG-1102: bindPort: it takes one value, not a list",
                "3:12: DVS-CFG-1102: ports: 4 values, at most 3",
                "4:18: DVS-CFG-1105: adminPassword: " + CLEAR),
                json("{\"bindprot\": 1,\n\"bindPort\": [8000],\n \"ports\":  [1, 2, 3, 4],\n\"adminPassword\": \"${env:PORT}\"}")
                .problems().stream().map(problem -> problem.toString().replace("s.cfg.json:", "")).toList());
    }

    private static Checked json(String text) {
        Checker checker = new Checker(new Variables(Map.of()), new Interpolation(Map.of("PORT", "9000"), new Properties()),
                Kinds.ofFiles(Path.of("etc")));
        return checker.check(TestSchemas.sample(), Optional.of(CfgFile.parse(TextFile.of("s.cfg.json", text))));
    }

    @Test
    void readsShortsCharactersAndLists() {
        Schema shared = TestSchemas.all().schema("org.dvs.shared").orElseThrow();
        Checked checked = check(shared, "letter = y\nlist = 1,2\n", Map.of());
        assertEquals('y', checked.values().get("letter"));
        assertEquals(new Vector<>(List.of((byte) 1, (byte) 2)), checked.values().get("list"));
        assertEquals(List.of("s.cfg:1:10: DVS-CFG-1102: letter: 'yy' is not a character",
                "s.cfg:2:8: DVS-CFG-1102: list: 3 values, at most 2"),
                check(shared, "letter = yy\nlist = 1,2,3\n", Map.of()).problems().stream().map(Problem::toString).toList());
    }

    @Test
    void reportsEverythingAtOnce() {
        List<String> lines = check("""
                bindprot = 1
                bindPort = 80
                bindPort = 81
                mode = FASTT
                  ratio=2
                enabled = maybe
                names
                adminPassword = mendieta
                names = ${env:NOT_THERE}
                """).problems().stream().map(Problem::toString).toList();
        assertEquals(List.of(
                "s.cfg:1:1: DVS-CFG-1101: 'bindprot' is not a key of org.dvs.sample; did you mean 'bindPort'?",
                "s.cfg:2:12: DVS-CFG-1102: bindPort: 80 is not in range 1024..65535",
                "s.cfg:3:1: DVS-CFG-1104: 'bindPort' stands at 2:1 already",
                "s.cfg:4:8: DVS-CFG-1102: mode: 'FASTT' is not one of FAST, SAFE; did you mean 'FAST'?",
                "s.cfg:5:9: DVS-CFG-1102: ratio: 2.0 is not in range 0..1.5",
                "s.cfg:6:11: DVS-CFG-1102: enabled: 'maybe' is not true or false",
                "s.cfg:7:1: DVS-CFG-1103: 'names' has no '=' and no value",
                "s.cfg:8:17: DVS-CFG-1105: adminPassword: " + CLEAR,
                "s.cfg:9:9: DVS-CFG-1102: names: '${env:NOT_THERE}': a variable in it has no value"), lines);
    }

    static Stream<Arguments> badValues() {
        return Stream.of(Arguments.of("bindPort", "", "'' is not a whole number; the range is 1024..65535"),
                Arguments.of("bindPort", "0x10", "'0x10' is not a whole number; the range is 1024..65535"),
                Arguments.of("bindPort", "99999999999", "'99999999999' is too large; the range is 1024..65535"),
                Arguments.of("replyTimeoutMs", "-1", "-1 is not in range 0.."),
                Arguments.of("replyTimeoutMs", "5s", "'5s' is not a whole number; the range is 0.."),
                Arguments.of("ratio", "NaN", "'NaN' is not a number; the range is 0..1.5"),
                Arguments.of("ports", "1,x", "'x' is not a whole number; the range is 1..10"),
                Arguments.of("ports", "1,2,3,4", "4 values, at most 3"),
                Arguments.of("ports", "1,11", "11 is not in range 1..10"),
                Arguments.of("label", "a", "the length 1 is not in range 2..5"),
                Arguments.of("label", "abcdef", "the length 6 is not in range 2..5"));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void namesTheValueAndWhatWouldBeTaken(String key, String value, String expected) {
        Checked checked = check(key + "=" + value);
        assertEquals(List.of(key + ": " + expected), checked.problems().stream().map(Problem::text).toList());
        assertEquals(key.length() + (value.isEmpty() ? 1 : 2), checked.problems().get(0).place().column());
    }

    @Test
    void takesOnlyReferencesForSecretsAndNeverShowsWhatStoodThere() {
        for (String clear : List.of("mendieta", "secret:", "env:", "env:A B", "${env:PORT}", "file:")) {
            for (String key : List.of("adminPassword", "join")) {
                List<Problem> problems = check(key + " = " + clear).problems();
                assertEquals(1, problems.size(), clear);
                assertFalse(problems.toString().contains("mendieta"), problems.toString());
            }
        }
        assertTrue(check("adminPassword = file:keys/admin\njoin = env:JOIN\ntokenFile = keys/tokens\n").good());
    }

    @Test
    void missesAKeyThatHasNoDefault() {
        Schema must = TestSchemas.all().schema("org.dvs.must").orElseThrow();
        assertEquals(List.of("s.cfg:1:1: DVS-CFG-1107: 'path' of org.dvs.must has no default and must be set"),
                check(must, "weight = 3\n", Map.of()).problems().stream().map(Problem::toString).toList());
        assertTrue(check(must, "weight = 3\n", Map.of("DVS_MUST_PATH", "/x")).good());
    }

    @Test
    void letsTheEnvironmentWinOverTheFile() {
        Checked checked = check(TestSchemas.sample(), "bindPort = 8000\nmode = SAFE\n", Map.of("DVS_SAMPLE_BINDPORT", "9000"));
        assertEquals(9000, checked.values().get("bindPort"));
        assertEquals("env DVS_SAMPLE_BINDPORT", checked.origins().get("bindPort"));
        assertEquals("s.cfg:2", checked.origins().get("mode"));
    }

    @Test
    void checksTheEnvironmentAsStrictlyAsAFile() {
        Checked checked = check(TestSchemas.sample(), "", Map.of("DVS_SAMPLE_BINDPORT", "${env:PORT}"));
        assertEquals(List.of("environment DVS_SAMPLE_BINDPORT: DVS-CFG-1102: bindPort: '${env:PORT}' is not a whole number"
                + "; the range is 1024..65535"), checked.problems().stream().map(Problem::toString).toList());
    }
}
