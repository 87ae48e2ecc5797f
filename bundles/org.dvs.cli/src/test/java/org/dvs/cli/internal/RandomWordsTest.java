package org.dvs.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.dvs.cli.internal.words.CommonFlag;
import org.dvs.cli.internal.words.Format;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines that nobody would type, the same in each run; {@code -Ddvs.test.seed} gives others. "The command line …" */
class RandomWordsTest {
    private static final int LINES = 20_000;
    private static final List<String> WORDS = new ArrayList<>(List.of("host", "df", "command", "kill", "lb", "server", "drain",
            "dvs", "info",
            "job", "list", "cancel", "help", "requests", "__complete", "RQST_DF", "RQST_X", "--", "-", "", "=", "-a", "-an", "-w",
            "1s", "0",
            "5%", "--min-free", "--type=", "--all-kinds", "--no-all-kinds", "--arg-timeout", "--signal", "KILL", "node[0-2]",
            "@web", "*",
            "!node1", "node[0", "[", "1KiB", "size", "-size", "size=1", "size~(", "use!=2", "\u001b[31m", "\u202e", "\ud800", "💥",
            "a\nb"));

    private final long seed = Long.getLong("dvs.test.seed", 1);
    private final Random random = new Random(seed);

    @BeforeEach
    void tellTheSeed() {
        System.out.println("RandomWordsTest -Ddvs.test.seed=" + seed);
        for (CommonFlag flag : CommonFlag.values()) {
            WORDS.add(flag.flag());
        }
        WORDS.addAll(Format.WORDS);
    }

    private List<String> line() {
        List<String> line = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            line.addAll(List.of("host", "df"));
        }
        for (int words = random.nextInt(7); words > 0; words--) {
            line.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return line;
    }

    @Test
    void neverFailsInAnUnforeseenWayAndSendsNothingWhenItRefuses() {
        Cli cli = new Cli();
        for (int i = 0; i < LINES; i++) {
            List<String> line = line();
            int before = cli.dispatcher.sent.size();
            Cli.Result result = cli.run(line, new Recorder(3));
            assertTrue(result.errors().lines().noneMatch(error -> error.startsWith("DVS-SYS-0099")), () -> line + " "
                    + result.errors());
            assertTrue(List.of(0, 2, 3, 7, 130).contains(result.code()), () -> line + " " + result.code());
            if (result.code() == 2 || result.code() == 3) {
                assertEquals(before, cli.dispatcher.sent.size(), line::toString);
            }
            String shown = result.text() + result.errors();
            assertTrue(shown.chars().noneMatch(c -> c == 0x1b || c == 0x202e || c == '\r'), line::toString);
        }
    }

    @Test
    void offersOnlyWordsThatBeginAsTyped() {
        Cli cli = new Cli();
        for (int i = 0; i < LINES; i++) {
            List<String> line = line();
            String typed = line.isEmpty() ? "" : line.get(line.size() - 1);
            assertTrue(cli.runner.complete(line).stream().allMatch(word -> word.startsWith(typed)), line::toString);
        }
    }
}
