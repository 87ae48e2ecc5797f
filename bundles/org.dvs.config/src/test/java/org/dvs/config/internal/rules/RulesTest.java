package org.dvs.config.internal.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import org.dvs.api.config.Kind;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.Checked;
import org.dvs.config.internal.Checker;
import org.dvs.config.internal.Interpolation;
import org.dvs.config.internal.TestSchemas;
import org.dvs.config.internal.TextFile;
import org.dvs.config.internal.Variables;
import org.dvs.config.internal.cfg.CfgFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule of a setting ... */
class RulesTest {
    @TempDir
    private Path base;
    private Path etc;

    @BeforeEach
    void folders() throws IOException {
        etc = Files.createDirectory(base.resolve("etc"));
        Files.createDirectory(base.resolve("other"));
    }

    private Checked check(Kinds kinds, String name, String text, Map<String, String> environment) {
        return new Checker(new Variables(environment), new Interpolation(Map.of(), new Properties()), kinds)
                .check(TestSchemas.rules(), Optional.of(CfgFile.parse(TextFile.of(name, text))));
    }

    /** As on a node, without the folder's name, which differs each time. */
    private List<String> problems(String text) {
        return lines(check(Kinds.ofNode(etc, base), "r.cfg", text, Map.of()));
    }

    private List<String> lines(Checked checked) {
        return checked.problems().stream().map(Problem::toString).map(line -> line.replace(base.toString(), "BASE")).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "seeds    | nohost              | 'nohost' is not host:port with a port of 1..65535",
        "seeds    | 127.0.0.1           | '127.0.0.1' is not host:port with a port of 1..65535",
        "seeds    | 127.0.0.1:1, ::1    | '::1' is not host:port with a port of 1..65535",
        "seeds    | 127.0.0.1:70000     | '127.0.0.1:70000' is not host:port with a port of 1..65535",
        "seeds    | 127.0.0.1:0         | '127.0.0.1:0' is not host:port with a port of 1..65535",
        "seeds    | no.such.invalid:78  | 'no.such.invalid:78' has no address that is known here",
        "founders | node[               | 'node[' is not a name: a letter, then up to 62 of A-Z a-z 0-9 . _ -",
        "founders | node0,node1,node0   | 'node0' stands twice",
        "cluster  | 9x y                | '9x y' is not a name: a letter, then up to 62 of A-Z a-z 0-9 . _ -",
        "groups   | xx                  | 'xx' is not NAME: NODESET",
        "groups   | a: node[0; b: @c    | group 'a': 'node[0' is not a node, a set such as node[0-2], a @group or *;"
            + " group 'b': there is no group 'c'; there are b",
        "script   | ../../bin/x         | '../../bin/x' is not below BASE/etc/scripts;"
            + " a program that is elsewhere takes an absolute path",
        "address  | nonsense.invalid    | 'nonsense.invalid' has no address that is known here",
        "address  | 192.0.2.1           | '192.0.2.1' is no address of this machine",
        "keys     | /no/such/folder     | '/no/such/folder' is not a folder that is there",
        "keys     | nope                | 'nope' is not a folder that is there, below BASE",
        "mode     | 0800                | '0800' is not three octal digits such as 0600"})
    void refusesAValueWithItsPlace(String key, String value, String expected) {
        assertEquals(List.of("r.cfg:2:" + (key.length() + 4) + ": DVS-CFG-1102: " + key + ": " + expected),
                problems("# one line\n" + key + " = " + value + "\n"));
    }

    @Test
    void refusesAnEmptyValueWhereNothingWouldBeSomethingElse() {
        assertEquals(List.of("r.cfg:1:8: DVS-CFG-1102: address: '' names no host",
                "r.cfg:2:5: DVS-CFG-1102: keys: '' is not a folder that is there, below BASE"), problems("address =\nkeys =\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seeds = 127.0.0.1:1, [::1]:65535,localhost:7800,", "seeds =", "founders = node0, node1",
        "cluster = x",
        "groups = web: node[0-1]; db: node2,@web", "groups =", "script = a/b/../c", "script = /bin/true", "script =",
        "address = 127.0.0.2",
        "address = 0.0.0.0", "address = localhost",
        "keys = other", "keys = keys", "mode = 0660", "mode = 600", "later = whatever"})
    void takesWhatIsMeant(String line) {
        assertEquals(List.of(), problems(line));
    }

    @Test
    void ofAddressesLetsFilesOfOtherMachinesPass() {
        Checked checked = check(Kinds.ofFiles(etc), "r.cfg", "address = 192.0.2.1\nkeys = other\n", Map.of());
        assertEquals(List.of(), checked.problems());
    }

    @Test
    void placesEachValueOfAJsonList() {
        assertEquals(List.of("r.cfg.json:2:28: DVS-CFG-1102: seeds: 'nohost' is not host:port with a port of 1..65535",
                "r.cfg.json:3:14: DVS-CFG-1102: founders: 'a' stands twice"),
                lines(check(Kinds.ofNode(etc, base), "r.cfg.json",
                        "{\n  \"seeds\": [\"127.0.0.1:1\", \"nohost\"],\n \"founders\": [\"a\", \"a\"] }", Map.of())));
    }

    @Test
    void comparesNumbersAndBlamesTheOneThatIsSet() {
        assertEquals(List.of("r.cfg:2:8: DVS-CFG-1102: mostMs: 2000 must be more than leastMs, which is 5000"),
                problems("leastMs=5000\nmostMs=2000\n"));
        assertEquals(List.of("r.cfg:1:9: DVS-CFG-1102: leastMs: 5000 must be less than mostMs, which is 3000 by default"),
                problems("leastMs=5000\n"));
        assertEquals(List.of("r.cfg:1:8: DVS-CFG-1102: mostMs: 1000 must be more than leastMs, which is 1000 by default"),
                problems("mostMs=1000\n"));
        assertEquals(List.of("r.cfg:1:7: DVS-CFG-1102: queue: 15 must be at least mark, which is 20 by default"),
                problems("queue=15\n"));
        assertEquals(List.of("r.cfg:1:7: DVS-CFG-1102: frame: 41 must be at most queue, which is 40 by default"),
                problems("frame=41\n"));
        assertEquals(List.of(), problems("queue=20\nleastMs=2999\n"));
    }

    @Test
    void saysNothingOfANumberThatIsBadByItself() {
        assertEquals(List.of("r.cfg:1:9: DVS-CFG-1102: leastMs: 90000 is not in range 1..60000"),
                problems("leastMs=90000\nmostMs=2000\n"));
    }

    @Test
    void holdsForTheEnvironmentToo() {
        Checked checked = check(Kinds.ofNode(etc, base), "r.cfg", "mostMs = 2000\n",
                Map.of("DVS_RULES_LEASTMS", "2000", "DVS_RULES_FOUNDERS", "a,9"));
        assertEquals(List.of("environment DVS_RULES_FOUNDERS: DVS-CFG-1102: founders: '9' is not a name: a letter, then up to"
                + " 62 of A-Z a-z 0-9 . _ -", "r.cfg:1:10: DVS-CFG-1102: mostMs: 2000 must be more than leastMs, which is 2000"),
                lines(checked));
        assertTrue(lines(check(Kinds.ofNode(etc, base), "r.cfg", "", Map.of("DVS_RULES_MOSTMS", "5"))).get(0)
                .startsWith("environment DVS_RULES_MOSTMS: DVS-CFG-1102: mostMs: 5 must be more than"));
    }

    @Test
    void ofALaterReleaseIsLeftToTheComponent() {
        assertEquals(Kind.ANY, TestSchemas.rules().attribute("later").orElseThrow().rule().kind());
    }
}
