package org.dvs.cli.internal.shell;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.impl.console.JLineTerminal;
import org.apache.karaf.shell.impl.console.SessionFactoryImpl;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.dvs.cli.internal.Specs;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person at a terminal of Karaf's shell. "The shell at a terminal …" */
class TerminalTest {
    private static final int SECONDS = 20;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final Asking commandLine = new Asking();
    private final PipedOutputStream keyboard = new PipedOutputStream();
    @TempDir
    private Path home;
    private SessionFactoryImpl factory;
    private ShellCommands commands;
    private Session session;
    private Thread person;

    /** Asks before {@code host kill}, waits for an interrupt in {@code host command}, and tells what it was called with. */
    private static final class Asking implements CommandLine {
        final BlockingQueue<Invocation> invocations = new LinkedBlockingQueue<>();
        final CountDownLatch interrupted = new CountDownLatch(1);

        @Override
        public int run(Invocation invocation, Output out) throws InterruptedException {
            invocations.add(invocation);
            if (invocation.words().contains("command")) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            }
            if (invocation.words().contains("kill") && !invocation.words().contains("--yes")) {
                out.ask("Really?");
                return 7;
            }
            out.out("data");
            out.err("trouble");
            out.out("more data");
            out.flush();
            return 0;
        }

        @Override
        public List<String> complete(List<String> words) {
            return words.get(words.size() - 1).isEmpty() ? List.of() : List.of("node0 of my own");
        }

        Invocation next() throws InterruptedException {
            return assertNotNullInTime(invocations.poll(SECONDS, TimeUnit.SECONDS));
        }
    }

    private static <T> T assertNotNullInTime(T value) {
        assertNotNull(value, "in time");
        return value;
    }

    @BeforeEach
    void sitDown() throws IOException {
        // What Karaf's sessions read: history and settings of the shell live below these.
        System.setProperty("karaf.home", home.toString());
        System.setProperty("karaf.etc", home.toString());
        System.setProperty("karaf.history", home.resolve("history").toString());
        factory = new SessionFactoryImpl(Streams.IO);
        commands = new ShellCommands(factory.getRegistry(), commandLine, new Standing(new FakeAccounts()));
        Specs.ALL.forEach(commands::offered);
        Terminal terminal = new ExternalTerminal("test", "xterm", new PipedInputStream(keyboard), screen, StandardCharsets.UTF_8);
        terminal.setSize(new Size(97, 40));
        PrintStream print = new PrintStream(terminal.output(), true, StandardCharsets.UTF_8);
        session = factory.create(terminal.input(), print, print, new JLineTerminal(terminal), "UTF-8", null);
        person = new Thread(session, "test-person");
        person.start();
    }

    @AfterEach
    void leave() throws Exception {
        session.close();
        person.join(TimeUnit.SECONDS.toMillis(SECONDS));
        commands.stop();
        factory.stop();
        keyboard.close();
        assertFalse(person.isAlive());
        List.of("karaf.home", "karaf.etc", "karaf.history").forEach(System::clearProperty);
    }

    private void type(String keys) throws IOException {
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    @Test
    void knowsItsWidthAndHasColour() throws Exception {
        type("host:df\r");
        Invocation invocation = commandLine.next();
        assertTrue(invocation.terminal());
        assertEquals(97, invocation.width());
        assertTrue(invocation.color());
    }

    @Test
    void showsDataAndErrorsInTheirOrder() throws Exception {
        type("host:df\r");
        // A line comes before its end.
        await().atMost(SECONDS, TimeUnit.SECONDS).until(() -> shown().contains("more data\n"));
        assertTrue(shown().contains("data\ntrouble\nmore data\n"), shown());
    }

    private String shown() {
        return screen.toString(StandardCharsets.UTF_8).replace("\r", "");
    }

    @Test
    void isNoTerminalToACommandBehindAPipe() throws Exception {
        type("host:df | grep x\r");
        Invocation invocation = commandLine.next();
        assertFalse(invocation.terminal());
        assertFalse(invocation.color());
    }

    @Test
    void asksAndRunsTheCommandAgainWithYes() throws Exception {
        type("host:kill 7\r");
        assertEquals(List.of("host", "kill", "7"), commandLine.next().words());
        type("y\r");
        assertEquals(List.of("--yes", "host", "kill", "7"), commandLine.next().words());
    }

    @Test
    void takesAnythingElseForANo() throws Exception {
        type("host:kill 7\r");
        commandLine.next();
        type("perhaps\r");
        type("host:df\r");
        assertEquals(List.of("host", "df"), commandLine.next().words());
    }

    @Test
    void endsACommandAtControlCAndGoesOn() throws Exception {
        type("host:command sleep 1000\r");
        commandLine.next();
        type("\u0003");
        assertTrue(commandLine.interrupted.await(SECONDS, TimeUnit.SECONDS));
        type("host:df\r");
        assertEquals(List.of("host", "df"), commandLine.next().words());
    }
}
