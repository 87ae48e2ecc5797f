package org.dvs.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.block.SampleSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Names finish the sentence "a node …". */
class KnownBlockFilesTest {
    private final KnownBlockFiles files = new KnownBlockFiles(new Interpolation(Map.of(), new Properties()));
    @TempDir
    Path folder;

    private List<String> problems(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), text);
        BlockFiles.Result result = files.read(file, new SampleSchema());
        assertEquals(result.problems(), files.problems());
        return result.problems().stream().map(Problem::toString).toList();
    }

    static Stream<Arguments> strangeFiles() {
        return Stream.of(Arguments.of("root:x:0:0:hunter2:/root:/bin/sh\ndaemon:x:1:1::/:/bin/sh\n", "3:1: DVS-CFG-1103"),
                Arguments.of("hunter2", "1:8: DVS-CFG-1103"),
                Arguments.of("hunter2;", "1:8: DVS-CFG-1103"),
                Arguments.of("karaf = {CRYPT}hunter2{CRYPT},_g_:admingroup\n", "1:1: DVS-CFG-1101"),
                Arguments.of("{\n \"password\": \"hunter2\"\n}\n", "1:1: DVS-CFG-1103"),
                Arguments.of("hunter2 hunter2 {", "1:1: DVS-CFG-1101"),
                Arguments.of("hunter2 a { b 1; };\nhunter2 a { b 1; };", "1:1: DVS-CFG-1101"),
                Arguments.of("lb hunter2;", "1:11: DVS-CFG-1103"),
                Arguments.of("x \"hunter2", "1:3: DVS-CFG-1103"));
    }

    @ParameterizedTest
    @MethodSource("strangeFiles")
    void showsNothingOfAFileInWhichNoKnownBlockBegins(String text, String place) throws IOException {
        assertEquals(List.of("f:" + place + ": no block of load balancer begins in this file, so nothing of it is shown;"
                + " a block begins with KIND NAME {, where KIND is one of lb, server, client"), problems(text));
    }

    @Test
    void saysOfAnEmptyFileWhatIsMissing() throws IOException {
        assertEquals(List.of("f:1:1: DVS-CFG-1107: there must be at least 1 'lb', there are 0",
                "f:1:1: DVS-CFG-1107: there must be at least 1 'server', there are 0"), problems("# nothing\n"));
    }

    @Test
    void saysWhyAFileIsNoText() throws IOException {
        assertTrue(problems("hunter2\0").contains("f:1:8: DVS-CFG-1103: this is not text: there is a zero byte"));
    }

    @Test
    void quotesWhatIsWrongInAFileOfKnownBlocks() throws IOException {
        assertEquals(List.of("f:1:1: DVS-CFG-1107: there must be at least 1 'server', there are 0",
                "f:1:21: DVS-CFG-1101: 'sever' is not a kind of block of load balancer; did you mean 'server'?"),
                problems("lb a { nodeid 0; }; sever b { nodeid 1; };"));
    }
}
