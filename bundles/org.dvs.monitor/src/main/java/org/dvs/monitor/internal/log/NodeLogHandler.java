package org.dvs.monitor.internal.log;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

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

/** {@code node log}: the newest events of a node's log, and those that come. */
@Component
public final class NodeLogHandler implements RequestHandler {
    /** Each holds a worker of the dispatcher, which others need too. */
    private static final int FOLLOWERS = 4;
    private static final RequestSpec SPEC = RequestSpec.named("RQST_NODELOG").command("node log")
            .help("Shows the newest events of each node's log, and with --count those that come").role(Role.OPERATOR)
            .parameter(Parameter.of("lines", ValueType.INTEGER, "newest events to begin with").range(0, LogRing.LINES)
                    .byDefault(200L))
            .parameter(Parameter.of("level", ValueType.TEXT, "only events that matter as much")
                    .oneOf("DEBUG", "INFO", "WARN", "ERROR").byDefault("DEBUG"))
            .parameter(Parameter.of("has", ValueType.TEXT, "only events with this in logger or message"))
            .parameter(Parameter.of("interval", ValueType.DURATION, "from one look to the next")
                    .range(100, 60_000).byDefault(1_000L))
            .parameter(Parameter.of("count", ValueType.INTEGER, "looks; 1 shows what is there").range(1, 100_000).byDefault(1L))
            .column("number", ValueType.INTEGER, "grows with each event")
            .column("time", ValueType.TIME, "when it happened")
            .column("level", ValueType.TEXT, "DEBUG, INFO, WARN or ERROR")
            .column("logger", ValueType.TEXT, "who says so")
            .column("thread", ValueType.TEXT, "on which thread")
            .column("message", ValueType.TEXT, "what happened")
            .column("trace", ValueType.TEXT, "of what was thrown").streams().build();

    private final LogRing ring;
    private final Semaphore followers = new Semaphore(FOLLOWERS);

    @Activate
    public NodeLogHandler(@Reference LogTap tap) {
        this(tap.ring());
    }

    NodeLogHandler(LogRing ring) {
        this.ring = ring;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        long count = request.number("count");
        if (count > 1 && !followers.tryAcquire()) {
            throw new DvsException(ErrorCode.AGAIN, FOLLOWERS + " follow this node's log already");
        }
        try {
            int lines = (int) request.number("lines");
            long seen = put(ring.after(0, LogRing.LINES), lines, 0, request, rows);
            for (long look = 1; look < count; look++) {
                rows.flush();
                // Nobody counts it down: this ends at the interval, or when the request is called off.
                new CountDownLatch(1).await(request.number("interval"), TimeUnit.MILLISECONDS);
                seen = put(ring.after(seen, LogRing.LINES), LogRing.LINES, seen, request, rows);
            }
        } finally {
            if (count > 1) {
                followers.release();
            }
        }
        return 0;
    }

    /** @return number of the newest that was looked at */
    private static long put(List<LogLine> found, int most, long seen, Request request, RowSink rows) throws DvsException {
        List<LogLine> wanted = found.stream().filter(line -> line.isAtLeast(request.text("level"))
                && request.optionalText("has").map(part -> line.message().contains(part) || line.logger().contains(part))
                        .orElse(true)).toList();
        for (LogLine line : wanted.subList(Math.max(0, wanted.size() - most), wanted.size())) {
            rows.row(line.number(), line.time(), line.level(), line.logger(), line.thread(), line.message(),
                    line.trace().isEmpty() ? null : line.trace());
        }
        return found.isEmpty() ? seen : found.get(found.size() - 1).number();
    }
}
