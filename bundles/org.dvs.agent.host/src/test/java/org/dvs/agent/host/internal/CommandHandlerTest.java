package org.dvs.agent.host.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.NetLink;
import org.dvs.helper.internal.HelperComponent;
import org.dvs.helper.program.CommandRunner;
import org.dvs.helper.target.Targets;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.NamespaceKind;
import org.dvs.procfs.ProcessTable;
import org.dvs.procfs.UserNames;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With real processes. Names finish the sentence "RQST_COMMAND …". */
@Tag("R-CMD-17")
class CommandHandlerTest {
    private final ExecutorService workers = Executors.newCachedThreadPool();
    @TempDir
    Path folder;
    private final RecordingKernel kernel = new RecordingKernel();
    private final List<Integer> cleared = new ArrayList<>();
    private HelperComponent helper;
    private CommandHandler handler;

    @BeforeEach
    void list() throws IOException {
        Path path = folder.resolve("list");
        Files.writeString(path, """
                type any = (?s).*
                /bin/echo {any}*
                /bin/cat
                /bin/false
                /bin/pwd
                /usr/bin/env
                /bin/sleep 7777 :: 200ms
                /bin/sleep {int}
                /usr/bin/head -c 9000 /dev/zero :: 5s 1KiB
                /usr/bin/head -c {int} /dev/zero
                /usr/bin/yes
                /usr/bin/printf {any}*
                /bin/sh -c {any}
                /usr/bin/no-such-program
                type injected = [a-z]{1,20}
                /usr/bin/test {injected} -- {path}
                """);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        int uid = (Integer) Files.getAttribute(path, "unix:uid");
        helper = new HelperComponent(null, "command-test", folder);
        handler = new CommandHandler(new AllowListFile(path, uid, System::currentTimeMillis),
                new CommandRunner("/usr/bin/setsid", Path.of("/"), 2_000), 2,
                new Targets(Path.of("/"), () -> kernel), helper, cleared::add);
    }

    @AfterEach
    void stop() {
        helper.stop();
        workers.shutdownNow();
    }

    private RequestOf run(String... argv) throws Exception {
        RequestOf command = new RequestOf(handler);
        command.ask(Map.of("argv", List.of(argv)));
        return command;
    }

    /** A script for what only a shell can arrange; the marker makes its processes findable. */
    private static String marker() {
        return "dvs-test-" + System.nanoTime();
    }

    private static List<ProcessHandle> marked(String marker) {
        List<ProcessHandle> found = new ArrayList<>();
        ProcessTable table = new ProcessTable(Path.of("/"), new UserNames(Path.of("/")));
        for (int pid : table.pids()) {
            table.read(pid, -1, null).filter(entry -> entry.args().contains(marker) && entry.state() != 'Z')
                    .flatMap(entry -> ProcessHandle.of(entry.pid())).ifPresent(found::add);
        }
        return found;
    }

