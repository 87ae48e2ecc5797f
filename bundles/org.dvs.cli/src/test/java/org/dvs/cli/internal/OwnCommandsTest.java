package org.dvs.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.NodeState;
import org.dvs.cli.internal.words.CommonFlag;
import org.junit.jupiter.api.Test;

/** "The built-in commands …" */
class OwnCommandsTest {
    private final Cli cli = new Cli();

    @Test
    void listTheRequestsInAllFormats() {
        assertEquals("""
                REQUEST       FAMILY  COMMAND          ROLE      CHANGES  HELP
                RQST_DVSINFO  dvs     dvs info         viewer    no       State of the DVS
                RQST_COMMAND  host    host command     operator  no       Runs a command of the allow-list
                RQST_DF       host    host df          viewer    no       Space on file systems
                RQST_KILL     host    host kill        operator  yes      Ends a process
                RQST_LBDRAIN  lb      lb server drain  operator  yes      Drains a server""", cli.run("requests").text());
        assertEquals("request\nRQST_KILL\nRQST_LBDRAIN",
                cli.run("requests -o csv --columns request --filter changes=yes --sort request").text());
        assertEquals("{\"request\":\"RQST_DF\",\"changes\":false}",
                cli.run("requests -o jsonl --columns request,changes --filter request~DF").text());
        assertEquals("[\n  {\n    \"command\": \"host df\"\n  }\n]",
                cli.run("requests -o json --columns command --filter request=RQST_DF").text());
        assertEquals("- command: \"host df\"", cli.run("requests -o yaml --columns command --filter request=RQST_DF").text());
    }

    @Test
    void tellTheVersion() {
        assertEquals("node,version\nnode0,0.1.0", cli.run("version -o csv --columns node,version").text());
    }

    @Test
    void showJobsAndCancelThem() {
        cli.dispatcher.never();
        cli.run("host df -a", new Recorder(0));
        cli.dispatcher.answering(node -> Answers.bad(node, NodeState.SILENT, ErrorCode.TIMEDOUT, ""));
        assertEquals("node0-1-1,RQST_DF,test,node[0-2],ended,0,0,0,3,12",
                cli.run("job list -o csv --no-headers").text().replace("\"", ""));
        assertEquals("job node0-1-1 had ended already", cli.run("job cancel node0-1-1").text());
        Cli.Result info = cli.run("job info node0-1-1");
        assertEquals(0, info.code());
        assertEquals("node[0-2] (3) skipped: DVS-REQ-0004 The request was interrupted or cancelled: cancelled", info.output()
                .err.get(0));
        assertEquals("0 ok, 3 skipped of 3 nodes, job node0-1-1, 12 ms", info.output().err.get(2));
        assertEquals(2, cli.run("job cancel nope").code());
    }

    @Test
    void nameTheWordsThatWereTyped() {
        for (String typed : List.of("job show", "jobs show", "job info", "jobs info", "job watch")) {
            assertEquals("DVS-CLI-1000 The command was not understood; nothing was sent: '" + typed
                    + "' takes the id of one job; see 'dvs job list'", cli.run(typed).output().err.get(0));
        }
        assertEquals(cli.run("job list").text(), cli.run("jobs").text());
    }

    @Test
    void explainACommand() {
        String help = cli.run("host df --help").text();
        assertEquals(help, cli.run("help host df").text());
        assertEquals(help, cli.run("help RQST_DF").text());
        assertTrue(help.startsWith("""
                host df: Space on file systems

                Usage: dvs host df [FLAGS] [PATH]

                  Request  RQST_DF
                  Role     viewer
                  Changes  nothing

                Operands:
                  PATH  only the file system that holds this path

                Flags:
                  --min-free SIZE  only with at least so much free (default 0B)
                  --type TEXT...   only of these types (may be repeated)
                  --all-kinds      also those without space of their own

                Columns:
                  filesystem  device (text)
                  size        bytes in all (size)
                  use         share in use (decimal, %)
                  mounted_on  folder (text)
                  inodes      files possible (integer, only with -o wide and machine formats)
                """), help);
        for (CommonFlag flag : CommonFlag.values()) {
            assertTrue(help.contains(flag.flag()), flag.flag());
        }
        assertEquals(List.of(), cli.dispatcher.sent);
    }

    @Test
    void speakKarafsWayInItsShell() {
        cli.as(new Caller("karaf", Set.of(Role.ADMIN), "shell", "local"));
        assertTrue(cli.run("lb server drain --help").text().contains("Usage: lb:server-drain [FLAGS] SERVER"));
        assertTrue(cli.run("job info --help").text().contains("Usage: job:info [FLAGS] JOB"));
        assertTrue(cli.run("requests --help").text().contains("Usage: dvs:requests [FLAGS]"));
        assertTrue(cli.run("help").text().contains("Usage: SCOPE:COMMAND [FLAGS] [OPERANDS]"));
    }

    @Test
    void explainRangesAndClashes() {
        String help = cli.run("host command --help").text();
        assertTrue(help.contains("ARGV...  program and arguments (required; 1..64 values)"), help);
        assertTrue(help.contains("--arg-timeout DURATION  of the program itself (1ms..1m0s)"), help);
        assertTrue(help.contains("--signal TEXT           sent at its deadline (one of TERM, KILL; default TERM)"), help);
        assertTrue(cli.run("host kill --help").text().contains("destroys something; asks unless --yes"));
        assertTrue(cli.run("dvs info --help").text().contains("Request  RQST_DVSINFO, RQST_GETDVSINFO"));
    }

    @Test
    void listCommandsForThoseWhoKnowNone() {
        String all = cli.run("").text();
        assertEquals(all, cli.run("help").text());
        assertEquals(all, cli.run("--help").text());
        assertTrue(all.contains("  host df          Space on file systems"), all);
        assertTrue(all.contains("  job cancel       end a job that is under way, and its work on all nodes"), all);
        assertTrue(!all.contains("__"));
        String family = cli.run("host --help").text();
        assertEquals(family, cli.run("help host").text());
        assertTrue(family.contains("host df") && !family.contains("job list"), family);
        assertTrue(cli.run("help -v").text().contains("--max-fail"));
        assertEquals(2, cli.run("help nonsense").code());
        assertEquals("job info: what came of a job so far", cli.run("job info --help").output().out.get(0));
    }
}
