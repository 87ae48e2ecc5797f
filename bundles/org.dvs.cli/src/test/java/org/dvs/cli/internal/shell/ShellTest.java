package org.dvs.cli.internal.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import javax.security.auth.Subject;

import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.impl.console.SessionFactoryImpl;
import org.dvs.api.Role;
import org.dvs.api.security.Proof;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.dvs.cli.internal.Specs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With Karaf's own shell: its parser, its registry and its sessions. "The shell …" */
class ShellTest {
    private final RecordingCommandLine commandLine = new RecordingCommandLine();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FakeAccounts accounts = new FakeAccounts();
    private SessionFactoryImpl factory;
    private ShellCommands commands;
    private Session session;

    /** Answers with its words and a chosen exit code. */
    private static final class RecordingCommandLine implements CommandLine {
        final List<Invocation> invocations = new ArrayList<>();
        int exitCode;

        @Override
        public int run(Invocation invocation, Output output) {
            invocations.add(invocation);
            output.out(String.join("|", invocation.words()));
            output.flush();
            if (exitCode != 0) {
                output.err("trouble");
            }
            return exitCode;
        }

        @Override
        public List<String> complete(List<String> words) {
            return List.of("node0", "node1");
        }

        List<String> words() {
            return invocations.get(invocations.size() - 1).words();
        }
    }

    @BeforeEach
    void open() {
        factory = new SessionFactoryImpl(Streams.IO);
        commands = new ShellCommands(factory.getRegistry(), commandLine, new Standing(accounts));
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        session = factory.create(new ByteArrayInputStream(new byte[0]), stream, new PrintStream(new BufferedOutputStream(err)));
        Specs.ALL.forEach(commands::offered);
    }

    @AfterEach
    void close() {
        commands.stop();
        session.close();
        factory.stop();
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void handsTheWordsOverAsTheyWereTyped() throws Exception {
        session.execute("host:df -n node[0-2],@web --filter 'use=4 1' -o json /var");
        assertEquals(List.of("host", "df", "-n", "node[0-2],@web", "--filter", "use=4 1", "-o", "json", "/var"),
                commandLine.words());
        session.execute("host:command uptime -p");
        assertEquals(List.of("host", "command", "uptime", "-p"), commandLine.words());
        session.execute("lb:server-drain web1");
        assertEquals(List.of("lb", "server", "drain", "web1"), commandLine.words());
    }

    @Test
    void putsNodeSetsTogetherThatItsParserTookApart() throws Exception {
        session.execute("host:df --nodes=node[0-2],web[1,3] -x node[1],node5 -a");
        assertEquals(List.of("host", "df", "--nodes=node[0-2],web[1,3]", "-x", "node[1],node5", "-a"), commandLine.words());
        session.execute("host:command grep [a-z] file [0-9] 7");
        assertEquals(List.of("host", "command", "grep", "[a-z]", "file[0-9]", "7"), commandLine.words());
    }

    @Test
    void knowsTheNodeSetStarAndExclusions() throws Exception {
        session.execute("host:df -n *");
        assertEquals(List.of("host", "df", "-n", "*"), commandLine.words());
        session.execute("host:df -n '*,!node1'");
        assertEquals(List.of("host", "df", "-n", "*,!node1"), commandLine.words());
    }

    @Test
    void printsAndReturnsNothingWhenAllWentWell() throws Exception {
        assertNull(session.execute("host:df"));
        assertEquals("host|df\n", printed());
    }

    @Test
    @Tag("R-CMD-05")
    void failsWithTheExitCodeAndWithoutAnExceptionWhenNodesDid() throws Exception {
        commandLine.exitCode = 4;
        assertEquals(4, session.execute("host:df"));
        assertEquals("trouble\n", err.toString(StandardCharsets.UTF_8));
        assertEquals("host|df\n", printed());
    }

    @Test
    void hasNoTerminalInARemoteCommandNorBehindAPipe() throws Exception {
        session.execute("host:df | cat");
        assertEquals(false, commandLine.invocations.get(0).terminal());
        assertEquals(0, commandLine.invocations.get(0).width());
        assertEquals("host|df\n", printed());
    }

    @Test
    void runsUnderTheRolesOfTheSubject() throws Exception {
        Subject subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal("olga"));
        subject.getPrincipals().add(new RolePrincipal("operator"));
        subject.getPrincipals().add(new RolePrincipal("ssh"));
        subject.getPrincipals().add(new ClientPrincipal("ssh", "/127.0.0.1:4711"));
        accounts.roles.put("olga", Set.of("operator", "ssh"));
        as(subject, "host:df");
        assertEquals("Caller[user=olga, roles=[OPERATOR], channel=shell, source=127.0.0.1:4711, proof=]",
                commandLine.invocations.get(0).caller().toString());
    }