    @Test
    void runsInWhatADcHas() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root makes namespaces");
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        helper.ask(new HelperRequest.NamespaceMake(NamespaceKind.UTS, 0, "dc-zero", false, NetLink.NONE, List.of()));
        RequestOf command = new RequestOf(handler);
        command.ask(Map.of("argv", List.of("sh", "-c", "hostname; cat; exit 3"), "dcid", 0L, "stdin", "line\n"));
        assertEquals(List.of(0), cleared, "what another DC with this id left goes first");
        assertEquals("dc-zero\nline\n", command.value(0, "stdout"));
        assertEquals(3, command.value(0, "exit_code"));
        assertEquals(ErrorCode.DCNOTRUN, assertThrows(DvsException.class,
                () -> new RequestOf(handler).ask(Map.of("argv", List.of("pwd"), "dcid", 1L))).code());
        assertEquals(ErrorCode.CALLDENIED, assertThrows(DvsException.class,
                () -> new RequestOf(handler).ask(Map.of("argv", List.of("/bin/ls"), "dcid", 0L))).code());
    }

    @Test
    void givesExitCodeOutputAndErrorsInOneRow() throws Exception {
        RequestOf command = run("sh", "-c", "echo out; echo err >&2; exit 3");

        assertEquals(1, command.rows().size());
        assertEquals(3, command.value(0, "exit_code"));
        assertEquals(0, command.value(0, "signal"));
        assertEquals("out\n", command.value(0, "stdout"));
        assertEquals("err\n", command.value(0, "stderr"));
        assertEquals(false, command.value(0, "stdout_truncated"));
        assertTrue((Long) command.value(0, "elapsed") < 10_000);
    }

    @Test
    void passesArgumentsOnAsTheyAreBecauseNoShellTakesPart() throws Exception {
        String[] injected = {"; touch /tmp/x", "$(id)", "`id`", "a\nb", "*", "~", "\"", "'", "\\", "&&", "|", ">",
                "é\ud83d\ude00", ""};
        List<String> argv = new ArrayList<>(List.of("printf", "[%s]"));
        argv.addAll(List.of(injected));

        assertEquals("[" + String.join("][", injected) + "]", run(argv.toArray(String[]::new)).value(0, "stdout"));
    }

    @Test
    void refusesAZeroCharacterAndTooManyOrTooLongArguments() {
        assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class, () -> run("echo", "a\u0000b")).code());
        assertEquals(ErrorCode.BADRANGE, assertThrows(DvsException.class, () -> run("echo", "x".repeat(9_000))).code());
        assertEquals(ErrorCode.BADRANGE, assertThrows(DvsException.class, () -> run(java.util.Collections.nCopies(257, "echo")
                .toArray(String[]::new))).code());
    }

    @Test
    void runsInTheRootFolderWithAFixedEnvironmentAndNoInput() throws Exception {
        assertEquals("/\n", run("pwd").value(0, "stdout"));
        List<String> environment = ((String) run("env").value(0, "stdout")).lines().sorted().toList();
        assertEquals(List.of("HOME=/", "LANG=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                environment);
        assertEquals("", run("cat").value(0, "stdout"));
    }

    @Test
    void feedsTheTextGivenForStandardInput() throws Exception {
        RequestOf command = new RequestOf(handler);
        String text = "é".repeat(8_000);

        command.ask(Map.of("argv", List.of("cat"), "stdin", text));
        assertEquals(text, command.value(0, "stdout"));

        command.ask(Map.of("argv", List.of("false"), "stdin", text));
        assertEquals(1, command.value(1, "exit_code"));
    }

    @Test
    void keepsTheBeginningOfLongOutputAndSaysSo() throws Exception {
        RequestOf command = run("head", "-c", "3000000", "/dev/zero");

        assertEquals(60 * 1024, ((String) command.value(0, "stdout")).length());
        assertEquals(true, command.value(0, "stdout_truncated"));
        assertEquals(0, command.value(0, "exit_code"));
        command.ask(Map.of("argv", List.of("sh", "-c", "head -c 500000 /dev/zero >&2; echo done"), "max_output", 10L));
        assertEquals("done\n", command.value(1, "stdout"));
        assertEquals(true, command.value(1, "stderr_truncated"));
        assertEquals(10, ((String) command.value(1, "stderr")).length());
    }

    @Test
    void replacesOutputThatIsNotUtf8AndStaysWithinTheLimit() throws Exception {
        assertEquals("a\ufffdb", run("printf", "a\\377b").value(0, "stdout"));

        RequestOf command = new RequestOf(handler);
        command.ask(Map.of("argv", List.of("sh", "-c", "head -c 9000 /dev/zero | tr '\\000' '\\377'"), "max_output", 9_000L));
        assertTrue(((String) command.value(0, "stdout")).length() <= 3_000);
        assertEquals(true, command.value(0, "stdout_truncated"));
    }

    @Test
    void tellsTheSignalThatEndedTheProgram() throws Exception {
        RequestOf command = run("sh", "-c", "kill -9 $$");

        assertEquals(-1, command.value(0, "exit_code"));
        assertEquals(9, command.value(0, "signal"));
    }

    @Test
    void endsTheProgramAtItsDeadlineAndGivesWhatItWroteUntilThen() {
        RequestOf command = new RequestOf(handler);
        long start = System.nanoTime();

        DvsException late = assertThrows(DvsException.class, () -> command.ask(
                Map.of("argv", List.of("sh", "-c", "echo early; exec sleep 60"), "deadline", 3_000L)));

        assertEquals(ErrorCode.TIMEDOUT, late.code());
        assertEquals("/bin/sh did not end within 3s and was ended with signal 15", late.getMessage());
        assertEquals("early\n", command.value(0, "stdout"));
        assertEquals(-1, command.value(0, "exit_code"));
        assertEquals(15, command.value(0, "signal"));
        assertTrue(System.nanoTime() - start < 40_000_000_000L, "it was not waited for its own end");
    }

    @Test
    void endsOutputWithoutEndAtTheDeadlineAndKeepsItsBeginning() {
        RequestOf command = new RequestOf(handler);
        DvsException late = assertThrows(DvsException.class,
                () -> command.ask(Map.of("argv", List.of("yes"), "deadline", 3_000L, "max_output", 1_000L)));
        assertEquals(ErrorCode.TIMEDOUT, late.code());
        assertEquals("y\n".repeat(500), command.value(0, "stdout"));
        assertEquals(true, command.value(0, "stdout_truncated"));
    }

    @Test
    void killsTheWholeSessionAlsoWhatIgnoresTheRequestToEnd() {
        String marker = marker();
        RequestOf command = new RequestOf(handler);

        DvsException late = assertThrows(DvsException.class, () -> command.ask(Map.of("argv", List.of("sh", "-c",
                "trap '' TERM; (trap '' TERM; while :; do sleep 1; done; : " + marker
                        + ") & echo up; while :; do sleep 1; done; : " + marker),
                "deadline", 3_000L)));

        assertEquals(ErrorCode.TIMEDOUT, late.code());
        assertEquals(9, command.value(0, "signal"));
        assertEquals("up\n", command.value(0, "stdout"));
        await().atMost(20, SECONDS).until(() -> marked(marker).isEmpty());
    }

    @Test
    void isDoneWhenTheProgramIsAlthoughSomethingItLeftHoldsTheOutput() throws Exception {
        String marker = marker();

        RequestOf command = run("sh", "-c", "(sleep 600; : " + marker + ") & echo ready");
        boolean left = !marked(marker).isEmpty();
        marked(marker).forEach(ProcessHandle::destroyForcibly);

        assertEquals("ready\n", command.value(0, "stdout"));
        assertTrue(left, "the request did not wait for it");
    }

    @Test
    void endsTheProgramWhenTheRequestIsCancelled() throws Exception {
        String marker = marker();
        Future<?> running = workers.submit(() -> run("sh", "-c", "(sleep 60; : " + marker + ") & sleep 60; : " + marker));
        await().atMost(60, SECONDS).until(() -> marked(marker).size() >= 2);

        running.cancel(true);

        await().atMost(20, SECONDS).until(() -> marked(marker).isEmpty());
    }

    @Test
    void leavesNoZombie() throws Exception {
        for (int i = 0; i < 20; i++) {
            run("echo", "x");
        }
        int self = (int) ProcessHandle.current().pid();
        ProcessTable table = new ProcessTable(Path.of("/"), new UserNames(Path.of("/")));
        await().atMost(20, SECONDS).until(() -> {
            for (int pid : table.pids()) {
                if (table.read(pid, -1, "echo").filter(entry -> entry.parent() == self).isPresent()) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void answersAgainWhenTooManyRun() throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(workers.submit(() -> run("sleep", "300")));
        }

        // Whichever is the last: the other two run until they are called off.
        Future<?> refused = await().atMost(60, SECONDS).until(() -> running.stream().filter(Future::isDone).findFirst(),
                Optional::isPresent).orElseThrow();
        Throwable why = assertThrows(ExecutionException.class, refused::get).getCause();
        assertEquals(ErrorCode.AGAIN, ((DvsException) why).code());
        assertEquals("2 commands run here already", why.getMessage());
        assertEquals(1, running.stream().filter(Future::isDone).count());
        running.forEach(each -> each.cancel(true));
        await().atMost(60, SECONDS).ignoreException(DvsException.class).until(() -> run("echo").value(0, "exit_code").equals(0));
    }

    @Test
    void keepsPartOfTheTimeForEndingTheProgram() {
        RequestOf command = new RequestOf(handler);
        DvsException late = assertThrows(DvsException.class,
                () -> command.ask(Map.of("argv", List.of("sleep", "60")), Duration.ofSeconds(1)));
        String limit = late.getMessage().replaceFirst(".* within (\\d+)ms .*", "$1");
        assertTrue(Integer.parseInt(limit) <= 750, late.getMessage());
        assertEquals(1, command.rows().size());
    }

    @Test
    void refusesToStartWithoutTime() {
        DvsException late = assertThrows(DvsException.class,
                () -> new RequestOf(handler).ask(Map.of("argv", List.of("echo")), Duration.ZERO));

        assertEquals(ErrorCode.TIMEDOUT, late.code());
    }

    @Test
    void deniesWhatIsNotListedAndNamesWhatIsMissing() {
        DvsException denied = assertThrows(DvsException.class, () -> run("/bin/rm", "-rf", "/"));
        assertEquals(ErrorCode.CALLDENIED, denied.code());
        assertEquals("the program '/bin/rm' is not in the allow-list", denied.getMessage());
        assertEquals(ErrorCode.NOENT, assertThrows(DvsException.class, () -> run("no-such-program")).code());
    }

    @Test
    void namesTheToolThatIsMissingForASession() throws Exception {
        CommandRunner runner = new CommandRunner("/no/setsid", Path.of("/"), 300);

        DvsException missing = assertThrows(DvsException.class, () -> runner.run(List.of("/bin/echo"), null, 1_000, 10));

        assertEquals(ErrorCode.NOENT, missing.code());
        assertEquals("/no/setsid with /bin/echo cannot be started", missing.getMessage());
    }

    @Test
    void isForOperatorsAndOffersWhatIsListedToThoseWhoType() {
        assertEquals(Role.OPERATOR, handler.spec().role());
        assertTrue(handler.spec().changes());
        assertEquals(List.of("sleep", "sh"), handler.suggest(handler.spec().parameter("argv").orElseThrow(), "s"));
        assertFalse(handler.suggest(handler.spec().parameter("argv").orElseThrow(), "").contains("rm"));
    }

    @ParameterizedTest
    @ValueSource(strings = {";id", "$(id)", "`id`", "a\nid", "-rf", "--", "--help", "|id", "&&id", ">x", "a b", "\u00e9",
            "a\u0301",
        "\ud800", "a\u202eb", "\u001b[2J", "${HOME}", "*", "~", "%s", "a;", "\\", "'", "\"", "\r", "\t"})
    void deniesEachArgumentThatItsPatternDoesNotTakeInWhateverPlace(String evil) {
        for (List<String> words : List.of(List.of("test", evil, "--", "/x"), List.of("test", "a", "--", evil),
                List.of("test", "a" + evil, "/x"), List.of("test", "a", "/x", evil), List.of("test", evil), List.of(evil),
                List.of("/usr/bin/test" + evil, "a", "/x"), List.of("test", "a".repeat(8_000), "/x"))) {
            DvsException denied = assertThrows(DvsException.class, () -> run(words.toArray(String[]::new)), words.toString());
            assertTrue(denied.code() == ErrorCode.CALLDENIED || denied.code() == ErrorCode.BADVALUE, denied.getMessage());
            assertTrue(denied.getMessage().chars().noneMatch(c -> c < ' '), "forges no line: " + denied.getMessage());
        }
    }

    @Test
    void executesNoArgumentThatTheNodesLocaleWouldChange() throws Exception {
        DvsException no = assertThrows(DvsException.class, () -> run("echo", "\ud800"));
        assertEquals(ErrorCode.BADVALUE, no.code());
        assertTrue(no.getMessage().contains("cannot be passed on as it is"), no.getMessage());
    }

    @Test
    void limitsWhatItsLineLimitsWhateverIsAskedFor() throws Exception {
        DvsException ended = assertThrows(DvsException.class, () -> run("sleep", "7777"));
        assertEquals(ErrorCode.TIMEDOUT, ended.code());
        assertTrue(ended.getMessage().contains("within 200ms"), ended.getMessage());
        assertEquals(1024, ((String) run("head", "-c", "9000", "/dev/zero").value(0, "stdout")).length());
    }
}
