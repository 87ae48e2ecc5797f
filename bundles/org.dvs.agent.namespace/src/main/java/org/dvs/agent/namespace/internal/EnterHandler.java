package org.dvs.agent.namespace.internal;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

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
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.RunBeside;
import org.dvs.helper.api.HelperRequest.RunInDc;
import org.dvs.helper.api.ProgramPermit;
import org.dvs.helper.program.CommandResult;
import org.dvs.helper.target.Target;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.NamespaceKind;

/**
 * {@code ns KIND enter}: runs a program of the allow-list in the namespace of a process, or in all that a DC has, limits
 * included.
 * Source: dvsd reference 8; 9, COMMAND.
 */
final class EnterHandler implements RequestHandler {
    private static final long DEFAULT_OUTPUT = 60 * 1024;
    private static final long MAX_OUTPUT = 256 * 1024;
    /** Part of the time left that is kept for ending the program and sending what it wrote. */
    private static final long MARGIN_MS = 2_500;

    private final Place place;
    private final NamespaceKind kind;
    private final ProgramPermit permit;
    private final RequestSpec spec;

    EnterHandler(Place place, NamespaceKind kind, ProgramPermit permit) {
        this.place = place;
        this.kind = kind;
        this.permit = permit;
        this.spec = RequestSpec.named(ListHandler.requestName(kind) + "ENTER").command("ns " + kind.file() + " enter")
                .help("Runs a program in the " + kind.file() + " namespace of a process, or in all of a DC's")
                .parameter(Parameter.of("pid", ValueType.INTEGER, "process whose namespace it is").range(1, Integer.MAX_VALUE))
                .parameter(Parameter.of("dcid", ValueType.INTEGER, "instead: a DC; the program gets its limits too")
                        .range(0, DvsParameters.MAX_DCS - 1))
                .parameter(argv("program of the allow-list, and its arguments").mandatory())
                .parameter(Parameter.of("deadline", ValueType.DURATION,
                "time after which the program is ended; default: shortly before "
                        + "the request's own").range(1, 3_600_000))
                .parameter(Parameter.of("max_output", ValueType.SIZE, "bytes kept of each output stream").range(0, MAX_OUTPUT)
                        .byDefault(DEFAULT_OUTPUT))
                .column("exit_code", ValueType.INTEGER, "-1 if a signal ended it")
                .column(Column.of("signal", ValueType.INTEGER, "0 if none ended it").onlyWide())
                .column(Column.of("elapsed", ValueType.DURATION, "how long it ran").onlyWide())
                .column("stdout", ValueType.TEXT, "what it wrote").column("stderr", ValueType.TEXT, "what it wrote as errors")
                .column(Column.of("stdout_truncated", ValueType.FLAG, "there was more").onlyWide())
                .column(Column.of("stderr_truncated", ValueType.FLAG, "there was more").onlyWide())
                .changes().build();
    }

    static Parameter argv(String help) {
        return Parameter.of("argv", ValueType.TEXTS, help).range(1, HelperRequest.MAX_ARGUMENTS).matching("[^\\x00]*")
                .asOperand();
    }

    /** @throws DvsException {@code BADVALUE} for what the request itself refuses */
    static HelperRequest typed(Supplier<HelperRequest> request) throws DvsException {
        try {
            return request.get();
        } catch (IllegalArgumentException e) {
            throw new DvsException(ErrorCode.BADVALUE, e.getMessage(), e);
        }
    }

    @Override
    public RequestSpec spec() {
        return spec;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        place.requireSupport(kind);
        OptionalLong pid = request.optionalNumber("pid");
        OptionalLong dcid = request.optionalNumber("dcid");
        if (pid.isPresent() == dcid.isPresent()) {
            throw new DvsException(ErrorCode.INVAL, "give either a process or a DC");
        }
        ProgramPermit.Permitted permitted = permit.permit(request.texts("argv"));
        List<String> command = permitted.command();
        int output = (int) Math.min(permitted.outputBytes(), request.number("max_output"));
        int limit = (int) Math.min(permitted.timeMs(), limit(request));
        HelperRequest asked;
        if (pid.isPresent()) {
            Target target = place.targets().ofProcess((int) pid.getAsLong());
            asked = typed(() -> new RunBeside(kind, target.pid(), target.start(), command, limit, output));
        } else {
            int dc = (int) dcid.getAsLong();
            place.targets().requireDc(dc);
            if (place.ofDc(kind, dc) < 0) {
                throw new DvsException(ErrorCode.NOENT, "DC " + dc + " has no " + kind.file()
                        + " namespace of its own on this node");
            }
            asked = typed(() -> new RunInDc(dc, command, limit, output));
        }
        CommandResult ran = place.helper().ask(asked).ran();
        rows.row(ran.exitCode(), ran.signal(), ran.elapsedMs(), ran.out(), ran.err(), ran.outTruncated(), ran.errTruncated());
        if (ran.overdue()) {
            throw new DvsException(ErrorCode.TIMEDOUT, command.get(0) + " did not end within " + Units.durationText(limit)
                    + " and was ended");
        }
        return 0;
    }

    private static int limit(Request request) throws DvsException {
        long left = request.timeLeft().toMillis();
        long most = left - Math.min(MARGIN_MS, left / 4);
        long limit = Math.min(request.optionalNumber("deadline").orElse(most), most);
        if (limit <= 0) {
            throw new DvsException(ErrorCode.TIMEDOUT, "no time was left to start the program");
        }
        return (int) Math.min(limit, 86_400_000);
    }
}
