package org.dvs.agent.host.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.internal.HelperComponent;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;
import org.dvs.testkit.Asked;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On this very machine. Names finish the sentence "RQST_KILL …". */
@Tag("R-CMD-17")
class KillHandlerTest {
    private static final Path ROOT = Path.of("/");

    @TempDir
    private Path data;
    private final RecordingKernel kernel = new RecordingKernel();
    private KillHandler kill;
    private Process process;

    @BeforeEach
    void node() throws Exception {
        kill = new KillHandler(ROOT, () -> kernel, new HelperComponent(null, "kill-test", data));
        process = new ProcessBuilder("/usr/bin/sleep", "300").start();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    private Map<String, Object> ask(String... values) throws Exception {
        return Asked.of(kill, values).row();
    }

    private ErrorCode refused(String... values) {
        return assertThrows(DvsException.class, () -> Asked.of(kill, values)).code();
    }

    private String pid() {
        return Long.toString(process.pid());
    }

    private long startMs() {
        return new ProcessTable(ROOT, new UserNames(ROOT)).read((int) process.pid(), -1, null).orElseThrow().startMs();
    }

    @Test
    void endsAProcessAndSaysSo() throws Exception {
        assertEquals(Map.of("pid", process.pid(), "rcode", 0L, "state", "ended"), ask("pid", pid(), "wait", "20s"));
        assertTrue(process.waitFor(20, SECONDS));
        assertEquals(128 + 15, process.exitValue());
        assertEquals(ErrorCode.SRCH, refused("pid", pid()));
    }

    @Test
    void takesSignalsByNameAndNumberAndNoOthers() throws Exception {
        for (String signal : List.of("CONT", "sigcont", "18")) {
            assertEquals("sent", ask("pid", pid(), "signal", signal).get("state"));
        }
        for (String bad : List.of("0", "99", "-9", "NOSUCH", "TERM;id", "$(id)", "KILL\n")) {
            assertEquals(ErrorCode.BADVALUE, refused("pid", pid(), "signal", bad));
        }
        assertTrue(process.isAlive());
        assertEquals("ended", ask("pid", pid(), "signal", "kill", "wait", "20s").get("state"));
    }

    @Test
    void tellsOfAProcessThatIgnoresTheSignalAndKillsItWhenForced() throws Exception {
        end();
        process = new ProcessBuilder("/bin/sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done").start();
        assertEquals('u', process.getInputStream().read());

        assertEquals("running", ask("pid", pid(), "wait", "100ms").get("state"));
        assertTrue(process.isAlive());
        assertEquals("killed", ask("pid", pid(), "wait", "100ms", "force", "true").get("state"));
        assertTrue(process.waitFor(20, SECONDS));
    }

    @Test
    void leavesAProcessAloneThatHasTheIdOfOneThatEnded() throws Exception {
        assertEquals(ErrorCode.SRCH, refused("pid", pid(), "start", Long.toString(startMs() - 60_000)));
        assertTrue(process.isAlive());
        assertEquals("ended", ask("pid", pid(), "start", Long.toString(startMs()), "wait", "20s").get("state"));
    }

    @Test
    void touchesNeitherTheMachinesFirstProcessNorTheNode() {
        assertEquals(ErrorCode.PERM, refused("pid", "1", "signal", "KILL"));
        assertEquals(ErrorCode.PERM, refused("pid", Long.toString(ProcessHandle.current().pid()), "signal", "KILL"));
    }

    @Test
    void takesExactlyOneTarget() {
        for (String[] bad : new String[][] {{}, {"pid", "5", "dcid", "0"}, {"endpoint", "3"}, {"dcid", "0", "start", "5"},
            {"pid", "5", "endpoint", "3"}}) {
            assertEquals(ErrorCode.INVAL, refused(bad), List.of(bad).toString());
        }
        assertEquals(ErrorCode.BADRANGE, refused("pid", "-1"));
        assertEquals(ErrorCode.BADRANGE, refused("pid", "0"));
    }

    @Test
    void endsThoseOfADcThatAreProcessesOfTheirOwnHere() throws Exception {
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        put(1, (int) process.pid(), 0);
        put(2, (int) ProcessHandle.current().pid(), 0);
        put(3, EndpointNumbers.NO_PID, ProcessFlags.REMOTE);

        assertEquals(ErrorCode.LCLPROC, refused("dcid", "0", "endpoint", "2"));
        assertEquals(ErrorCode.RMTPROC, refused("dcid", "0", "endpoint", "3"));
        assertEquals(ErrorCode.NOTBIND, refused("dcid", "0", "endpoint", "4"));
        assertEquals(ErrorCode.DCNOTRUN, refused("dcid", "1"));
        assertEquals("sent", ask("dcid", "0", "endpoint", "1", "signal", "CONT").get("state"));
        assertEquals(List.of(List.of(process.pid(), 0L, "ended")), Asked.of(kill, "dcid", "0", "wait", "20s").table());
    }

    private void put(int number, int pid, int flags) {
        kernel.put(new ProcessInfo(0, number, number, "p" + number, flags, 0, pid, -1, 0, EndpointNumbers.NONE,
                EndpointNumbers.NONE,
                EndpointNumbers.NONE, EndpointNumbers.NONE, EndpointNumbers.NONE, 0, 0, 0, 0));
    }
}
