package org.dvs.cli.internal.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.cli.internal.FakeCatalogue;
import org.dvs.cli.internal.Specs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** "The parser …" */
class WordParserTest {
    private final WordParser parser = new WordParser(new Commands(new FakeCatalogue(Specs.ALL), () -> true));

    private Parsed parse(String line) throws DvsException {
        return parser.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }

    private Map<String, Object> values(String line) throws DvsException {
        return assertInstanceOf(Parsed.Call.class, parse(line).target()).values();
    }

    private Options options(String line) throws DvsException {
        return parse(line).options();
    }

    private DvsException fails(String line) {
        return assertThrows(DvsException.class, () -> parse(line));
    }

    @ParameterizedTest
    @CsvSource({"host df,RQST_DF", "lb server drain web1,RQST_LBDRAIN", "RQST_DF,RQST_DF", "rqst_df /var,RQST_DF",
        "RQST_GETDVSINFO,RQST_DVSINFO", "-a host df,RQST_DF", "-n node1 --timeout 5s host df,RQST_DF", "host df --help,RQST_DF"})
    void findsTheRequest(String line, String request) throws DvsException {
        assertEquals(request, assertInstanceOf(Parsed.Call.class, parse(line).target()).spec().name());
    }

    @ParameterizedTest
    @CsvSource({"requests,REQUESTS", "help host df,HELP", "version,VERSION", "job list,JOB_LIST",
            "job cancel node0-1-2,JOB_CANCEL"})
    void findsTheBuiltInCommand(String line, Builtin builtin) throws DvsException {
        assertEquals(builtin, assertInstanceOf(Parsed.Own.class, parse(line).target()).builtin());
    }

    @Test
    void readsOperandsAndFlagsInAnyOrder() throws DvsException {
        Map<String, Object> expected = Map.of("path", "/var", "min_free", 1_048_576L, "type", List.of("ext4", "xfs"), "all_kinds",
                true);
        assertEquals(expected, values("host df /var --min-free 1MiB --type ext4 --type=xfs --all-kinds"));
        assertEquals(expected, values("host df --type ext4 --min-free=1024KiB --all-kinds=yes --type xfs -a -- /var"));
        assertEquals(Map.of("all_kinds", false), values("host df --no-all-kinds"));
        assertEquals(Map.of("path", "-v"), values("host df -- -v"));
    }

    @Test
    void givesEverythingBehindTheFirstWordToAnOperandOfManyTexts() throws DvsException {
        assertEquals(Map.of("argv", List.of("uptime", "-p")), values("host command uptime -p"));
        assertEquals(Map.of("argv", List.of("ls", "--", "-n", "--help")), values("host command -a -- ls -- -n --help"));
        assertEquals(Map.of("argv", List.of("sleep", "1"), "signal", "KILL"), values("host command --signal KILL sleep 1"));
        assertEquals("node1", options("host command -n node1 uptime -p").selection().nodes());
        assertTrue(options("host command uptime -h").help() == false);
    }

    @Test
    void writesAParameterNamedLikeACommonFlagWithArg() throws DvsException {
        Parsed parsed = parse("host command --timeout 2s --arg-timeout 500ms uptime");
        assertEquals(Duration.ofSeconds(2), parsed.options().timeout());
        assertEquals(500L, ((Parsed.Call) parsed.target()).values().get("timeout"));
    }

    @Test
    void takesANegativeNumberForAnOperandThatIsANumber() throws DvsException {
        assertEquals(Map.of("pid", -3L), values("host kill -3"));
    }

    @Test
    void readsAllCommonFlags() throws DvsException {
        Options options = options("host df -n node[0-1] --nodes=node7 -x node1 -g web,db --group mail -a --pick 2 -f 8 "
                + "--connect-timeout 1s -t 5m --batch 25% --max-fail 3 --dry-run -y -o yaml --no-headers --columns size,use "
                + "--sort -use,size --filter use=1 --filter mounted_on~^/v -w 5s -q -v --color never "
                + "--context prod --request-id r.1");
        assertEquals(new Selection("node[0-1],node7", "node1", List.of("web", "db", "mail"), true, 2), options.selection());
        assertEquals(new Pace(8, "25%", "3"), options.pace());
        assertEquals(Duration.ofMinutes(5), options.timeout());
        assertTrue(options.dryRun() && options.yes() && options.quiet() && options.verbose());
        assertEquals(Format.YAML, options.view().format());
        assertEquals(List.of("size", "use"), options.view().columns());
        assertEquals(List.of(new SortKey("use", true), new SortKey("size", false)), options.view().sort());
        assertEquals(2, options.view().filters().size());
        assertEquals(Optional.of(Duration.ofSeconds(5)), options.watch());
        assertEquals(Optional.of(false), options.color());
        assertEquals("r.1", options.requestId());
    }

    @Test
    void hasTheDefaultsOfTheConventions() throws DvsException {
        Options options = options("host df");
        assertEquals(Selection.LOCAL, options.selection());
        assertEquals(Pace.DEFAULT, options.pace());
        assertEquals(Duration.ofSeconds(30), options.timeout());
        assertEquals(View.DEFAULT, options.view());
        assertEquals(Optional.empty(), options.watch());
    }

