package org.dvs.config.internal.cfg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.Pieces;
import org.dvs.config.internal.TextFile;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Random files: what was written is read back at its place, and no text whatever makes the parser fail. */
public class CfgFilePropertyTest {
    private static final String[] PIECES = {"a", "key", "=", ":", " ", "\t", "\n", "\\", "\\\n", "#", "!", "\\u00e9", "\\u0",
            "\"", "${env:X}", "\r", "\u2028", "include", ",", "\f"};

    @Test
    void whatWasWrittenIsReadBackAtItsPlace() throws Exception {
        Seeds.each(300, seed -> {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            List<Setting> expected = new ArrayList<>();
            int line = 1;
            for (int i = random.nextInt(20); i > 0; i--) {
                if (random.nextInt(4) == 0) {
                    text.append("# ".repeat(random.nextInt(2))).append('\n');
                    line++;
                }
                String indent = " ".repeat(random.nextInt(4));
                String key = "key" + i;
                String separator = new String[] {"=", " = ", ":", "  :  ", "\t=\t"}[random.nextInt(5)];
                String value = "v" + random.nextInt(100_000);
                text.append(indent).append(key).append(separator).append(value).append('\n');
                expected.add(new Setting(key, value, new Place(line, indent.length() + 1),
                        new Place(line, indent.length() + key.length() + separator.length() + 1)));
                line++;
            }
            CfgFile file = CfgFile.parse(TextFile.of("x.cfg", text.toString()));
            assertEquals(List.of(), file.problems());
            assertEquals(expected, file.settings());
        });
    }

    @Test
    void noTextMakesItFail() throws Exception {
        Seeds.each(2_000, seed -> check("x.cfg", Pieces.text(new Random(seed), PIECES)));
    }

    @Test
    void noTextMakesJsonFail() throws Exception {
        String[] pieces = {"{", "}", "[", "]", ":", ",", "\"", "\"a\"", "\"b\"", "1", "-", "1e400", "true", "null", "word", "\\u00", "\\",
            " ", "\n", "\r", "\t", "//", "/*", "*/", "\u001b", "\ufeff", "\u2028"};
        Seeds.each(2_000, seed -> {
            Random random = new Random(seed);
            check("x.cfg.json", (random.nextBoolean() ? "{" : "") + Pieces.text(random, pieces));
        });
    }

    /** Also what the fuzz target calls. */
    public static void check(String name, String text) {
        CfgFile file = CfgFile.parse(TextFile.of(name, text));
        int lines = text.split("\r\n|[\r\n]", -1).length;
        for (Problem problem : file.problems()) {
            assertTrue(problem.place().line() >= 1 && problem.place().line() <= lines && problem.place().column() >= 1,
                    () -> problem + " in a text of " + lines + " lines: " + text);
        }
        for (Setting setting : file.settings()) {
            assertTrue(setting.keyPlace().line() >= 1 && setting.keyPlace().compareTo(setting.valuePlace()) <= 0
                    && setting.valuePlace().line() <= lines, () -> setting + " in: " + text);
        }
    }
}
