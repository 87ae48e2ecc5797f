package org.dvs.agent.namespace.internal;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.RunBeside;
import org.dvs.helper.api.HelperRequest.RunInDc;
import org.dvs.helper.api.ProgramPermit;
import org.dvs.helper.program.ProgramRequest;
import org.dvs.helper.target.Target;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.NamespaceKind;

/**
 * {@code ns KIND enter}: runs a program of the allow-list in the namespace of a process, or in all that a DC has, limits
 * included.
 * Source: dvsd reference 8; 9, COMMAND.
 */
final class EnterHandler implements RequestHandler {
    private final Place place;
    private final NamespaceKind kind;
    private final ProgramPermit permit;
    private final DcLeftovers leftovers;
    private final RequestSpec spec;

    EnterHandler(Place place, NamespaceKind kind, ProgramPermit permit, DcLeftovers leftovers) {
        this.place = place;
        this.kind = kind;
        this.permit = permit;
        this.leftovers = leftovers;
        this.spec = ProgramRequest.described(RequestSpec.named(ListHandler.requestName(kind) + "ENTER").command("ns "
                + kind.file()
                + " enter").help("Runs a program in the " + kind.file() + " namespace of a process, or in all of a DC's"),
                "program of the allow-list, and its arguments")
                .parameter(Parameter.of("pid", ValueType.INTEGER, "process whose namespace it is").range(1, Integer.MAX_VALUE))
                .parameter(Parameter.of("dcid", ValueType.INTEGER, "instead: a DC; the program gets its limits too")
                        .range(0, DvsParameters.MAX_DCS - 1))
                .changes().build();
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
        ProgramPermit.Permitted permitted = permit.permit(ProgramRequest.argvOf(request));
        List<String> command = permitted.command();
        int output = ProgramRequest.outputBytes(request, permitted.outputBytes());
        int limit = ProgramRequest.timeMs(request, permitted.timeMs());
        HelperRequest asked;
        if (pid.isPresent()) {
            Target target = place.targets().ofProcess((int) pid.getAsLong());
            asked = typed(() -> new RunBeside(kind, target.pid(), target.start(), command, limit, output));
        } else {
            int dc = (int) dcid.getAsLong();
            place.targets().requireClearDc(dc, leftovers);
            if (place.ofDc(kind, dc) < 0) {
                throw new DvsException(ErrorCode.NOENT, "DC " + dc + " has no " + kind.file()
                        + " namespace of its own on this node");
            }
            asked = typed(() -> new RunInDc(dc, command, "", limit, output));
        }
        ProgramRequest.put(place.helper().ask(asked).ran(), command.get(0), limit, rows);
        return 0;
    }
}
