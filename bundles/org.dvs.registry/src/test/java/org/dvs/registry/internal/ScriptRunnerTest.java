package org.dvs.registry.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner, with real processes ... */
@Tag("R-CMD-18")
class ScriptRunnerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;
    private ScriptRunner runner;

    @BeforeEach
    void makeRunner() {
        runner = new ScriptRunner(folder, 1_000, System::nanoTime);
    }

    private Path script(String name, String... lines) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private static long pidIn(Path file) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean runs(long pid) {
        // A zombie that nobody has collected yet runs no more.
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        try {
            return process.isPresent() && process.get().isAlive()
                    && !Files.readString(Path.of("/proc/" + pid + "/stat")).replaceFirst(".*\\) ", "").startsWith("Z");
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertEnds(long pid) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> !runs(pid));
    }

    @Test
    void givesTheScriptItsEnvironmentAndNothingElse() throws IOException {
        Path script = script("env", "env | sort | grep -v '^_=' | grep -v '^PWD=' | grep -v '^SHLVL=' | grep -v '^OLDPWD='");
        ScriptResult result = runner.run(script, Map.of("DVS_EVENT", "JOIN"), LIMIT);
        assertEquals(ScriptResult.End.OK, result.end(), result.toString());
        assertEquals("DVS_EVENT=JOIN\nLANG=C.UTF-8\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
                result.output());
    }

    @Test
    void runsItInTheScriptsFolderWithoutInputInAGroupOfItsOwn() throws IOException {
        Path script = script("where", "pwd", "cat", "cut -d' ' -f5 /proc/$$/stat | grep -qw $$", "echo group $?");
        assertEquals(folder.toRealPath() + "\ngroup 0\n", runner.run(script, Map.of(), LIMIT).output());
    }

    @Test
    void tellsSuccessFromFailureAndKeepsBothOutputs() throws IOException {
        ScriptResult result = runner.run(script("fail", "echo out", "echo err >&2", "exit 3"), Map.of(), LIMIT);
        assertEquals(ScriptResult.End.FAILED, result.end());
        assertEquals("failed (exit 3)", result.shown());
        assertEquals("out\nerr\n", result.output());
    }

    @Test
    void keepsTheBeginningOfALongOutput() throws IOException {
        ScriptResult result = runner.run(script("long", "i=0; while [ $i -lt 30000 ]; do echo 0123456789; i=$((i+1)); done"),
                Map.of(), LIMIT);
        assertEquals(ScriptResult.End.OK, result.end());
        assertEquals(1_000, result.output().length());
        assertTrue(result.cut());
    }

    @Test
    void killsTheWholeGroupAtTheDeadline() throws IOException {
        Path script = script("slow",
                "sh -c 'trap \"\" TERM; sh -c \"echo \\$\\$ > grandchild; sleep 600; sleep 600\"; sleep 600' &",
                "echo $! > child", "echo started", "sleep 600");
        ScriptResult result = runner.run(script, Map.of(), Duration.ofSeconds(6));
        assertEquals(ScriptResult.End.TIMED_OUT, result.end());
        assertEquals("started\n", result.output());
        assertTrue(result.elapsedMs() >= 6_000 && result.elapsedMs() < 30_000, "took " + result.elapsedMs());
        assertEnds(pidIn(folder.resolve("child")));
        assertEnds(pidIn(folder.resolve("grandchild")));
    }

    @Test
    void killsADescendantThatLeftTheGroup() throws IOException {
        Path script = script("leave", "setsid sh -c 'echo $$ > left; sleep 600' &", "wait");
        ScriptResult result = runner.run(script, Map.of(), Duration.ofSeconds(6));
        assertEquals(ScriptResult.End.TIMED_OUT, result.end());
        assertEnds(pidIn(folder.resolve("left")));
    }

    @Test
    void endsWhatTheScriptLeftInItsGroup() throws IOException {
        Path script = script("rest", "sleep 600 &", "echo $! > rest.pid");
        long start = System.nanoTime();
        ScriptResult result = runner.run(script, Map.of(), LIMIT);
        assertEquals(ScriptResult.End.OK, result.end());
        assertTrue(System.nanoTime() - start < LIMIT.toNanos());
        assertEnds(pidIn(folder.resolve("rest.pid")));
    }

    @Test
    void endsTheScriptWhenItIsInterrupted() throws Exception {
        Path script = script("sleeper", "echo $$ > sleeper.pid", "sleep 600");
        ScriptResult[] result = new ScriptResult[1];
        Thread thread = new Thread(() -> result[0] = runner.run(script, Map.of(), Duration.ofMinutes(5)));
        thread.start();
        long pid = pidIn(folder.resolve("sleeper.pid"));
        thread.interrupt();
        thread.join(10_000);
        assertFalse(thread.isAlive());
        assertEquals(ScriptResult.End.STOPPED, result[0].end());
        assertEnds(pid);
    }

    @Test
    void saysThatTheFileIsMissingOrCannotBeRun() throws IOException {
        assertEquals(ScriptResult.End.MISSING, runner.run(folder.resolve("nothing"), Map.of(), LIMIT).end());
        Path plain = Files.writeString(folder.resolve("plain"), "echo no\n");
        ScriptResult result = runner.run(plain, Map.of(), LIMIT);
        assertEquals(ScriptResult.End.FAILED, result.end());
        assertEquals("it is not executable", result.output());
        Path noInterpreter = Files.writeString(folder.resolve("bad"), "#!/no/such/shell\n");
        Files.setPosixFilePermissions(noInterpreter, PosixFilePermissions.fromString("rwx------"));
        assertEquals(ScriptResult.End.FAILED, runner.run(noInterpreter, Map.of(), LIMIT).end());
    }

    @Test
    void keepsRelativeNamesBelowTheFolder() throws DvsException {
        assertEquals(folder.resolve("sub/a.sh"), runner.resolve("sub/a.sh"));
        assertEquals(Path.of("/opt/a.sh"), runner.resolve("/opt/a.sh"));
        assertEquals(ErrorCode.BADSETTING, assertThrows(DvsException.class, () -> runner.resolve("../../bin/sh")).code());
    }
}