    @Test
    void readsShortFormsInEveryWriting() throws DvsException {
        assertEquals("node1", options("host df -nnode1").selection().nodes());
        assertEquals("node1", options("host df -n=node1").selection().nodes());
        assertTrue(options("host df -aqy").yes());
        assertEquals("node1", options("host df -an node1").selection().nodes());
        assertEquals(Optional.of(Duration.ZERO), options("host df -w").watch());
        assertEquals(Optional.of(Duration.ofSeconds(1)), options("host df -w1s").watch());
        assertEquals(Optional.of(Duration.ZERO), options("host df -w /var").watch());
        assertEquals(Duration.ZERO, options("host df -t 0").timeout());
    }

    @Test
    void findsAFamilyOnlyForHelp() throws DvsException {
        assertEquals(new Parsed.Family(List.of("host")), parse("host --help").target());
        assertEquals(new Parsed.Family(List.of()), parse("").target());
        assertEquals(Optional.of("node0-1-3"), options("--retry node0-1-3").retry());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "hosst df|'hosst df' is not a command; did you mean 'host df'?",
        "host fd|'host fd' is not a command; did you mean 'host df'?",
        "host|'host' is not a whole command; it goes on with: command, df, kill",
        "lb server|'lb server' is not a whole command; it goes on with: drain",
        "qwertyuiop|'qwertyuiop' is not a command; see 'dvs help'",
        "RQST_DG|'RQST_DG'; did you mean 'RQST_DF'?",
        "host df --nodez x|'--nodez' is not a flag of 'host df'; did you mean '--nodes'?",
        "host df --mn-free 3|'--mn-free' is not a flag of 'host df'; did you mean '--min-free'?",
        "host df -Z|'-Z' is not a flag; add --help to see those there are",
        "host df /a /b|'host df' takes no more operands: '/b'",
        "dvs info x|'dvs info' takes no operand: 'x'",
        "requests x|'requests' takes no operand: 'x'",
        "job info|'job info' takes the id of one job; see 'dvs job list'",
        "host df -n|--nodes needs a value: SET",
        "host df --min-free|--min-free needs a value: only with at least so much free",
        "host df --min-free 1KiB --min-free 2KiB|--min-free is given twice",
        "host df --all=yes|--all takes no value: 'yes'",
        "host df --no-all-kinds=1|--no-all-kinds takes no value: '1'",
        "host df -t 30|--timeout: '30' is not a duration such as 500ms, 30s or 5m",
        "host df -t 2d|--timeout: '2d' is longer than a day",
        "host df -f 0|--fanout '0' is not a number from 1 to 10000",
        "host df --pick many|--pick 'many' is not a number from 1 to 10000",
        "host df --batch 0|--batch '0' is not a number of nodes such as 4, or a share such as 25%",
        "host df --max-fail 101%|--max-fail '101%' is not a number of nodes such as 4, or a share such as 25%",
        "host df -o yml|'yml' is not an output format: table, wide, json, jsonl, csv, yaml; did you mean 'yaml'?",
        "host df --color red|--color 'red' is not auto, always or never",
        "host df --fold --no-fold|--fold and --no-fold exclude each other",
        "host df --diff -o json|--diff compares folded tables: leave out --no-fold and machine formats",
        "host df --filter use|--filter 'use' is not of the form column=value, column!=value or column~regex",
        "host df --filter use~[|--filter 'use~[' has no valid regular expression: Unclosed character class",
        "host df --columns a,,b|--columns 'a,,b' has an empty name",
        "host df -w 10ms|--watch: repeat every 100ms at the most often, not every 10ms",
        "host df --retry j1 -a|--retry chooses the nodes itself: leave out --nodes, --exclude, --group, --all and --pick",
        "host df /var --retry j1|--retry runs the job's own request again: leave out path",
        "host df --request-id a;b|--request-id 'a;b' is not of letters, digits and . _ : / -, at most 64",
        "host df --min-free 3|--min-free: '3' is not a size such as 512B, 64KiB or 1MiB",
        "host command --signal HUP ls|--signal: 'HUP' is not one of TERM, KILL",
        "host command|RQST_COMMAND needs argv: program and arguments",
        "host kill x|pid: 'x' is not a number",
        "host kill 99999999|pid: 99999999 is not in range -10..4194304"})
    void saysInOneSentenceWhatIsWrong(String line, String sentence) {
        assertEquals(sentence, fails(line).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"host df --filter k~(a+)+$", "host df --columns size"})
    void leavesColumnNamesToThoseWhoKnowThem(String line) throws DvsException {
        assertEquals(Map.of(), values(line));
    }

    @Test
    void refusesTooManyWords() {
        assertEquals("a command line of 5000 words, at most 4096",
                assertThrows(DvsException.class, () -> parser.parse(Collections.nCopies(5_000, "x"))).getMessage());
    }

    @Test
    void survivesHostileWords() {
        for (String word : Arrays.asList("", "-", "--", "---", "=", "--=", "-=", "--nodes=", "\u0000", "a\nb", "\u001b[31m",
                "RQST_", "💥",
                "\ud800", "x".repeat(100_000), "-" + "a".repeat(10_000))) {
            for (List<String> line : List.of(List.of(word), List.of("host", word), List.of("host", "df", word),
                    List.of(word, "host", "df"))) {
                try {
                    parser.parse(line);
                } catch (DvsException e) {
                    assertTrue(List.of(ErrorCode.USAGE, ErrorCode.BADREQUEST, ErrorCode.BADRANGE, ErrorCode.BADVALUE,
                            ErrorCode.NONODES).contains(e.code()));
                }
            }
        }
    }
}
