package org.dvs.cli.internal.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.apache.felix.service.command.Process;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;

/** One command of ours in Karaf's shell: hands its words to the command line. */
final class ShellCommand implements Command {
    private static final int FORBIDDEN = 6;
    private static final int INTERRUPTED = 130;

    private final CommandLine commandLine;
    private final Standing standing;
    private final List<String> words;
    private final String scope;
    private final String name;
    private final String help;

    /** @param words the command as the command line knows it */
    ShellCommand(CommandLine commandLine, Standing standing, List<String> words, String scope, String name, String help) {
        this.commandLine = commandLine;
        this.standing = standing;
        this.words = List.copyOf(words);
        this.scope = scope;
        this.name = name;
        this.help = help;
    }

    @Override
    public String getScope() {
        return scope;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getDescription() {
        return help;
    }

    @Override
    public Completer getCompleter(boolean scoped) {
        return new WordCompleter(commandLine, words, scoped ? List.of(name) : List.of(scope + ':' + name, name));
    }

    @Override
    public Parser getParser() {
        return null;
    }

    /**
     * @return null when all went well, else the exit code: Karaf's SSH server makes it the exit status of the remote command,
     *         and its shell prints neither it nor a stack trace. ({@code Process.error} would serve {@code &&} in scripts of the
     *         shell, but hides the code from SSH.)
     */
    @Override
    public Object execute(Session session, List<Object> arguments) {
        // A line may hold several commands, and time passes between them. The next line ends the session.
        Optional<String> gone = standing.look();
        if (gone.isPresent()) {
            session.getConsole().println(gone.get());
            return FORBIDDEN;
        }
        List<String> all = new ArrayList<>(words);
        all.addAll(ShellWords.of(arguments));
        int code;
        try {
            code = run(all, session);
        } catch (InterruptedException e) {
            // Ctrl-C ends the command, not the session.
            code = INTERRUPTED;
        }
        return code == 0 ? null : code;
    }

    private int run(List<String> all, Session session) throws InterruptedException {
        Place place = Place.of(session);
        ShellOutput output = place.output(session);
        int code = commandLine.run(place.invocation(all), output);
        Optional<String> question = output.question();
        if (question.isPresent() && Questions.yes(session, question.get())) {
            List<String> confirmed = new ArrayList<>(List.of("--yes"));
            confirmed.addAll(all);
            code = commandLine.run(place.invocation(confirmed), place.output(session));
        }
        return code;
    }

    /** Where the session shows what is printed now. */
    private record Place(boolean terminal, int width, boolean color) {

        static Place of(Session session) {
            Terminal terminal = session.getTerminal();
            Process process = Process.Utils.current();
            // A session without history is one for a single command: it may show a terminal of its parent, or a shell of none.
            // Behind a pipe or a redirection of the shell there is no terminal either, whatever the session has.
            boolean reached = terminal != null && session.getHistory() != null && process != null && process.isTty(1);
            boolean colors = reached && session.get("NO_COLOR") == null && terminal.getType() != null
                    && !terminal.getType().toLowerCase(Locale.ROOT).startsWith("dumb");
            return new Place(reached, reached ? terminal.getWidth() : 0, colors || session.get("CLICOLOR_FORCE") != null);
        }

        /** On a terminal errors take the way of the data, so that they come in order. */
        ShellOutput output(Session session) {
            Optional<PrintStream> errors = terminal ? Optional.empty() : SessionStreams.error(session);
            PrintStream console = session.getConsole();
            return errors.map(end -> new ShellOutput(System.out, System.err, end, console))
                    .orElseGet(() -> new ShellOutput(System.out, System.out, System.out, console));
        }

        Invocation invocation(List<String> all) {
            return new Invocation(all, Callers.current(), terminal, width, color);
        }
    }
}
