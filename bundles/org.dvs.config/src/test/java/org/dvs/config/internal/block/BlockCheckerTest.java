package org.dvs.config.internal.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.Interpolation;
import org.dvs.config.internal.TextFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BlockCheckerTest {
    private final BlockChecker checker = new BlockChecker(new Interpolation(Map.of("IMAGE", "/vm/a.vmx"), new Properties()));

    private List<String> problems(String text) {
        return checker.check(TextFile.of("dsp.cfg", text), Optional.of(new SampleSchema())).problems().stream()
                .map(Problem::toString).toList();
    }

    @Test
    @Tag("R-DSP-13")
    void namesBothPlacesOfARepeatedNodeId() {
        // Seed 001's own sample gives nodeid 12 to two clients.
        assertEquals(List.of("dsp.cfg:4:31: DVS-CFG-1104: nodeid 12 of 'client client13' is that of 'client client12'"
                + " at 3:31 already"),
                problems("""
                lb node0 { nodeid 0; };
                server node1 { nodeid 1; };
                client client12 {      nodeid 12; rport 3012; };
                client client13 {      nodeid 12; rport 3013; };
                """));
        assertEquals(List.of("dsp.cfg:2:1: DVS-CFG-1104: there may be at most 1 'lb', there are 2; the first is at 1:1"),
                problems("lb a { nodeid 0; };\nlb b { nodeid 1; };\nserver s { nodeid 2; };"));
    }

    @Test
    @Tag("R-DSP-01")
    void reportsEverythingAtOnce() {
        assertEquals(List.of("dsp.cfg:1:1: DVS-CFG-1107: there must be at least 1 'server', there are 0",
                "dsp.cfg:1:12: DVS-CFG-1101: 'nodeID' is not a key of 'lb'; did you mean 'nodeid'?",
                "dsp.cfg:1:1: DVS-CFG-1107: 'lb node0' has no 'nodeid'",
                "dsp.cfg:2:1: DVS-CFG-1101: 'sever' is not a kind of block of load balancer; did you mean 'server'?",
                "dsp.cfg:3:21: DVS-CFG-1102: nodeid: 'x' is not a whole number",
                "dsp.cfg:3:30: DVS-CFG-1102: rport: 80 is not in range 3000..4023",
                "dsp.cfg:3:40: DVS-CFG-1102: batch: 'YEP' is not one of YES, NO; did you mean 'YES'?",
                "dsp.cfg:4:1: DVS-CFG-1104: 'client c' stands at 3:1 already",
                "dsp.cfg:4:22: DVS-CFG-1104: 'nodeid' of 'client c' stands at 4:12 already").stream().sorted().toList(),
                problems("""
                lb node0 { nodeID 0; };
                sever node1 { nodeid 1; };
                client c { nodeid   x; rport 80; batch YEP; };
                client c { nodeid 5; nodeid 6; };
                """).stream().sorted().toList());
    }

    @Test
    void takesOnlyReferencesForSecretsAndReplacesNothingInThem() {
        BlockFiles.Result good = checker.check(TextFile.of("f", "lb a { ssh_pass secret:vm-host; };"), Optional.empty());
        assertEquals(List.of(), good.problems());
        assertEquals("secret:vm-host", good.blocks().get(0).setting("ssh_pass").orElseThrow().value());
        for (String clear : List.of("root", "\"hunter2\"", "${env:IMAGE}")) {
            List<String> problems = checker.check(TextFile.of("f", "lb a { ssh_pass " + clear + "; };"), Optional.empty()).problems()
                    .stream().map(Problem::toString).toList();
            assertEquals(List.of("f:1:17: DVS-CFG-1105: ssh_pass: a secret must not stand here in clear text; put it into the file"
                    + " keys/secrets/NAME of the node, mode 600, and write secret:NAME here, or file:PATH or env:NAME"), problems);
        }
    }

    @Test
    void replacesVariablesInValues() {
        BlockFiles.Result result = checker.check(
                TextFile.of("f", "server a { node_image ${env:IMAGE}; other \"${env:IMAGE}\"; dir ${env:NONE}; };"),
                Optional.empty());
        assertEquals("/vm/a.vmx", result.blocks().get(0).setting("node_image").orElseThrow().value());
        assertEquals("/vm/a.vmx", result.blocks().get(0).setting("other").orElseThrow().value());
        assertEquals(List.of("f:1:63: DVS-CFG-1102: dir: '${env:NONE}': a variable in it has no value"),
                result.problems().stream().map(Problem::toString).toList());
    }

    @Test
    void quotesTheBeginningOfALongWord() {
        String word = "x".repeat(10_000);
        for (String text : List.of("lb a { nodeid 0; }; " + word, "lb a { nodeid " + word + "; };",
                word + " a { }; lb a { nodeid 0; };",
                "server a { batch " + word + "; };",
                "server " + word + " { " + word + " 1; " + word + " 1 1; " + word + "; }; server " + word + " {")) {
            List<String> problems = problems(text);
            assertTrue(problems.stream().anyMatch(line -> line.contains(word.substring(0, 50)) && line.contains("…'")),
                    problems::toString);
            assertTrue(problems.stream().allMatch(line -> line.length() < 300), problems::toString);
        }
    }
}
