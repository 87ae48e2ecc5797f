package org.dvs.config.internal.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.dvs.config.api.Block;
import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.BlockSetting;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.Pieces;
import org.dvs.config.internal.TextFile;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Random block files: what was written is read back at its place, and no text whatever makes the parser fail. */
public class BlockParserPropertyTest {
    private static final String[] PIECES = {"lb", " ", "node0", "{", "}", ";", "};", "\"", "\\", "\\\"", "#", "\n", "\t", "key",
            "7", "\"a b\"", "\r\n", "\uFEFF", "${env:X}"};

    @Test
    void whatWasWrittenIsReadBackAtItsPlace() throws Exception {
        Seeds.each(300, seed -> {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            List<Block> expected = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                gap(random, text);
                Place place = end(text);
                String name = "n" + i + "-" + random.nextInt(100);
                text.append("server ").append(name);
                gap(random, text);
                text.append('{');
                List<BlockSetting> settings = new ArrayList<>();
                for (int j = random.nextInt(5); j > 0; j--) {
                    gap(random, text);
                    settings.add(setting(random, text, "key" + j));
                    text.append(random.nextBoolean() ? " " : "").append(';');
                }
                gap(random, text);
                text.append("}").append(random.nextBoolean() ? " " : "").append(";");
                expected.add(new Block("server", name, place, settings));
            }
            BlockFiles.Result result = BlockParser.parse(TextFile.of("x", text.toString()));
            assertEquals(List.of(), result.problems(), text::toString);
            assertEquals(expected, result.blocks());
        });
    }

    private static BlockSetting setting(Random random, StringBuilder text, String key) {
        Place keyPlace = end(text);
        text.append(key).append(random.nextBoolean() ? "\t" : " ");
        Place valuePlace = end(text);
        boolean quoted = random.nextBoolean();
        String value = quoted ? "E:\\\\dir " + random.nextInt(100) + " # ; } no comment" : "v" + random.nextInt(100) + "#x";
        text.append(quoted ? '"' + value + '"' : value);
        return new BlockSetting(key, value, quoted, keyPlace, valuePlace);
    }

    private static void gap(Random random, StringBuilder text) {
        text.append(new String[] {" ", "\n", " # comment { ;\n\t", "\t", "\r\n  "}[random.nextInt(5)]);
    }

    private static Place end(StringBuilder text) {
        int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
        return new Place(line, text.length() - (text.lastIndexOf("\n") + 1) + 1);
    }

    @Test
    void aConfigurationReadsWhatItWrites() throws Exception {
        Seeds.each(200, seed -> {
            Random random = new Random(seed);
            List<Block> blocks = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                List<BlockSetting> settings = new ArrayList<>();
                for (int j = random.nextInt(4); j > 0; j--) {
                    settings.add(new BlockSetting("key" + j, "value \" of \\ " + random.nextInt(100), true, Place.START,
                            Place.START));
                }
                blocks.add(new Block("kind" + random.nextInt(2), "name" + i, Place.START, settings));
            }
            StringWriter written = new StringWriter();
            BlockConfiguration.of(blocks).write(written);
            BlockConfiguration read = new BlockConfiguration();
            read.read(new StringReader(written.toString()));
            StringWriter again = new StringWriter();
            read.write(again);
            assertEquals(written.toString(), again.toString());
            for (int i = 0; i < blocks.size(); i++) {
                Block block = blocks.get(i);
                long before = blocks.subList(0, i).stream().filter(each -> each.kind().equals(block.kind())).count();
                for (BlockSetting setting : block.settings()) {
                    assertEquals(setting.value(), read.getString(block.kind() + "(" + before + ")." + setting.key()));
                }
            }
        });
    }

    @Test
    void noTextMakesItFail() throws Exception {
        Seeds.each(3_000, seed -> check(Pieces.text(new Random(seed), PIECES)));
    }

    /** Also what the fuzz target calls. */
    public static void check(String text) {
        BlockFiles.Result result = BlockParser.parse(TextFile.of("x", text));
        int lines = text.split("\n", -1).length;
        for (Problem problem : result.problems()) {
            assertTrue(problem.place().line() >= 1 && problem.place().line() <= lines && problem.place().column() >= 1,
                    () -> problem + " in a text of " + lines + " lines: " + text);
        }
        for (Block block : result.blocks()) {
            assertTrue(block.place().line() <= lines && !block.kind().isEmpty() && !block.name().isEmpty(), () -> block
                    + " in: " + text);
        }
    }
}
