package org.dvs.config.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.dvs.config.internal.TestSchemas;
import org.dvs.config.internal.block.SampleSchema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tool ... */
class MainTest {
    @TempDir
    private Path folder;
    private Path jars;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void bundle() throws IOException {
        jars = Files.createDirectories(folder.resolve("system/org/dvs/sample"));
        try (OutputStream file = Files.newOutputStream(jars.resolve("sample.jar"));
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("OSGI-INF/metatype/x.xml"));
            zip.write(TestSchemas.XML.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            zip.putNextEntry(new ZipEntry("META-INF/services/org.dvs.config.api.BlockSchema"));
            zip.write(SampleSchema.class.getName().getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
    }

    private int run(String... args) {
        return new Main(new PrintStream(out, true), new PrintStream(err, true), Map.of("DVS_SAMPLE_BINDPORT", "1")).run(args);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void isSilentAndLeavesWithZeroWhenAllIsGood() throws IOException {
        Path cfg = write("org.dvs.sample.cfg", "bindPort = 8000\n");
        Path blocks = write("lb.dvs", "lb a { nodeid 0; };\nserver b { nodeid 1; };\n");
        assertEquals(0, run("check", cfg.toString(), blocks.toString(), "--schemas", jars.toString()));
        assertEquals("", out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void printsEveryProblemAndLeavesWithOne() throws IOException {
        Path cfg = write("org.dvs.sample.cfg", "bindprot = 8000\nmode = SLOW\n");
        Path blocks = write("lb.dvs", "lb a { nodeid 0; };\nserver b { nodeid 0; };\n");
        assertEquals(1, run("check", "--schemas", jars.toString(), "--", cfg.toString(), blocks.toString()));
        assertEquals(cfg + ":1:1: DVS-CFG-1101: 'bindprot' is not a key of org.dvs.sample; did you mean 'bindPort'?\n"
                + cfg + ":2:8: DVS-CFG-1102: mode: 'SLOW' is not one of FAST, SAFE\n"
                + blocks + ":2:19: DVS-CFG-1104: nodeid 0 of 'server b' is that of 'lb a' at 1:15 already\n", out.toString());
    }

    @Test
    void checksJsonFilesToo() throws IOException {
        Path json = write("org.dvs.sample.cfg.json", "{\n\t\"bindPort\": [1, 2],\n\t\"ports\": [1, 11, \"x\"],\n\t\"adminPassword\": \"hush\"}");
        String expected = json + ":2:15: DVS-CFG-1102: bindPort: 1 is not in range 1024..65535\n"
                + json + ":2:18: DVS-CFG-1102: bindPort: 2 is not in range 1024..65535\n"
                + json + ":3:15: DVS-CFG-1102: ports: 11 is not in range 1..10\n"
                + json + ":3:19: DVS-CFG-1102: ports: 'x' is not a whole number; the range is 1..10\n"
                + json + ":4:19: DVS-CFG-1105: adminPassword: a secret must not stand here in clear text; put it"
                + " into the file keys/secrets/NAME of the node, mode 600, and write secret:NAME here, or file:PATH or env:NAME\n";
        assertEquals(1, run("check", json.toString(), "--schemas", jars.toString()));
        assertEquals(expected, out.toString());
        out.reset();
        assertEquals(1, run("check", folder.toString(), "--schemas", jars.toString()));
        assertEquals(expected, out.toString());
    }

    @Test
    void checksAllFilesOfAFolder() throws IOException {
        write("org.dvs.sample.cfg", "bindPort = 1\n");
        write("org.dvs.smaple.cfg", "bindPort = 1\n");
        write("org.other.cfg", "whatever\n");
        assertEquals(1, run("check", folder.toString(), "--schemas", jars.toString()));
        assertEquals(folder + "/org.dvs.sample.cfg:1:12: DVS-CFG-1102: bindPort: 1 is not in range 1024..65535\n"
                + folder + "/org.dvs.smaple.cfg:1:1: DVS-CFG-1106: no bundle takes a configuration 'org.dvs.smaple';"
                + " did you mean 'org.dvs.sample'?\n", out.toString());
    }

    @Test
    void saysThatThereIsNothingToCheckInAFolder() throws IOException {
        write("org.other.cfg", "whatever\n");
        assertEquals(1, run("check", folder.toString(), "--schemas", jars.toString()));
        assertEquals(folder + ":1:1: DVS-CFG-1106: there is no file org.dvs.*.cfg or org.dvs.*.cfg.json in this folder\n", out.toString());
    }

    @Test
    void saysThatAFileIsNotThere() {
        assertEquals(1, run("check", "/not/there/org.dvs.sample.cfg", "--schemas", jars.toString()));
        assertEquals("/not/there/org.dvs.sample.cfg:1:1: DVS-CFG-1106: there is no such file\n", out.toString());
    }

    @Test
    @Timeout(30)
    void refusesANamedPipeInsteadOfWaitingForItsWriter() throws Exception {
        Path pipe = folder.resolve("org.dvs.sample.cfg");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertEquals(1, run("check", pipe.toString(), folder.toString(), "--schemas", jars.toString()));
        String refused = pipe + ":1:1: DVS-CFG-1106: is not a regular file\n";
        assertEquals(refused + refused, out.toString());
    }

    @Test
    void saysThatNobodyKnowsABlockAndWhatElseIsWrongWithIt() throws IOException {
        Path blocks = write("x.cfg", "thing a { b 1; b 2; };\n");
        assertEquals(1, run("check", blocks.toString(), "--schemas", jars.toString()));
        assertEquals(blocks + ":1:1: DVS-CFG-1101: 'thing' is not a kind of block of any bundle\n"
                + blocks + ":1:16: DVS-CFG-1104: 'b' of 'thing a' stands at 1:11 already\n", out.toString());
    }

    @Test
    void leavesWithTwoWhenItIsNotUnderstood() {
        assertEquals(2, run());
        assertEquals(2, run("check"));
        assertEquals(2, run("check", "--what", "x"));
        assertEquals(2, run("check", "x", "--schemas"));
        assertEquals(2, run("check", "x", "--schemas", "/not/there"));
        assertEquals("", out.toString());
        assertTrue(err.toString().contains("usage: config check FILE... [--schemas DIR|JAR]..."));
    }
}
