package org.dvs.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names finish the sentence "a program outside …". */
@Tag("R-PXY-14")
class CommandLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int run(CommandLine.Body body, String... words) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return CommandLine.run("dvs-program", "Usage: dvs-program\n", words, stream, stream, body);
    }

    private int failing(DvsException failure) {
        return run((dvs, words) -> {
            throw failure;
        }, "--socket", "there");
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"SRCDIED, 1", "NOENT, 1", "TIMEDOUT, 4", "NOTCONN, 4", "UNKNOWNOUTCOME, 4", "CONNREFUSED, 5", "CONNRESET, 5", "ACCES, 6",
            "BADCALL, 6", "PRIVILEGES, 6", "INTR, 130"})
    void endsWithTheExitCodeThatDvsWouldEndWith(ErrorCode code, int exit) {
        assertEquals(exit, failing(new DvsException(code, "p10")));
        assertTrue(printed().startsWith(code.code() + " " + code.sentence() + " p10\n  Next: "), printed());
    }

    @Test
    void takesWordsBehindTwoDashesAsTheyAre() {
        assertEquals(0, run((dvs, words) -> {
            assertTrue(words.flag("--resume"));
            assertFalse(words.flag("--read-only"));
            assertEquals("get", words.role());
            assertEquals(2, words.size());
            assertEquals("--help", words.word(1));
        }, "--socket", "there", "get", "--resume", "--", "--read-only", "--help"));
    }

    @ParameterizedTest
    @EnumSource
    void namesNoOptionThatItDoesNotHave(ErrorCode code) {
        failing(new DvsException(code, "p10"));
        if (code.number() < 1000) {
            assertFalse(printed().contains("--timeout") || printed().contains("--retry") || printed().contains("that port"), printed());
        }
    }

    @Test
    void saysTheNextStepThatTheFailureKnowsItself() {
        assertEquals(1, failing(new AdvisedException(ErrorCode.NOENT, "p10", "Do this.")));
        assertTrue(printed().endsWith("\n  Next: Do this.\n"), printed());
    }

    @Test
    void takesAnOptionAndItsValueInOneWordToo() {
        assertEquals(0, run((dvs, words) -> {
            assertEquals("4=6", words.option("--block", "1"));
            assertEquals("1", words.option("--block", "1"));
            assertEquals("get", words.role());
            assertEquals(1, words.size());
            assertEquals("--block=5", words.word(0));
        }, "--socket=there", "get", "--block=4=6", "--", "--block=5"));
        assertEquals(2, run((dvs, words) -> words.role(), "--socket=there", "--resume=yes"));
    }

    @Test
    void showsNobodyAStackTraceWhateverHappens() {
        assertEquals(1, run((dvs, words) -> {
            throw new IllegalStateException("broken");
        }, "--socket", "there"));
        assertTrue(printed().startsWith("DVS-SYS-0099 "), printed());
        assertTrue(printed().contains("broken") && printed().contains("  Next: ") && !printed().contains("\tat "), printed());
    }

    @ParameterizedTest
    @CsvSource({"99999999999, LOOPS: 99999999999 is not in range 1..1000", "0, LOOPS: 0 is not in range 1..1000",
            "-99999999999999999999, LOOPS: -99999999999999999999 is not in range 1..1000", "1e3, '1e3' is not a number",
            "x, 'x' is not a number"})
    void saysTheRangeOfANumberHoweverLongItIs(String word, String said) {
        assertEquals(2, run((dvs, words) -> CommandLine.number("LOOPS", word, 1, 1000), "--socket", "there"));
        assertEquals("dvs-program: " + said + "\nUsage: dvs-program\n", printed());
    }

    @Test
    void saysTheRangeOfAnEndpoint() {
        assertEquals(2, run((dvs, words) -> words.number(0), "--socket", "there", "99999999999"));
        assertTrue(printed().contains("99999999999 is not in range -2147483648..2147483647"), printed());
    }

    @Test
    void saysWhichWordItDoesNotUnderstandAndHowItIsUsed() {
        assertEquals(2, run((dvs, words) -> words.role()));
        assertEquals(2, run((dvs, words) -> words.role(), "--socket", "there", "--fast"));
        assertEquals("dvs-program: --socket PATH is needed\nUsage: dvs-program\ndvs-program: '--fast' is not an option\n"
                + "Usage: dvs-program\n", printed());
    }
}
