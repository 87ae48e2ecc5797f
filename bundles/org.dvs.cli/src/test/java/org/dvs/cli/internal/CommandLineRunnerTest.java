package org.dvs.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.cli.api.Invocation;
import org.dvs.testkit.Logged;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** "The command line …" */
@Tag("R-CMD-05")
class CommandLineRunnerTest {
    private final Cli cli = new Cli();

    private void oneOfEach() {
        cli.dispatcher.answering(node -> switch (node) {
            case "node0" -> Answers.ok(node, 1, Answers.row("/dev/sda", 1_024L, 1.0, "/", 1L));
            case "node1" -> Answers.bad(node, NodeState.FAILED, ErrorCode.NOSYS, "RQST_DF");
            default -> Answers.bad(node, NodeState.SILENT, ErrorCode.TIMEDOUT, "");
        });
    }

    @Test
    void showsDataOnStdoutAndTroubleOnStderr() {
        oneOfEach();
        Cli.Result result = cli.run("host df -a");
        assertEquals(4, result.code());
        assertEquals("""
                node0 (1)
                FILESYSTEM    SIZE  USE(%)  MOUNTED_ON
                /dev/sda    1.0KiB    1.00  /""", result.text());
        assertEquals("""
                node1 failed: DVS-REQ-0038 This request is not offered here: RQST_DF
                  Next: Install the feature that serves it on that node, or choose other nodes.
                node2 silent: DVS-REQ-0061 No answer came in time.
                  Next: Look at that node, or allow more time with --timeout.
                1 ok, 1 failed, 1 silent of 3 nodes, job node0-1-1""", result.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mq list", "RQST_MQLIST", "__nodes"})
    void saysThatTheNodeStillStartsWhereACommandMayOnlyBeMissingYet(String words) {
        Cli.Result result = cli.whileStarting().run(words);
        assertEquals(7, result.code(), result.errors());
        assertTrue(result.errors().contains(" is not there yet: this node is still starting"), result.errors());
        assertEquals(0, cli.run("host df").code(), "what is there already is answered");
    }

    @Test
    void saysDoneWhereThereIsNothingToShow() {
        assertEquals("node[0-2] (3)\ndone", cli.run("lb server drain web1 -a").text());
        cli.dispatcher.answering(node -> Answers.ok(node, 1, Answers.row("of another version")));
        assertEquals("done", cli.run("lb server drain web1").text());
        assertEquals("NODE\nnode0\nnode1\nnode2", cli.run("lb server drain web1 -a --no-fold").text());
        cli.dispatcher.answering(node -> Answers.ok(node, 1));
        assertEquals("no rows", cli.run("host df").text());
    }

    @Test
    void leavesOutTheSummaryWhenQuietAndAddsItWhenVerbose() {
        oneOfEach();
        assertTrue(cli.run("host df -a -q").errors().lines().noneMatch(line -> line.contains("job")));
        assertEquals("1 ok of 1 node, job node0-1-2, 12 ms", cli.run("host df -v").errors());
        assertEquals("", cli.run("host df").errors());
    }

    @Test
    void sendsWhatWasTyped() {
        cli.run("host df /var -n node[1-2] -t 2s --min-free 1KiB --request-id r1");
        var order = cli.dispatcher.sent.get(0);
        assertEquals("RQST_DF", order.request());
        assertEquals(Map.of("path", "/var", "min_free", 1_024L), order.values());
        assertEquals("node[1-2]", order.selection().nodes());
        assertEquals(Duration.ofSeconds(2), order.timeout());
        assertEquals("r1", order.requestId());
        assertEquals(Answers.OPERATOR, order.caller());
    }

    @Test
    void tellsTheOrderThatWordsStandForAndSendsNothing() throws DvsException {
        Order order = cli.runner.order(List.of("host", "df", "/var", "-n", "node[1-2]", "-t", "2s", "-o", "csv"),
                Answers.OPERATOR);

        assertEquals("RQST_DF", order.request());
        assertEquals("node[1-2]", order.selection().nodes());
        assertEquals(2_000, order.timeout().toMillis());
        assertEquals(Answers.OPERATOR, order.caller());
        assertTrue(cli.dispatcher.sent.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "host df --dry-run", "host df --help", "host df --watch", "--retry job-1", "host",
            "host dff"})
    void hasNoOrderForWhatIsNotOneRequest(String line) {
        DvsException refused = assertThrows(DvsException.class, () -> cli.runner.order(List.of(line.split(" ")),
                Answers.OPERATOR));

        assertEquals(ErrorCode.USAGE, refused.code());
    }

    @ParameterizedTest
    @CsvSource({"host dff,2", "host df --nodez,2", "RQST_NOPE,2", "host df --columns nope,2", "host df -n node9,3",
            "host df -n node0!node0,2",
        "'host df -n node0,!node0',3", "host kill 1,7", "job info nope,2", "host df --retry nope,2", "host command,2"})
    void sendsNothingWhenSomethingIsWrongBefore(String line, int exitCode) {
        Cli.Result result = cli.run(line);
        assertEquals(exitCode, result.code(), result.errors());
        assertTrue(result.errors().startsWith("DVS-"), result.errors());
        assertTrue(result.errors().contains("\n  Next: "), result.errors());
        assertEquals("", result.text());
        assertEquals(List.of(), cli.dispatcher.sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void takesAnEmptyNodeSetForNoNodesAndNotForThisNode(String set) {
        for (List<String> words : List.of(List.of("host", "df", "-n", set), List.of("host", "df", "--nodes=" + set),
                List.of("host", "df", "-n", "node1", "-n", set))) {
            Cli.Result result = cli.run(words, new Recorder());
            assertEquals(3, result.code(), result.errors());
            assertTrue(result.errors().contains("the node set is empty"), result.errors());
        }
        assertEquals(List.of(), cli.dispatcher.sent);
    }

    @ParameterizedTest
    @CsvSource({"NOTREADY,7", "AGAIN,7", "PRIVILEGES,6", "NONODES,3"})
    void tellsWhyAnOrderWasRefused(ErrorCode code, int exitCode) {
        cli.dispatcher.refusing(code);
        Cli.Result result = cli.run("host df");
        assertEquals(exitCode, result.code());
        assertEquals(code.code() + ' ' + code.sentence().replaceFirst("\\.$", ": refused in a test"), result.output().err.get(0));
    }

    @Test
    void asksForARoleBeforeAnythingElse() {
        cli.as(new Caller("vera", Set.of(Role.VIEWER), "cli", "local"));
        Cli.Result result = cli.run("host command uptime");
        assertEquals(6, result.code());
        assertEquals("DVS-SEC-0335 Your role does not allow this: RQST_COMMAND needs role operator; vera has viewer",
                result.output().err.get(0));
        cli.as(new Caller("nobody", Set.of(), "shell", "local"));
        assertEquals(6, cli.run("requests").code());
        assertEquals(6, cli.run("job list").code());
        assertEquals(0, cli.run("help").code());
    }

    @Test
    void showsADryRunAndSendsNothing() {
        Cli.Result result = cli.run("host command -n node[0-1] --batch 1 --dry-run uptime -p");
        assertEquals(0, result.code());
        assertEquals("""
                request       RQST_COMMAND (host command)
                nodes         node[0-1] (2)
                value argv    [uptime, -p]
                value signal  TERM
                role          operator
                changes       nothing
                timeout       30s
                pace          fanout 64, batch 1
                Nothing was sent.""", result.text());
        assertEquals("""
                what,value
                request,RQST_COMMAND (host command)
                nodes,node[0-1] (2)
                value argv,"[a,b]"
                value signal,TERM
                role,operator
                changes,nothing
                timeout,30s
                pace,fanout 64""", cli.run("host command -n node[0-1] --dry-run -o csv a,b").text());
        Cli.Result json = cli.run("host kill 7 --dry-run -o jsonl");
        assertEquals("{\"dryRun\":true,\"request\":\"RQST_KILL\",\"command\":\"host kill\",\"target\":{"
                + "\"requested\":\"\",\"resolved\":\"node0\","
                + "\"count\":1},\"values\":{\"pid\":7},\"role\":\"operator\",\"changes\":true,"
                + "\"destructive\":true,\"timeoutMs\":30000,"
                + "\"pace\":{\"fanout\":64,\"batch\":\"\",\"maxFail\":\"\"}}", json.text());
        assertEquals(List.of(), cli.dispatcher.sent);
    }

    @Test
    void asksBeforeItDestroys() {
        Cli.Result refused = cli.run("host kill 7 -a");
        assertEquals(7, refused.code());
        assertEquals("DVS-CLI-1002 This destroys something and was not confirmed; nothing was sent: "
                + "'host kill' (RQST_KILL) on node[0-2] (3)", refused.output().err.get(0));
        cli.onTerminal();
        Cli.Result asked = cli.run("host kill 7 -a");
        assertEquals(7, asked.code());
        assertEquals(List.of("'host kill' (RQST_KILL) on node[0-2] (3) destroys something. Go on?"), asked.output().asked);
        assertEquals(List.of(), cli.dispatcher.sent);
        assertEquals(0, cli.run("--yes host kill 7 -a").code());
        assertEquals(1, cli.dispatcher.sent.size());
    }

    @Test
    void runsAJobAgainForTheNodesThatWereNotOk() {
        oneOfEach();
        cli.run("host df -a");
        Cli.Result plan = cli.run("--retry node0-1-1 --dry-run");
        assertTrue(plan.text().contains("node[1-2] (2)"), plan.text());
        cli.dispatcher.answering(node -> Answers.ok(node, 1));
        Cli.Result again = cli.run("host df --retry node0-1-1 -v");
        assertEquals(0, again.code());
        assertEquals("2 ok of 2 nodes, job node0-1-2, 12 ms", again.errors());
        for (String line : List.of("--retry node0-1-2", "job retry node0-1-2", "job retry node0-1-2 --dry-run")) {
            Cli.Result nothing = cli.run(line);
            assertEquals("nothing to retry: of job node0-1-2 all 2 nodes answered ok", nothing.text() + nothing.errors());
            assertEquals(0, nothing.code());
        }
        assertEquals("DVS-CLI-1000 The command was not understood; nothing was sent: "
                + "job node0-1-1 is of RQST_DF, not of RQST_DVSINFO",
                cli.run("dvs info --retry node0-1-1").output().err.get(0));
    }

    @Test
    void saysWhatAResultAboveZeroIs() {
        cli.dispatcher.answering(node -> new NodeAnswer(node, NodeState.OK, node.equals("node1") ? 1 : 0, "", 3, List.of()));
        assertEquals("node[0,2] (2)\ndone\n\nnode1 (1) rcode 1, place in the queue\ndone",
                cli.run("lb server drain web1 -a").text());
        assertTrue(cli.run("lb server drain --help").text().contains("Result   place in the queue"));
    }

    @Test
    void missesATargetBeforeItAsksWhetherToDestroyIt() {
        cli.dispatcher.answering(node -> Answers.ok(node, 1));
        String needs = cli.run("host kill").output().err.get(0);
        assertTrue(needs.startsWith("DVS-REQ-0022 ") && needs.endsWith(": RQST_KILL needs pid or group_id"), needs);
        assertEquals(2, cli.run("host kill").code());
        assertEquals(2, cli.run("host kill 7 --group-id 8").code());
        assertEquals(7, cli.run("host kill 7").code());
        assertTrue(cli.run("host kill --help").text().contains("Needs    one of PID, --group-id"));
        assertEquals(List.of(), cli.dispatcher.sent);
    }

    @Test
    void asksBeforeItDestroysAgain() {
        cli.dispatcher.answering(node -> Answers.bad(node, NodeState.SILENT, ErrorCode.TIMEDOUT, ""));
        cli.run("host kill 7 -y");
        assertEquals(7, cli.run("--retry node0-1-1").code());
        assertEquals(1, cli.dispatcher.sent.size());
    }

    @Test
    void cancelsTheJobWhenNobodyReadsAnyMore() {
        cli.dispatcher.never();
        Cli.Result result = cli.run("host df -a", new Recorder(0));
        assertEquals(130, result.code());
        assertEquals(List.of("node0-1-1"), cli.dispatcher.cancelled);
        assertEquals("", result.text() + result.errors());
    }

    @Test
    void cancelsTheJobWhenItIsToStop() {
        cli.dispatcher.never();
        cli.clock.stopping = true;
        Cli.Result result = cli.run("host df");
        assertEquals(130, result.code());
        assertEquals(List.of("node0-1-1"), cli.dispatcher.cancelled);
    }

    @Test
    void cancelsTheJobWhenItsThreadIsInterrupted() {
        cli.dispatcher.never();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> cli.runner.run(new Invocation(List.of("host", "df"), Answers.OPERATOR,
                false, 0, false),
                new Recorder()));
        assertEquals(List.of("node0-1-1"), cli.dispatcher.cancelled);
    }

    @Test
    void givesUpOnADispatcherThatForgetsTheDeadline() {
        cli.dispatcher.never();
        cli.clock.step = Duration.ofSeconds(4).toNanos();
        Cli.Result result = cli.run("host df -t 1s");
        assertEquals(130, result.code(), "the nodes were cancelled, and that comes first");
        assertTrue(result.errors().contains("DVS-CLI-1004 The overall deadline passed: job node0-1-1 was cancelled"),
                result.errors());
        assertEquals(List.of("node0-1-1"), cli.dispatcher.cancelled);
    }

    @Test
    void tellsOnATerminalWhatItWaitsFor() {
        cli.dispatcher.never();
        cli.onTerminal();
        cli.clock.step = Duration.ofSeconds(3).toNanos();
        assertTrue(cli.run("host df -a -t 10s").output().err.contains("0 of 3 nodes have ended"));
        assertTrue(cli.run("host df -a -t 10s -q").output().err.stream().noneMatch(line -> line.contains("have ended")));
    }

    @Test
    void repeatsUntilNobodyWatches() {
        cli.dispatcher.answering(node -> Answers.ok(node, 1, Answers.row("x")));
        Cli.Result result = cli.run("host command --watch=1s uptime", new Recorder(10));
        assertEquals(130, result.code());
        assertEquals(2, cli.dispatcher.sent.size());
        assertEquals(Duration.ofSeconds(1), cli.clock.pauses.subList(0, 5).stream().reduce(Duration.ZERO, Duration::plus));
        assertEquals(2, result.output().out.stream().filter(line -> line.startsWith("--- host command --watch=1s uptime  "))
                .count());
        assertTrue(result.text().indexOf('\u001b') < 0, "no control of a terminal where there is none");
    }

    @Test
    void redrawsATerminalWhenItRepeats() {
        cli.onTerminal();
        Cli.Result result = cli.run("host df -w", new Recorder(3));
        assertTrue(result.output().out.get(0).startsWith("\u001b[H\u001b[2Jhost df -w  "));
    }

    @Test
    void doesNotRepeatWhatChangesSomething() {
        assertEquals(2, cli.run("lb server drain web1 -w").code());
        assertEquals(2, cli.run("host df -w --request-id r1").code());
        assertEquals(List.of(), cli.dispatcher.sent);
    }

    @Test
    void answersADefectWithoutAStackTraceAndLogsIt() throws Exception {
        cli.dispatcher.answering(node -> {
            throw new IllegalStateException("planted defect");
        });
        Recorder output = new Recorder();
        String logged = Logged.during(() -> assertEquals(1, cli.run("host df", output).code()));
        assertEquals("DVS-SYS-0099 Something failed that should not fail: IllegalStateException", output.err.get(0));
        assertTrue(output.err.stream().noneMatch(line -> line.startsWith("\tat")));
        assertTrue(logged.contains("ERROR") && logged.contains("IllegalStateException: planted defect\n\tat "), logged);
    }
}
