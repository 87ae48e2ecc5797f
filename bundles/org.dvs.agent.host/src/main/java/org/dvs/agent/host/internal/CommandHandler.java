package org.dvs.agent.host.internal;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Units;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.program.CommandResult;
import org.dvs.helper.program.CommandRunner;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * RQST_COMMAND: runs a program that the allow-list of this host permits. The program sees exactly the arguments given: no
 * shell takes part. Source: dvsd reference 9; conventions 12.
 */
@Component(configurationPid = HostConfig.PID)
@Designate(ocd = HostConfig.class)
public final class CommandHandler implements RequestHandler {
    /** Source: dvsd reference 9. */
    private static final long DEFAULT_OUTPUT = 60 * 1024;
    /** Both streams and the rest of the row must fit into one message. */
    private static final long MAX_OUTPUT = 256 * 1024;
    private static final int MAX_WORDS = 256;
    /** Part of the time left that is kept for ending the program and sending what it wrote. */
    private static final long MARGIN_MS = 2_500;

    private static final Charset ARGUMENTS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private static final RequestSpec SPEC = RequestSpec.named("RQST_COMMAND").command("host command")
            .help("Runs a program of the allow-list on each host, without a shell")
            .parameter(Parameter.of("argv", ValueType.TEXTS, "program, by name or absolute path, and its arguments").mandatory()
                    .range(1, MAX_WORDS).matching("[^\\x00]*").asOperand())
            .parameter(Parameter.of("stdin", ValueType.TEXT, "text the program reads from its standard input").hidden())
            .parameter(Parameter.of("deadline", ValueType.DURATION,
                    "time after which the program is ended; default: shortly before "
                    + "the request's own").range(1, 3_600_000))
            .parameter(Parameter.of("max_output", ValueType.SIZE, "bytes kept of each output stream").range(0, MAX_OUTPUT)
                    .byDefault(DEFAULT_OUTPUT))
            .column("exit_code", ValueType.INTEGER, "-1 if a signal ended it")
            // What differs on every node is kept out of the table, so that equal outputs fold into one.
            .column(Column.of("signal", ValueType.INTEGER, "0 if none ended it").onlyWide())
            .column(Column.of("elapsed", ValueType.DURATION, "how long it ran").onlyWide())
            .column("stdout", ValueType.TEXT, "what it wrote")
            .column("stderr", ValueType.TEXT, "what it wrote as errors")
            .column(Column.of("stdout_truncated", ValueType.FLAG, "there was more").onlyWide())
            .column(Column.of("stderr_truncated", ValueType.FLAG, "there was more").onlyWide())
            .changes().build();

    private final AllowListFile allowList;
    private final CommandRunner runner;
    private final Semaphore places;
    private final int atOnce;

    @Activate
    public CommandHandler(HostConfig config) throws java.io.IOException {
        this(listOf(config), new CommandRunner(config.setsid(), Path.of("/"), config.killDelayMs()), config.commandsAtOnce());
    }

    CommandHandler(AllowListFile allowList, CommandRunner runner, int atOnce) {
        this.allowList = allowList;
        this.runner = runner;
        this.atOnce = atOnce;
        this.places = new Semaphore(atOnce);
    }

    static AllowListFile listOf(HostConfig config) throws java.io.IOException {
        return new AllowListFile(etc().resolve(config.allowList()), ownUid(), System::currentTimeMillis);
    }

    private static Path etc() {
        return Path.of(System.getProperty("karaf.etc", "etc")).toAbsolutePath();
    }

    private static int ownUid() throws java.io.IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        if (!parameter.name().equals("argv")) {
            return parameter.allowed();
        }
        try {
            return allowList.current().names().stream().filter(name -> name.startsWith(typed)).toList();
        } catch (DvsException e) {
            return List.of();
        }
    }

    /**
     * What the JDK hands to a program is in the encoding of the node's locale, with a question mark for what that has not: then
     * another argument would be executed than the one that is permitted and written down.
     */
    private static List<String> unchanged(List<String> words) throws DvsException {
        for (String word : words) {
            if (!ARGUMENTS.newEncoder().canEncode(word)) {
                throw new DvsException(ErrorCode.BADVALUE, "argv: " + Shown.of(word)
                        + " cannot be passed on as it is: this node runs with "
                        + ARGUMENTS + "; start it with a UTF-8 locale");
            }
        }
        return words;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        AllowList.Permitted permitted = allowList.current().permit(unchanged(request.texts("argv")),
                program -> Files.isRegularFile(Path.of(program)) && Files.isExecutable(Path.of(program)));
        long left = request.timeLeft().toMillis();
        long most = left - Math.min(MARGIN_MS, left / 4);
        List<String> command = permitted.command();
        long timeout = Math.min(permitted.limits().timeMs(), Math.min(request.optionalNumber("deadline").orElse(most), most));
        int output = (int) Math.min(permitted.limits().outputBytes(), request.number("max_output"));
        if (timeout <= 0) {
            throw new DvsException(ErrorCode.TIMEDOUT, "no time was left to start " + command.get(0));
        }
        if (!places.tryAcquire()) {
            throw new DvsException(ErrorCode.AGAIN, atOnce + " commands run here already");
        }
        CommandResult result;
        try {
            result = runner.run(command, request.optionalText("stdin").orElse(null), timeout, output);
        } finally {
            places.release();
        }
        rows.row(result.exitCode(), result.signal(), result.elapsedMs(), result.out(), result.err(), result.outTruncated(),
                result.errTruncated());
        if (result.overdue()) {
            throw new DvsException(ErrorCode.TIMEDOUT, command.get(0) + " did not end within " + Units.durationText(timeout)
                    + " and was ended" + (result.signal() > 0 ? " with signal " + result.signal() : ""));
        }
        return 0;
    }
}
