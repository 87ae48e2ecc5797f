package org.dvs.security.internal.audit;

import java.io.IOException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code audit verify}: whether the audit is as it was written. Fails, after its row, if it is not. */
@Component
public final class VerifyHandler implements RequestHandler {
    private final AuditTrail trail;

    @Activate
    public VerifyHandler(@Reference AuditComponent audit) {
        this(audit.trail());
    }

    VerifyHandler(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_AUDITVERIFY").command("audit verify").role(Role.AUDITOR)
                .help("Checks that no line of a node's audit was changed, removed, moved or added")
                .parameter(Parameter.of("from", ValueType.INTEGER,
                        "number of the line to begin with, e.g. behind one known to be bad")
                        .range(1, Long.MAX_VALUE).byDefault(1L))
                .column("first", ValueType.INTEGER, "number of the first line that is kept")
                .column("last", ValueType.INTEGER, "number of the last line")
                .column("good", ValueType.INTEGER, "lines in order, up to the first that is not")
                .column("torn", ValueType.INTEGER, "of these, lines that were cut off when the node was killed")
                .column("bad_file", ValueType.TEXT, "where the first bad line stands")
                .column("bad_line", ValueType.INTEGER, "its place in that file; unknown if it is missing")
                .column("bad_seq", ValueType.INTEGER, "the number it has or should have")
                .column("problem", ValueType.TEXT, "what is wrong with it").build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Head head = trail.flushed();
        if (request.number("from") > Math.max(1, head.seq())) {
            throw new DvsException(ErrorCode.BADRANGE, "from: " + request.number("from") + ", but the last line is "
                    + head.seq());
        }
        Verifier.Finding found;
        try {
            found = new Verifier(trail.folder(), head, request.number("from")).verify();
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, trail.folder().path() + " cannot be read: " + e.getMessage(), e);
        }
        boolean good = found.problem().isEmpty();
        rows.row(head.first(), head.seq(), found.lines(), found.torn(), found.file().isEmpty() ? null : found.file(),
                found.line() == 0 ? null : found.line(), good ? null : found.seq(), good ? null : found.problem());
        if (!good) {
            throw new DvsException(ErrorCode.AUDITBAD, found.place() + found.problem());
        }
        return 0;
    }
}
