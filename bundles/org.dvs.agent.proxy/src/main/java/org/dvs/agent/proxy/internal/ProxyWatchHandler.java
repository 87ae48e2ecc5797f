package org.dvs.agent.proxy.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.api.ProxyLinks;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proxy watch}: how much each pair carries now, from two looks. With {@code --watch} again and again. */
@Component
public final class ProxyWatchHandler implements RequestHandler {
    private static final long LEAST_MS = 100;
    private static final long MOST_MS = 60_000;
    private static final Parameter PERIOD = Parameter.of("period", ValueType.DURATION, "time between the two looks")
            .range(LEAST_MS, MOST_MS).byDefault(1_000L);

    private final ProxyLinks proxies;

    @Activate
    public ProxyWatchHandler(@Reference ProxyLinks proxies) {
        this.proxies = proxies;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_PROXYRATES").command("proxy watch")
                .help("Shows how much each proxy pair carries at the moment, and how long an answer takes").parameter(PERIOD)
                .column("proxy", ValueType.INTEGER, "id of the pair")
                .column("state", ValueType.TEXT, "down, dialing, greeting, up, drained")
                .column("sent_s", ValueType.INTEGER, "commands sent a second")
                .column("received_s", ValueType.INTEGER, "commands received a second")
                .column("bytes_out_s", ValueType.SIZE, "bytes sent a second, on the wire")
                .column("bytes_in_s", ValueType.SIZE, "bytes received a second, on the wire")
                .column("batch", ValueType.DECIMAL, "commands in a frame sent; 0 if none was")
                .column("packed", ValueType.DECIMAL, "bytes sent as part of what they would be uncompressed; 1 if none were")
                .column("rtt_us", ValueType.INTEGER, "microseconds of a frame and its answer; 0 before the first")
                .manyRows().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        long period = request.number("period");
        request.needs(Duration.ofMillis(period), "two looks");
        Map<Integer, ProxyLink> before = new HashMap<>();
        long begin = System.nanoTime();
        Links.all(proxies, request).forEach(link -> before.put(link.proxyId(), link));
        // Nobody counts it down: the wait ends with the period, or with the request.
        new CountDownLatch(1).await(period, TimeUnit.MILLISECONDS);
        List<ProxyLink> now = Links.all(proxies, request);
        double seconds = (System.nanoTime() - begin) / 1e9;
        for (ProxyLink link : now) {
            ProxyLink was = before.getOrDefault(link.proxyId(), link);
            long frames = link.framesOut() - was.framesOut();
            long raw = link.rawOut() - was.rawOut();
            rows.row(link.proxyId(), link.state(), rate(link.commandsOut() - was.commandsOut(), seconds),
                    rate(link.commandsIn() - was.commandsIn(), seconds), rate(link.bytesOut() - was.bytesOut(), seconds),
                    rate(link.bytesIn() - was.bytesIn(), seconds),
                    frames <= 0 ? 0.0 : (double) (link.commandsOut() - was.commandsOut()) / frames,
                    raw <= 0 ? 1.0 : (double) (link.bytesOut() - was.bytesOut()) / raw, link.roundTripMicros());
        }
        return 0;
    }

    /** A pair that was made anew meanwhile begins at 0. */
    private static long rate(long count, double seconds) {
        return Math.max(0, Math.round(count / seconds));
    }
}