    private static Subject bySsh(String user, String... roles) {
        Subject subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal(user));
        List.of(roles).forEach(role -> subject.getPrincipals().add(new RolePrincipal(role)));
        subject.getPrincipals().add(new ClientPrincipal("ssh", "/127.0.0.1:4711"));
        return subject;
    }

    @Test
    @Tag("R-CMD-17")
    void keepsAnOpenLoginToTheRolesThatItsAccountHasNow() throws Exception {
        Subject subject = bySsh("olga", "operator", "viewer", "manager", "ssh");
        accounts.roles.put("olga", Set.of("viewer", "ssh"));
        as(subject, "host:df");
        assertEquals(Set.of(Role.VIEWER), commandLine.invocations.get(0).caller().roles());
        assertEquals(Set.of(new RolePrincipal("viewer"), new RolePrincipal("ssh")), subject.getPrincipals(RolePrincipal.class),
                "Karaf's own commands look at these");
    }

    @Test
    @Tag("R-CMD-17")
    void doesNothingForAnOpenLoginWhoseAccountIsGone() throws Exception {
        Subject subject = bySsh("olga", "admin", "ssh");
        assertEquals(6, as(subject, "host:df"));
        assertEquals(List.of(), commandLine.invocations);
        assertEquals(Set.of(), subject.getPrincipals(RolePrincipal.class));
        assertEquals("DVS-SEC-1005: the account of 'olga' has been removed from this node; the session has ended",
                printed().strip());
    }

    @Test
    @Tag("R-CMD-17")
    void doesNothingForAnOpenLoginByAPasswordOfYesterday() throws Exception {
        Subject subject = bySsh("olga", "operator", "viewer");
        subject.getPublicCredentials().add(new Proof("first"));
        accounts.roles.put("olga", Set.of("operator", "viewer"));
        accounts.proofs.put("olga", "first");
        as(subject, "host:df");
        assertEquals("first", commandLine.invocations.get(0).caller().proof());
        accounts.proofs.put("olga", "second");
        assertEquals(6, as(subject, "host:df"));
        assertEquals(1, commandLine.invocations.size());
        assertEquals(Set.of(), subject.getPrincipals(RolePrincipal.class));
    }

    @Test
    @Tag("R-CMD-17")
    void endsBeforeALineOfWhoeverHasNoAccountAnyMore() throws Exception {
        factory.getCommandProcessor().addListener(new Standing(accounts));
        Subject subject = bySsh("olga", "admin", "ssh");
        assertThrows(Exception.class, () -> as(subject, "echo still here"));
        assertEquals(Set.of(), subject.getPrincipals(RolePrincipal.class));
        assertEquals("DVS-SEC-1005: the account of 'olga' has been removed from this node; the session has ended",
                printed().strip());
    }

    @SuppressWarnings("removal")
    private Object as(Subject subject, String line) throws Exception {
        return Subject.doAs(subject, (PrivilegedExceptionAction<Object>) () -> session.execute(line));
    }

    @Test
    void allowsNothingWithoutASubject() throws Exception {
        session.execute("host:df");
        assertTrue(commandLine.invocations.get(0).caller().roles().isEmpty());
    }

    @Test
    void forgetsACommandInOpenSessionsWhenTheRequestGoes() throws Exception {
        session.execute("host:df");
        commands.withdrawn(Specs.DF);
        assertThrows(Exception.class, () -> session.execute("host:df"));
        commands.offered(Specs.DF);
        session.execute("host:df");
        assertEquals(2, commandLine.invocations.size());
    }

    @Test
    void keepsANewVersionOfARequestWhenTheOldOneGoesLater() throws Exception {
        var renewed = org.dvs.api.request.RequestSpec.named("RQST_DF").command("host df").help("new").build();
        commands.offered(renewed);
        commands.withdrawn(Specs.DF);
        assertEquals("new", factory.getRegistry().getCommand("host", "df").getDescription());
    }

    @Test
    void leavesCommandsOfOthersAlone() {
        var taken = org.dvs.api.request.RequestSpec.named("RQST_CAT").command("shell cat").help("not the shell's").build();
        commands.offered(taken);
        commands.withdrawn(taken);
        assertNotNull(factory.getRegistry().getCommand("shell", "cat"));
        assertTrue(factory.getRegistry().getCommands().stream().noneMatch(each -> each instanceof ShellCommand
                && each.getScope().equals("shell")));
    }

    @Test
    void hasTheBuiltInCommandsUntilTheBundleStops() throws Exception {
        session.execute("dvs:requests");
        assertEquals(List.of("requests"), commandLine.words());
        session.execute("job:list -o json");
        assertEquals(List.of("job", "list", "-o", "json"), commandLine.words());
        commands.stop();
        assertNull(factory.getRegistry().getCommand("dvs", "requests"));
        assertNull(factory.getRegistry().getCommand("host", "df"));
        commands.offered(Specs.DF);
        assertNull(factory.getRegistry().getCommand("host", "df"));
    }

    @Test
    void explainsOurCommandsWithItsOwnHelp() throws Exception {
        session.execute("help host:df");
        assertEquals(List.of("host", "df", "--help"), commandLine.words());
        assertEquals(false, commandLine.invocations.get(0).terminal(), "its help catches what a command prints");
        assertTrue(printed().contains("host|df|--help"), printed());
    }

    @Test
    void completesNamesAndThenWords() {
        var completer = factory.getRegistry().getCommand("host", "df").getCompleter(false);
        List<String> names = new ArrayList<>();
        assertEquals(0, completer.complete(session, new Line("host:", 0, "host:d"), names));
        assertEquals(List.of("host:df"), names);
        List<String> nodes = new ArrayList<>();
        assertEquals(11, completer.complete(session, new Line("host:df -n no", 2, "host:df", "-n", "no"), nodes));
        assertEquals(List.of("node0", "node1"), nodes);
        List<String> none = new ArrayList<>();
        assertEquals(-1, completer.complete(session, new Line("host:ps -n no", 2, "host:ps", "-n", "no"), none));
    }

    /** A line with the cursor at its end. */
    private record Line(String getBuffer, int getCursorArgumentIndex, String... getArguments)
            implements org.apache.karaf.shell.api.console.CommandLine {
        @Override
        public String getCursorArgument() {
            return getArguments[getCursorArgumentIndex];
        }

        @Override
        public int getArgumentPosition() {
            return getCursorArgumentIndex == 0 ? getBuffer.length() : getCursorArgument().length();
        }

        @Override
        public int getBufferPosition() {
            return getBuffer.length();
        }
    }
}
