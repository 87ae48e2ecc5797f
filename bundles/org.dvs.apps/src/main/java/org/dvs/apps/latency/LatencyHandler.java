package org.dvs.apps.latency;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.apps.ProgramParameters;
import org.dvs.apps.Running;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Kernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proc latency}: round trips between two programs of the container, bound for the time of the request, or with a server
 * that is bound already, wherever it is.
 */
@Component
public final class LatencyHandler implements RequestHandler {
    private static final String HANDLER = "handler";
    private static final String THREAD = "thread";
    private static final String BOUND = "bound";
    /** Of the request's time: what is measured gets so many tenths, the last round trip one more. */
    private static final int RUN = 8;
    private static final int SHARES = 10;
    private static final double MICRO = 1_000.0;
    private static final RequestSpec SPEC = RequestSpec.named("RQST_LATENCY").command("proc latency")
            .help("Times round trips between two programs of a DC in the container")
            .parameter(ProgramParameters.DCID)
            .parameter(ProgramParameters.client(40))
            .parameter(ProgramParameters.server().byDefault(2L))
            .parameter(Parameter.of("style", ValueType.TEXT, "server to bind: called with each message, with a thread, or none"
                    + " as it is bound already").oneOf(HANDLER, THREAD, BOUND).byDefault(HANDLER))
            .parameter(Parameter.of("loops", ValueType.INTEGER, "round trips; fewer if the time is over before, see --timeout")
                    .range(1, Latency.MAX_LOOPS).byDefault(100_000L))
            .column("loops", ValueType.INTEGER, "round trips that were measured")
            .column("min_us", ValueType.DECIMAL, "shortest, microseconds")
            .column("median_us", ValueType.DECIMAL, "that half of them do not exceed")
            .column("p99_us", ValueType.DECIMAL, "that 99 of 100 do not exceed")
            .column("max_us", ValueType.DECIMAL, "longest")
            .column("per_second", ValueType.INTEGER, "round trips in a second")
            .changes().besideOthers().build();

    private final Kernel kernel;

    @Activate
    public LatencyHandler(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        int dcid = ProgramParameters.dcid(request);
        int server = ProgramParameters.server(request);
        String style = request.text("style");
        if (!style.equals(BOUND)) {
            checkServer(kernel.dc(dcid).settings(), server);
        }
        Runnable end = serve(dcid, server, style);
        int client = ProgramParameters.client(request);
        int loops = (int) request.number("loops");
        try (Endpoint self = kernel.bind(dcid, client, "latency", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
            long left = request.timeLeft().toMillis();
            Figures figures = Latency.ask(self, server, loops, left * RUN / SHARES, left / SHARES);
            rows.row(figures.loops(), figures.minNs() / MICRO, figures.medianNs() / MICRO, figures.p99Ns() / MICRO,
                    figures.maxNs() / MICRO, Math.round(figures.perSecond()));
            return 0;
        } finally {
            end.run();
        }
    }

    /** @throws DvsException {@code BADCALL} for a user endpoint: it could be bound, but would receive nothing */
    private static void checkServer(DcSettings dc, int endpoint) throws DvsException {
        if (dc.numbers().isEndpoint(endpoint) && dc.numbers().processNumber(endpoint) >= dc.firstUser()) {
            throw new DvsException(ErrorCode.BADCALL, "--server " + endpoint + ": a server needs an endpoint of a system process,"
                    + " in dc" + dc.dcid() + " one below " + dc.firstUser());
        }
    }

    /** @return ends the server */
    private Runnable serve(int dcid, int endpoint, String style) throws DvsException {
        switch (style) {
            case HANDLER -> {
                AsyncEndpoint server = kernel.bindHandler(dcid, endpoint, "latencyd", Latency.handler());
                return server::close;
            }
            case THREAD -> {
                Endpoint server = kernel.bind(dcid, endpoint, "latencyd", BindKind.SELF, EndpointNumbers.LOCALNODE);
                Thread thread = new Thread(() -> Running.quietly(Latency.server(), server), "dvs-latency-server");
                thread.setDaemon(true);
                thread.start();
                return server::close;
            }
            default -> {
                return () -> { };
            }
        }
    }
}
