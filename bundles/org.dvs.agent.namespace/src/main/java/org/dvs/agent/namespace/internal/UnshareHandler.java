package org.dvs.agent.namespace.internal;

import java.util.List;
import java.util.OptionalLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.NamespaceMake;
import org.dvs.helper.api.NetLink;
import org.dvs.helper.api.ProgramPermit;
import org.dvs.helper.program.ProgramRequest;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.procfs.NamespaceKind;

/**
 * {@code ns KIND unshare}: starts a program of the allow-list in a new namespace, or gives a DC one of its own. Source: dvsd
 * reference 8.
 */
final class UnshareHandler implements RequestHandler {
    private final Place place;
    private final NamespaceKind kind;
    private final ProgramPermit permit;
    private final DcLeftovers leftovers;
    private final RequestSpec spec;

    UnshareHandler(Place place, NamespaceKind kind, ProgramPermit permit, DcLeftovers leftovers) {
        this.place = place;
        this.kind = kind;
        this.permit = permit;
        this.leftovers = leftovers;
        RequestSpec.Builder builder = RequestSpec.named(ListHandler.requestName(kind) + "UNSHARE").command("ns " + kind.file()
                + " unshare")
                .help("Starts a program in a new " + kind.file() + " namespace" + (kind == NamespaceKind.USER ? ""
                : ", or gives one to a DC"))
                .parameter(ProgramRequest.argv("program of the allow-list, and its arguments"));
        if (kind != NamespaceKind.USER) {
            builder.parameter(Parameter.of("dcid", ValueType.INTEGER,
                    "instead: programs started through this DC run in it from now on")
                    .range(0, DvsParameters.MAX_DCS - 1));
        }
        if (kind == NamespaceKind.UTS) {
            builder.parameter(Parameter.of("hostname", ValueType.TEXT, "name of the host in it").range(1, 64)
                    .matching(HelperRequest.HOST_NAME.pattern()));
        }
        if (kind == NamespaceKind.MNT) {
            builder.parameter(Parameter.of("slave", ValueType.FLAG, "mounts made outside show inside, none the other way"));
        }
        if (kind == NamespaceKind.NET) {
            LinkOptions.PARAMETERS.forEach(builder::parameter);
        }
        this.spec = builder.column("pid", ValueType.INTEGER, "process that is in it").column("inode", ValueType.INTEGER,
                "names it on its host")
                .changes().build();
    }

    @Override
    public RequestSpec spec() {
        return spec;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        place.requireSupport(kind);
        OptionalLong dcid = kind == NamespaceKind.USER ? OptionalLong.empty() : request.optionalNumber("dcid");
        List<String> argv = ProgramRequest.argvOf(request);
        if (dcid.isPresent() == !argv.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "give either a program or a DC");
        }
        if (dcid.isPresent()) {
            place.targets().requireClearDc((int) dcid.getAsLong(), leftovers);
        }
        String hostName = kind == NamespaceKind.UTS ? request.optionalText("hostname").orElse("") : "";
        boolean slave = kind == NamespaceKind.MNT && request.flag("slave");
        NetLink link = kind == NamespaceKind.NET ? LinkOptions.of(request) : NetLink.NONE;
        List<String> command = argv.isEmpty() ? argv : permitted(argv);
        HelperReply made = place.helper()
                .ask(EnterHandler.typed(() -> new NamespaceMake(kind, (int) dcid.orElse(-1), hostName, slave, link, command)));
        rows.row(made.number(0), made.number(2));
        return 0;
    }

    /** It runs on when the request has been answered, so that nobody would be there to hold its line's limit of time. */
    private List<String> permitted(List<String> argv) throws DvsException {
        ProgramPermit.Permitted permitted = permit.permit(argv);
        if (permitted.timeMs() != Long.MAX_VALUE) {
            throw new DvsException(ErrorCode.CALLDENIED, permitted.command().get(0)
                    + " is allowed for a limited time only, and what is"
                    + " started in a new namespace goes on");
        }
        return permitted.command();
    }
}
