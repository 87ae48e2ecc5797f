package org.dvs.apps.m3ftp;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.apps.AdvisedException;
import org.dvs.apps.ProgramParameters;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Kernel;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proc m3ftp}: a program of the container gets or puts a file of the node's folder for them, bound for the time of the
 * request.
 */
@Component(configurationPid = "org.dvs.apps.m3ftp")
public final class M3ftpHandler implements RequestHandler {
    private static final String GET = "get";
    private static final double SECOND = 1_000_000_000.0;
    /** Of the request's time so much is left to tell how it ended: milliseconds, and of a short one its part. */
    private static final long MOST_TOLD_MS = 1_000;
    private static final int TOLD_SHARES = 10;
    private static final double MEGA = 1_000_000.0;
    private static final RequestSpec SPEC = RequestSpec.named("RQST_M3FTP").command("proc m3ftp")
            .help("Gets or puts a file by blocks between a program of the container and a server that is bound already")
            .parameter(Parameter.of("action", ValueType.TEXT, "which way").oneOf(GET, "put").mandatory().asOperand())
            .parameter(ProgramParameters.DCID)
            .parameter(ProgramParameters.server().mandatory().asOperand())
            .parameter(Parameter.of("file", ValueType.TEXT, "name at the server").mandatory().asOperand())
            .parameter(Parameter.of("local", ValueType.TEXT, "name in this node's folder; as at the server if left out"))
            .parameter(ProgramParameters.client(1))
            .parameter(Parameter.of("resume", ValueType.FLAG, "go on with what a broken attempt has left"))
            .column("bytes", ValueType.SIZE, "size of the file")
            .column("resumed", ValueType.SIZE, "bytes that were there already")
            .column("seconds", ValueType.DECIMAL, "that it took")
            .column("mb_per_second", ValueType.DECIMAL, "millions of bytes in a second")
            .column("sha256", ValueType.TEXT, "of the whole file, the same on both sides")
            .changes().besideOthers().build();

    private final Kernel kernel;
    private final Where where;

    /** Asked at each request: who is told there what is wrong with the folder can mend it. */
    @FunctionalInterface
    interface Where {
        Folder folder() throws DvsException;
    }

    @Activate
    public M3ftpHandler(@Reference Kernel kernel, BundleContext context, M3ftpConfig config) {
        this(kernel, () -> M3ftpServer.folder(context, config));
    }

    M3ftpHandler(Kernel kernel, Where where) {
        this.kernel = kernel;
        this.where = where;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        String name = request.text("file");
        Path local = local(where.folder(), request);
        boolean resume = request.flag("resume");
        // At the deadline itself nobody hears any more why the file is not whole.
        long told = Math.min(MOST_TOLD_MS, request.timeLeft().toMillis() / TOLD_SHARES);
        LongSupplier left = () -> request.timeLeft().toMillis() - told;
        try (Endpoint self = kernel.bind(ProgramParameters.dcid(request), ProgramParameters.client(request), "m3ftp",
                BindKind.SELF, EndpointNumbers.LOCALNODE);
                FileClient client = new FileClient(self, ProgramParameters.server(request), FileClient.MAX_BLOCK,
                        () -> Math.max(1, left.getAsLong()))) {
            Progress untilDeadline = (done, size) -> checkTime(left.getAsLong());
            Transfer transfer = request.text("action").equals(GET) ? client.get(name, local, resume, untilDeadline)
                    : client.put(local, name, resume, untilDeadline);
            rows.row(transfer.bytes(), transfer.resumed(), transfer.nanos() / SECOND, transfer.perSecond() / MEGA,
                    transfer.sha256());
            return 0;
        } catch (DvsException e) {
            throw e.code() == ErrorCode.TIMEDOUT
                    ? new DvsException(ErrorCode.TIMEDOUT, e.getMessage() + "; --resume goes on with what has come", e) : e;
        }
    }

    /** @throws DvsException as {@link Folder#file}, but {@code INVAL} for a name that nobody may give, whatever his rights */
    private static Path local(Folder folder, Request request) throws DvsException {
        Optional<String> local = request.optionalText("local");
        if (local.isEmpty()) {
            return folder.file(request.text("file"));
        }
        try {
            return folder.file(local.get());
        } catch (AdvisedException e) {
            throw new DvsException(e.code() == ErrorCode.ACCES ? ErrorCode.INVAL : e.code(), "--local: " + e.getMessage(), e);
        }
    }

    private static void checkTime(long leftMs) throws DvsException {
        if (leftMs <= 0) {
            throw new DvsException(ErrorCode.TIMEDOUT, "the time is over, and the file is not whole");
        }
    }
}
