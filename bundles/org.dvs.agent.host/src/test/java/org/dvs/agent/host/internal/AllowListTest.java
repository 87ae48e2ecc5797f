package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names finish the sentence "the allow-list …". */
@Tag("R-CMD-17")
class AllowListTest {
    private static final String LIST = """
            # harmless
            type unit = [a-z][a-z0-9-]{0,40}\\.service

            /usr/bin/uptime
            /usr/bin/uptime -p
            /usr/bin/df -h -- {path}?
            /usr/bin/head --lines={int:1..500} -- {path}*
            /usr/bin/systemctl status -- {unit}
            /usr/bin/echo {text}*
            /bin/tool {word} {host} end
            /opt/tool
            """;

    private static AllowList list() {
        try {
            return AllowListParser.parse(LIST);
        } catch (BadAllowListException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> permit(String... words) throws DvsException {
        return list().permit(List.of(words), program -> true).command();
    }

    private static DvsException denied(String... words) {
        DvsException denied = assertThrows(DvsException.class, () -> permit(words), String.join(" ", words));
        assertEquals(ErrorCode.CALLDENIED, denied.code());
        return denied;
    }

    @Test
    void permitsByNameAndByPathAndExecutesTheAbsolutePath() throws DvsException {
        assertEquals(List.of("/usr/bin/uptime"), permit("uptime"));
        assertEquals(List.of("/usr/bin/uptime", "-p"), permit("/usr/bin/uptime", "-p"));
    }

    @Test
    void deniesEveryOtherProgramAndNamesIt() {
        assertEquals("the program '/bin/sh' is not in the allow-list", denied("/bin/sh", "-c", "id").getMessage());
        denied("sh");
        denied("");
        denied("uptime ");
        denied("../../usr/bin/uptime");
        denied("/usr/bin/../bin/uptime");
        denied("bin/uptime");
    }

    @Test
    void deniesArgumentsThatNoLineHasAndNamesThemWithTheLines() {
        assertEquals("the program 'uptime' is allowed, but not with the arguments '--help'; allowed: /usr/bin/uptime | /usr/bin/uptime -p",
                denied("uptime", "--help").getMessage());
        denied("uptime", "-p", "-p");
        denied("df");
        denied("df", "/");
        denied("head", "--lines=501");
        denied("head", "--lines=0");
        denied("head", "--lines=");
        denied("head", "--lines=1x");
        denied("head", "--lines=99999999999999999999");
    }

    @Test
    void putsTheEndOfFlagsInFrontOfOperandsWhetherGivenOrNot() throws DvsException {
        assertEquals(List.of("/usr/bin/df", "-h", "--", "/tmp"), permit("df", "-h", "/tmp"));
        assertEquals(List.of("/usr/bin/df", "-h", "--", "/tmp"), permit("df", "-h", "--", "/tmp"));
        assertEquals(List.of("/usr/bin/df", "-h", "--"), permit("df", "-h"));
        assertEquals(List.of("/usr/bin/head", "--lines=5", "--", "/a", "/b"), permit("head", "--lines=5", "/a", "/b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"; rm -rf /", "$(id)", "`id`", "a\nb", "-rf", "--help", "x|y", "a && b", "../etc", "/etc/../shadow",
            "/a/..", "/..",
        "a\u0000", "/a\u001b[2J", "*", "~", ""})
    void neverTakesAnInjectedArgumentForAPathOrAUnit(String argument) {
        denied("df", "-h", argument);
        denied("systemctl", "status", argument);
        denied("tool", argument, "localhost", "end");
        denied("tool", "x", argument, "end");
        denied("uptime", argument);
    }

    @Test
    void limitsTimeAndOutputOfALine() throws Exception {
        AllowList list = AllowListParser.parse("/bin/a :: 10s\n/bin/b x :: 4KiB\n/bin/c :: 500ms 0B\n/bin/d\n");
        assertEquals(new AllowRule.Limits(10_000, Long.MAX_VALUE), list.permit(List.of("a"), program -> true).limits());
        assertEquals(new AllowRule.Limits(Long.MAX_VALUE, 4096), list.permit(List.of("b", "x"), program -> true).limits());
        assertEquals(new AllowRule.Limits(500, 0), list.permit(List.of("c"), program -> true).limits());
        assertEquals(AllowRule.Limits.NONE, list.permit(List.of("d"), program -> true).limits());
        for (String bad : List.of("/bin/a ::", "/bin/a :: 10", "/bin/a :: x", "/bin/a :: 4KiB 10s", "/bin/a :: 1s 1KiB 1",
                "/bin/a :: 0s", "/bin/a :: 1s 2s", "/bin/a :: -1s", "/bin/a :: 5XB")) {
            assertThrows(BadAllowListException.class, () -> AllowListParser.parse(bad), bad);
        }
    }

    @Test
    void deniesTextThatLooksLikeAFlagOrHoldsControlCharacters() throws DvsException {
        assertEquals(List.of("/usr/bin/echo", "; rm -rf / $(id) | *"), permit("echo", "; rm -rf / $(id) | *"));
        denied("echo", "-e");
        denied("echo", "a", "-n");
        denied("echo", "a\nb");
        denied("echo", "x".repeat(1_025));
        denied("df", "-h", "/" + "x".repeat(4_096));
    }

    @Test
    void keepsControlCharactersAndLongTextOutOfItsMessages() {
        String message = denied("e\u001b[31mvil\r\n" + "x".repeat(500)).getMessage();

        assertTrue(message.contains("\\x1b[31mvil\\r\\n"), message);
        assertTrue(message.length() < 200, message);
    }

    @Test
    void tellsWhenAPermittedProgramIsNotOnThisHost() {
        DvsException missing = assertThrows(DvsException.class, () -> list().permit(List.of("uptime"), program -> false));

        assertEquals(ErrorCode.NOENT, missing.code());
        assertEquals("there is no program /usr/bin/uptime", missing.getMessage());
    }

    @Test
    void takesTheFirstProgramOfThatNameThatIsThere() throws DvsException {
        assertEquals(List.of("/opt/tool"), permit("tool"));
        assertEquals(List.of("uptime", "df", "head", "systemctl", "echo", "tool"), list().names());
    }

    @Test
    void reportsAllErrorsOfAFileEachWithItsLine() {
        BadAllowListException bad = assertThrows(BadAllowListException.class, () -> AllowListParser.parse("""
                uptime
                /usr/bin/df {nothing}
                /usr/bin/df {path
                /usr/bin/df {path:1..2}
                /usr/bin/df {int:5..2}
                type x = [
                type path = .*
                /usr/bin/../sbin/x
                """));

        assertEquals("line 1: 'uptime' is not the absolute path of a program; line 2: there is no type 'nothing'; "
                + "line 3: '{path' is not a literal, {type}, {type}? or {type}*; line 4: only int takes a range, not path; "
                + "line 5: the range 5..2 is empty; line 6: the type x is not a regular expression: Unclosed character class; "
                + "line 7: the type path is there already; line 8: '/usr/bin/../sbin/x' is not the absolute path of a program",
                bad.getMessage());
    }

    @Test
    void survivesAnyBytesAsAFile() {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        System.out.println("seed " + seed + " (-Ddvs.seed=)");
        Random random = new Random(seed);
        String alphabet = "/abc {}?*:.=-\n#type int";
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(random.nextInt(20) == 0 ? (char) random.nextInt(0x300)
                        : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                AllowListParser.parse(text.toString()).rules().forEach(rule -> assertTrue(rule.program().startsWith("/")));
            } catch (BadAllowListException e) {
                assertTrue(e.getMessage().startsWith("line "), e.getMessage());
            }
        }
    }

    @Test
    void ofTheDemoClusterIsWellFormedAndHoldsNoShell() throws Exception {
        Path demo = Path.of("../../etc/org.dvs.host.allow");
        AllowList list = AllowListParser.parse(Files.readString(demo, StandardCharsets.UTF_8));

        assertTrue(list.names().contains("uptime"));
        for (String dangerous : List.of("sh", "bash", "env", "rm", "cat", "find", "xargs", "python3", "sudo")) {
            assertFalse(list.names().contains(dangerous), dangerous);
        }
    }
}
