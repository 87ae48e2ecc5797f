package org.dvs.security.internal.audit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code audit list}: the newest lines of a node's audit, oldest first. */
@Component
public final class ListHandler implements RequestHandler {
    private static final int LOOK_UP = 1024;

    private final AuditTrail trail;
    private final Clock clock;

    @Activate
    public ListHandler(@Reference AuditComponent audit) {
        this(audit.trail(), Clock.systemUTC());
    }

    ListHandler(AuditTrail trail, Clock clock) {
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_AUDITLIST").command("audit list").role(Role.AUDITOR).manyRows()
                .help("Shows who asked what of a node, and what came of it")
                .parameter(Parameter.of("last", ValueType.INTEGER, "so many lines, the newest").range(1, 1_000).byDefault(50L))
                .parameter(Parameter.of("since", ValueType.DURATION, "only lines not older than this, e.g. 2h"))
                .parameter(Parameter.of("user", ValueType.TEXT, "only of this user"))
                .parameter(Parameter.of("face", ValueType.TEXT, "only by this face").oneOf("cli", "rest", "shell", "web"))
                .parameter(Parameter.of("request", ValueType.TEXT, "only this request, e.g. RQST_COMMAND"))
                .parameter(Parameter.of("id", ValueType.TEXT, "only the request or job with this id"))
                .parameter(Parameter.of("step", ValueType.TEXT, "only lines of this step")
                        .oneOf("asked", "answered", "started", "ended", "refused", Line.SUMMED, Line.TORN, Line.LOST,
                        Line.NOTE))
                .parameter(Parameter.of("decision", ValueType.TEXT, "only what was allowed, or refused")
                        .oneOf(Entries.ALLOWED, Entries.REFUSED))
                .column("seq", ValueType.INTEGER, "number of the line")
                .column("time", ValueType.TIME, "when it was written")
                .column("step", ValueType.TEXT, "asked and answered where it was asked, started and ended where it was executed")
                .column("user", ValueType.TEXT, "who")
                .column(Column.of("roles", ValueType.TEXT, "that the caller had").onlyWide())
                .column("face", ValueType.TEXT, "cli, rest, shell or web")
                .column("source", ValueType.TEXT, "address of the client")
                .column(Column.of("origin", ValueType.TEXT, "node that was asked").onlyWide())
                .column("id", ValueType.TEXT, "of request and job, the same on all nodes")
                .column(Column.of("request_id", ValueType.TEXT, "as the caller gave it").onlyWide())
                .column("request", ValueType.TEXT, "what")
                .column("arguments", ValueType.TEXT, "secrets masked")
                .column("nodes", ValueType.TEXT, "on which nodes")
                .column("decision", ValueType.TEXT, "allowed or refused")
                .column(Column.of("rcode", ValueType.INTEGER, "result, negative for an error").onlyWide())
                .column("result", ValueType.TEXT, "what came of it").build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Head head = trail.flushed();
        Instant since = request.optionalNumber("since").isPresent()
                ? clock.instant().minusMillis(request.optionalNumber("since").getAsLong()) : Instant.MIN;
        Deque<Line> found = new ArrayDeque<>();
        try {
            List<Path> newestFirst = new ArrayList<>(trail.folder().files().values());
            Collections.reverse(newestFirst);
            int last = (int) request.number("last");
            for (Path file : newestFirst) {
                Deque<Line> here = matching(file, head, request, since, last - found.size());
                here.descendingIterator().forEachRemaining(found::addFirst);
                if (found.size() >= last) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, trail.folder().path() + " cannot be read: " + e.getMessage(), e);
        }
        for (Line line : found) {
            row(line, rows);
        }
        return 0;
    }

    /** The newest of one file, at most so many. */
    private static Deque<Line> matching(Path file, Head head, Request request, Instant since, int most)
            throws IOException, InterruptedException {
        Deque<Line> found = new ArrayDeque<>();
        try (Lines lines = new Lines(file)) {
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                if (lines.number() % LOOK_UP == 0 && Thread.interrupted()) {
                    throw new InterruptedException();
                }
                Line.parse(bytes).filter(line -> line.seq() <= head.seq() && matches(line, request,
                        since)).ifPresent(found::addLast);
                if (found.size() > most) {
                    found.removeFirst();
                }
            }
        } catch (NoSuchFileException e) {
            // The oldest files go while others are read.
            return new ArrayDeque<>();
        }
        return found;
    }

    private static boolean matches(Line line, Request request, Instant since) {
        return is(line, Entries.USER, request.optionalText("user"))
                && is(line, Entries.FACE, request.optionalText("face"))
                && is(line, Entries.REQUEST, request.optionalText("request"))
                && is(line, Entries.ID, request.optionalText("id"))
                && is(line, Line.STEP, request.optionalText("step"))
                && is(line, Entries.DECISION, request.optionalText("decision"))
                && (since.equals(Instant.MIN) || time(line).isAfter(since));
    }

    private static boolean is(Line line, String field, Optional<String> wanted) {
        return wanted.isEmpty() || line.field(field).equals(wanted.get());
    }

    private static Instant time(Line line) {
        try {
            return Instant.parse(line.field(Line.TIME));
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static void row(Line line, RowSink rows) throws DvsException {
        String rcode = line.field(Entries.RCODE);
        rows.row(line.seq(), time(line).toEpochMilli(), line.field(Line.STEP), text(line, Entries.USER), text(line,
                Entries.ROLES),
                text(line, Entries.FACE), text(line, Entries.SOURCE), text(line, Entries.ORIGIN), text(line, Entries.ID),
                text(line, Entries.REQUEST_ID), text(line, Entries.REQUEST), text(line, Entries.ARGUMENTS),
                text(line, Entries.NODES), text(line, Entries.DECISION),
                rcode.matches("-?\\d{1,9}") ? Long.valueOf(rcode) : null, text(line, Line.RESULT));
    }

    private static String text(Line line, String field) {
        String text = line.field(field);
        return text.isEmpty() ? null : text;
    }
}
