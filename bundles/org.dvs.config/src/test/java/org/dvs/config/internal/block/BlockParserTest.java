package org.dvs.config.internal.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.configuration2.ex.ConfigurationException;
import org.dvs.config.api.Block;
import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.BlockSetting;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.TextFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("R-DSP-01")
class BlockParserTest {

    private static BlockFiles.Result parse(String text) {
        return BlockParser.parse(TextFile.of("dsp.cfg", text));
    }

    @Test
    void readsBlocksWithCommentsAndQuotedTexts() {
        BlockFiles.Result result = parse("""
                # a comment
                lb node0 {
                \tnodeid \t\t0;   # another
                \tvm_start "start vm.bat";
                };
                server node1 { node_image  "E:\\\\NODE1\\\\node1.vmx"; name "say \\"hi\\""; dir "C:\\"; };
                """);
        assertEquals(List.of(), result.problems());
        Block lb = result.blocks().get(0);
        assertEquals("lb node0", lb.title());
        assertEquals(new Place(2, 1), lb.place());
        assertEquals(new BlockSetting("nodeid", "0", false, new Place(3, 2), new Place(3, 11)), lb.settings().get(0));
        assertEquals(new BlockSetting("vm_start", "start vm.bat", true, new Place(4, 2), new Place(4, 11)), lb.settings().get(1));
        Block server = result.blocks().get(1);
        assertEquals("E:\\\\NODE1\\\\node1.vmx", server.setting("node_image").orElseThrow().value());
        assertEquals("say \"hi\"", server.setting("name").orElseThrow().value());
        assertEquals("C:\\", server.setting("dir").orElseThrow().value());
    }

    @Test
    void takesALastSettingWithoutItsSemicolon() {
        assertEquals("/run.sh", parse("service latency { prog \"/run.sh\" };").blocks().get(0).setting("prog").orElseThrow()
                .value());
        assertEquals(List.of(), parse("service latency { prog \"/run.sh\" };").problems());
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                // Seed 002's proposal closes its node with ";" instead of "};".
                Arguments.of("node node0 {\n\tnodeid 0;\n\tbaseport 3000;\n;\n\nproxy node1 {\n\tproxyID 1;\n};\n",
                        List.of("4:1: DVS-CFG-1103: a key or '}' must stand here; found ';'",
                                "6:1: DVS-CFG-1103: 'node node0' at 1:1 is not closed with '};' before 'proxy' begins")),
                Arguments.of("lb node0 { nodeid 0; }\nserver a { x 1; };",
                        List.of("2:1: DVS-CFG-1103: ';' must follow the '}' of 'lb node0'; found 'server'")),
                Arguments.of("lb { nodeid 0; };",
                        List.of("1:4: DVS-CFG-1103: 'lb' must be followed by the block's name; found '{'")),
                Arguments.of("lb node0 nodeid 0; };",
                        List.of("1:10: DVS-CFG-1103: 'lb node0' must be followed by '{'; found 'nodeid'")),
                Arguments.of("lb node0 { nodeid; low 30 40; high 70; };",
                        List.of("1:18: DVS-CFG-1103: 'nodeid' has no value",
                                "1:27: DVS-CFG-1103: ';' must follow the value of 'low'; found '40'")),
                Arguments.of("lb node0 { vm_start \"start;\nnodeid 0; };",
                        List.of("1:21: DVS-CFG-1103: the text that begins here has no closing quote in its line",
                                "2:1: DVS-CFG-1103: ';' must follow the value of 'vm_start'; found 'nodeid'")),
                Arguments.of("lb node0 { nodeid 0;", List.of("1:21: DVS-CFG-1103: 'lb node0' at 1:1 is not closed with '};';"
                        + " found the end of the file")),
                Arguments.of("; lb node0 { nodeid 0; };",
                List.of("1:1: DVS-CFG-1103: a block must begin with its kind; found ';'")),
                Arguments.of("lb node0 { \"x\" 1; };", List.of("1:12: DVS-CFG-1103: a key or '}' must stand here; found \"x\"")));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void saysWhatIsWrongWithPlaceAndGoesOn(String text, List<String> expected) {
        assertEquals(expected.stream().map(line -> "dsp.cfg:" + line).toList(),
                parse(text).problems().stream().map(Problem::toString).limit(expected.size()).toList());
    }

    @Test
    void readsWhatFollowsABlockThatWasNotClosed() {
        List<Block> blocks = parse("node node0 {\n nodeid 0;\n;\nproxy node1 {\n proxyID 1;\n};\n").blocks();
        assertEquals(List.of("node node0", "proxy node1"), blocks.stream().map(Block::title).toList());
        assertEquals("1", blocks.get(1).setting("proxyID").orElseThrow().value());
    }

    @Test
    void endsAfterAHundredProblems() {
        assertEquals(100, parse("; ".repeat(100_000)).problems().size());
    }

    @Test
    void isAFormatOfCommonsConfiguration() throws Exception {
        BlockConfiguration configuration = new BlockConfiguration();
        configuration.read(new StringReader("server a { nodeid 1; };\nserver b { nodeid 2; };\nlb c { nodeid 0; };"));
        assertEquals(2, configuration.getInt("server(1).nodeid"));
        assertEquals("b", configuration.getString("server(1)[@name]"));
        assertEquals(0, configuration.getInt("lb.nodeid"));
        ConfigurationException refused = assertThrows(ConfigurationException.class,
                () -> new BlockConfiguration().read(new StringReader("lb {")));
        assertEquals("input:1:4: DVS-CFG-1103: 'lb' must be followed by the block's name; found '{'", refused.getMessage());
    }
}
