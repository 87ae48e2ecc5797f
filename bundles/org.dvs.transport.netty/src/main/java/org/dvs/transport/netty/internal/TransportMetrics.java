package org.dvs.transport.netty.internal;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.api.metrics.CommonMetrics;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.transport.api.ConnectionInfo;
import org.dvs.transport.api.ListenerInfo;
import org.dvs.transport.api.Transport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Listeners and connections. Their number has a limit, that of protocols and listeners is the bundles'. */
@Component
public final class TransportMetrics implements MetricSource {
    private static final Metric CONNECTIONS = Metric.gauge("dvs_transport_connections",
            "Connections by protocol, who opened them (in: the other side), and whether "
            + "the protocol's bundle is there (else parked).",
            "service", "direction", "state");
    private static final Metric QUEUED = Metric.gauge("dvs_transport_queued_bytes",
            "Bytes written and not yet taken by the system, by protocol.", "service");
    private static final Metric SERVING = Metric.gauge("dvs_transport_listening",
            "1 if the listener accepts connections, 0 if its protocol's bundle is not there, by listener.", "service");
    private static final Metric ACCEPTED = Metric.counter("dvs_transport_accepted_total", "Connections accepted, by listener.",
            "service");
    private static final Metric REFUSED = Metric.counter("dvs_transport_refused_total",
            "Connections closed because TLS failed or the protocol refused them, by listener.", "service");

    private final Transport transport;

    @Activate
    public TransportMetrics(@Reference Transport transport) {
        this.transport = transport;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(CONNECTIONS, QUEUED, SERVING, ACCEPTED, REFUSED, CommonMetrics.LIMIT_REJECTIONS);
    }

    /** Which connections have a number together. */
    private record Kind(String protocol, boolean outgoing, boolean parked) implements Comparable<Kind> {
        @Override
        public int compareTo(Kind other) {
            return toString().compareTo(other.toString());
        }
    }

    @Override
    public void read(Sink sink) {
        SortedMap<Kind, Integer> counts = new TreeMap<>();
        SortedMap<String, Long> queued = new TreeMap<>();
        for (ConnectionInfo connection : transport.connections()) {
            counts.merge(new Kind(connection.protocol(), connection.outgoing(), connection.parked()), 1, Integer::sum);
            queued.merge(connection.protocol(), connection.queuedBytes(), Long::sum);
        }
        counts.forEach((kind, count) -> sink.put(CONNECTIONS, count, kind.protocol(), kind.outgoing() ? "out" : "in",
                kind.parked() ? "parked" : "open"));
        queued.forEach((protocol, bytes) -> sink.put(QUEUED, bytes, protocol));
        long overLimit = 0;
        long overAddressLimit = 0;
        for (ListenerInfo listener : transport.listeners()) {
            sink.put(SERVING, listener.serving() ? 1 : 0, listener.name());
            sink.put(ACCEPTED, listener.accepted(), listener.name());
            sink.put(REFUSED, listener.refused(), listener.name());
            overLimit += listener.overLimit();
            overAddressLimit += listener.overAddressLimit();
        }
        sink.put(CommonMetrics.LIMIT_REJECTIONS, overLimit, "transport_connections");
        sink.put(CommonMetrics.LIMIT_REJECTIONS, overAddressLimit, "transport_connections_per_address");
    }
}
