package org.dvs.proxy.internal;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.pair.Counters;

/**
 * The pairs in figures. They are the loop's, so it is asked; a loop that is too busy to answer at once leaves out this scrape's
 * values, not the scrape.
 */
final class ProxyMetrics implements MetricSource {
    private static final Metric UP = Metric.gauge("dvs_proxy_up", "1 if the pair is connected, else 0.", "peer");
    private static final Metric FRAMES = Metric.counter("dvs_proxy_frames_total", "Frames with commands.", "peer", "direction");
    private static final Metric COMMANDS = Metric.counter("dvs_proxy_commands_total", "Commands in these frames.", "peer",
            "direction");
    private static final Metric BYTES = Metric.counter("dvs_proxy_bytes_total",
            "Bytes of these frames, as they are on the wire (compressed) and as they would be without compression (raw).", "peer",
            "direction", "stage");
    private static final Metric REJECTED = Metric.counter("dvs_proxy_rejected_frames_total", "Frames that were refused.", "peer",
            "cause");
    private static final Metric ENDED = Metric.counter("dvs_proxy_reconnects_total",
            "Connections that were refused or ended for another cause than a frame, after which the pair connects again.", "peer",
            "cause");
    private static final Metric SESSIONS = Metric.counter("dvs_proxy_sessions_total", "Times that the pair came up.", "peer");
    private static final Metric QUEUE = Metric.gauge("dvs_proxy_queue_bytes", "Bytes that the peer has not taken yet.", "peer");
    private static final Metric UNDER_WAY = Metric.gauge("dvs_proxy_frames_under_way",
            "Frames that were sent and are not known to have arrived.", "peer");
    private static final Metric INTERRUPTED = Metric.counter("dvs_proxy_interrupted_frames_total",
            "Frames that were under way when a connection broke, by what is known of them.", "peer", "outcome");
    private static final Metric ROUND_TRIP = Metric.gauge("dvs_proxy_rtt_seconds",
            "Time from a heartbeat to its answer, smoothed over the last ones.", "peer");
    private static final String IN = "in";
    private static final String OUT = "out";
    private static final String RAW = "raw";
    private static final String COMPRESSED = "compressed";
    /** Label of what came over connections that never said from which node they are. */
    private static final String STRANGERS = "_unknown";
    private static final int PATIENCE_MS = 30;

    /** Faults of a frame; all others are of a connection. */
    private static final Set<Fault> OF_FRAMES = EnumSet.of(Fault.MAGIC, Fault.VERSION, Fault.TYPE, Fault.FLAGS, Fault.LENGTH,
            Fault.CHECK, Fault.DIGEST, Fault.DECOMPRESS, Fault.HELLO, Fault.ORDER, Fault.GAP, Fault.REPEAT,
            Fault.ACKNOWLEDGEMENT);

    private final Proxies proxies;

    private final LoopCalls calls;

    ProxyMetrics(Proxies proxies, LoopCalls calls) {
        this.proxies = proxies;
        this.calls = calls;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(UP, FRAMES, COMMANDS, BYTES, REJECTED, ENDED, SESSIONS, QUEUE, UNDER_WAY, INTERRUPTED, ROUND_TRIP);
    }

    /** One value, taken on the loop. */
    private record Value(Metric metric, double value, String... labels) {
    }

    @Override
    public void read(Sink sink) {
        try {
            calls.get(this::values, PATIENCE_MS).forEach(each -> sink.put(each.metric(), each.value(), each.labels()));
        } catch (DvsException e) {
            // A node that stops has no figures any more.
            if (e.code() != ErrorCode.SHUTDOWN) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }

    private List<Value> values() {
        List<Value> values = new ArrayList<>();
        proxies.peers().values().forEach(peer -> pair(values, peer));
        faults(values, proxies.strangers(), STRANGERS);
        return values;
    }

    private static void pair(List<Value> values, Peer peer) {
        String name = peer.pair().name();
        Counters counters = peer.counters();
        boolean up = peer.link().isUp();
        values.add(new Value(UP, up ? 1 : 0, name));
        values.add(new Value(FRAMES, counters.framesOut, name, OUT));
        values.add(new Value(FRAMES, counters.framesIn, name, IN));
        values.add(new Value(COMMANDS, counters.commandsOut, name, OUT));
        values.add(new Value(COMMANDS, counters.commandsIn, name, IN));
        values.add(new Value(BYTES, counters.rawOut, name, OUT, RAW));
        values.add(new Value(BYTES, counters.bytesOut, name, OUT, COMPRESSED));
        values.add(new Value(BYTES, counters.rawIn, name, IN, RAW));
        values.add(new Value(BYTES, counters.bytesIn, name, IN, COMPRESSED));
        faults(values, counters, name);
        values.add(new Value(SESSIONS, counters.sessions, name));
        values.add(new Value(QUEUE, up ? ((ProxyConnection) peer.link().wire()).connection().queuedBytes() : 0, name));
        values.add(new Value(UNDER_WAY, peer.link().sequences().underWay(), name));
        values.add(new Value(INTERRUPTED, peer.link().sequences().delivered(), name, "delivered"));
        values.add(new Value(INTERRUPTED, peer.link().sequences().failed(), name, "failed"));
        values.add(new Value(INTERRUPTED, peer.link().sequences().unknown(), name, "unknown"));
        if (counters.roundTripNanos > 0) {
            values.add(new Value(ROUND_TRIP, counters.roundTripNanos / 1e9, name));
        }
    }

    private static void faults(List<Value> values, Counters counters, String name) {
        for (Fault fault : Fault.values()) {
            values.add(new Value(OF_FRAMES.contains(fault) ? REJECTED : ENDED, counters.faults(fault), name, fault.word()));
        }
    }
}
