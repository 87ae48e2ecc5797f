package org.dvs.cli.internal;

import static org.dvs.cli.internal.Answers.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a stream of rows …". */
@Tag("R-CMD-06")
class StreamTest {
    private final Cli cli = new Cli();

    @BeforeEach
    void serve() {
        cli.catalogue.specs().add(Specs.STAT);
        cli.dispatcher.answering(node -> Answers.ok(node, 1, row(7L, "java"), row(1_000_000_000L, "b\nc")));
    }

    @Test
    void isOneRunningTableOfAllNodes() {
        Cli.Result result = cli.run("host stat --count 2 --all --watch");
        assertEquals("""
                NODE   LOAD  COMM
                node0     7  java
                node0  1000000000  b\\nc
                node1           7  java
                node1  1000000000  b\\nc
                node2           7  java
                node2  1000000000  b\\nc""", result.text());
        assertEquals(0, result.code());
        assertEquals(1, cli.dispatcher.sent.size());
    }

    @Test
    void goesOnWithoutACountUntilNobodyLooks() {
        Cli.Result result = cli.run("host stat --watch 500ms --columns load -o jsonl", new Recorder(7));
        assertEquals(130, result.code());
        assertTrue(cli.dispatcher.sent.size() > 1, "job after job");
        assertEquals("{\"node\":\"node0\",\"row\":{\"load\":7}}", result.output().out.get(0));
        Order first = cli.dispatcher.sent.get(0);
        assertEquals(Map.of("interval", 500L, "count", 10L), first.values());
    }

    @Test
    void allowsItselfTheTimeThatItsRowsTake() {
        cli.run("host stat --watch --count 60 --interval 2s");
        assertEquals(Duration.ofSeconds(130), cli.dispatcher.sent.get(0).timeout());
        cli.run("host stat --watch --count 1 --timeout 1m");
        assertEquals(Duration.ofMinutes(1), cli.dispatcher.sent.get(1).timeout());
    }

    @Test
    void endsWhenNoNodeHasAnythingToSay() {
        cli.dispatcher.answering(node -> Answers.bad(node, NodeState.FAILED, ErrorCode.NOSYS, "RQST_STAT"));
        Cli.Result result = cli.run("host stat --watch --all");
        assertEquals(1, result.code());
        assertTrue(result.errors().contains("0 ok, 3 failed of 3 nodes"), result.errors());
    }

    @Test
    void isNoDocument() {
        Cli.Result result = cli.run("host stat --watch -o json");
        assertEquals(2, result.code());
        assertTrue(result.errors().contains("use --output table, wide, jsonl or csv"), result.errors());
        assertEquals(0, cli.dispatcher.sent.size());
    }

    @Test
    void endsItsJobWithWhoWatches() {
        cli.dispatcher.never();
        assertEquals(130, cli.run("host stat --watch --count 2", new Recorder(3)).code());
        assertEquals(List.of("node0-1-1"), cli.dispatcher.cancelled);
    }

    @Test
    void ofAJobIsFollowedWithoutEndingIt() throws Exception {
        cli.dispatcher.never();
        cli.dispatcher.dispatch(new Order("RQST_STAT", Map.of(), Selection.ALL, Duration.ofMinutes(1), Pace.DEFAULT,
                Answers.OPERATOR,
                ""), JobListener.NONE);
        assertEquals(130, cli.run("jobs watch node0-1-1", new Recorder(0)).code());
        assertEquals(List.of(), cli.dispatcher.cancelled);
    }

    @Test
    void ofAJobThatHasEndedIsItsRows() {
        cli.run("host stat");
        Cli.Result result = cli.run("job watch node0-1-1 -o csv");
        assertEquals(0, result.code());
        assertEquals("node,load,comm\nnode0,7,java\nnode0,1000000000,\"b\nc\"", result.text());
    }

    @Test
    void isListedAmongTheJobsHoweverTheyAreAskedFor() {
        cli.run("host stat");
        String list = cli.run("job list -o csv").text();
        assertTrue(list.contains("node0-1-1,RQST_STAT"), list);
        assertEquals(list, cli.run("jobs -o csv").text());
        assertEquals(list, cli.run("jobs list -o csv").text());
        assertEquals(cli.run("job info node0-1-1").text(), cli.run("jobs show node0-1-1").text());
    }

    @Test
    void ofAJobIsForWhoMayAskForIt() {
        cli.run("lb server drain web1");
        Cli viewer = cli.as(new Caller("bob", Set.of(Role.VIEWER), "cli", "local"));
        for (String words : List.of("job watch node0-1-1", "job retry node0-1-1", "host df --retry node0-1-1",
                "--retry node0-1-1 --dry-run")) {
            int code = viewer.run(words).code();
            assertTrue(code == 6 || words.startsWith("host df") && code == 2, words + ": " + code);
        }
        assertEquals(3, cli.audit.entries().size(), cli.audit.lines().toString());
    }

    @Test
    void ofAJobIsRunAgainWhereItWasNotOk() {
        cli.dispatcher.answering(node -> node.equals("node1") ? Answers.bad(node, NodeState.SILENT, ErrorCode.TIMEDOUT, "")
                : Answers.ok(node, 1, row(7L, "java")));
        assertEquals(4, cli.run("host stat --all").code());
        cli.dispatcher.answering(node -> Answers.ok(node, 1, row(7L, "java")));
        Cli.Result again = cli.run("jobs retry node0-1-1 -v");
        assertEquals(0, again.code());
        assertEquals("1 ok of 1 node, job node0-1-2, 12 ms", again.errors());
    }

    @Test
    void showsNoSecretOfTheJobThatWouldRunAgain() {
        cli.catalogue.specs().add(RequestSpec.named("RQST_FEED").command("host feed").help("takes a text")
                .parameter(Parameter.of("stdin", ValueType.TEXT, "input").hidden()).build());
        cli.dispatcher.answering(node -> Answers.bad(node, NodeState.FAILED, ErrorCode.BUSY, ""));
        cli.run("host feed --stdin hunter2");
        for (String format : List.of("table", "json", "csv", "yaml")) {
            String plan = cli.run("job retry node0-1-1 --dry-run -o " + format).text();
            assertTrue(plan.contains("***") && !plan.contains("hunter2"), plan);
        }
    }
}
