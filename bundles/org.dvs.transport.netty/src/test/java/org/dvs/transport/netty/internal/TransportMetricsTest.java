package org.dvs.transport.netty.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.dvs.testkit.Measured;
import org.dvs.transport.api.Address;
import org.dvs.transport.api.ConnectOptions;
import org.dvs.transport.api.ListenOptions;
import org.dvs.transport.api.Listener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "the transport's metrics …". */
class TransportMetricsTest {

    @TempDir
    Path folder;

    @Test
    void tellListenersAndConnectionsByProtocol() throws Exception {
        try (Bed bed = new Bed(folder, Bed.Way.TCP)) {
            Map<String, Double> none = Measured.of(new TransportMetrics(bed.transport()));
            assertEquals(0, none.get("dvs_limit_rejections_total{transport_connections}"));
            TestProtocol protocol = new TestProtocol();
            bed.transport().offer(protocol);
            Listener listener = bed.transport().listen("door", "test", Address.tcp("127.0.0.1", 0), ListenOptions.plain());
            bed.transport().connect("out", "test", listener.address(), ConnectOptions.plain()).get(20, TimeUnit.SECONDS);
            await().atMost(20, TimeUnit.SECONDS).until(() -> Measured.of(new TransportMetrics(bed.transport()))
                    .containsKey("dvs_transport_connections{test,in,open}"));
            Map<String, Double> values = Measured.of(new TransportMetrics(bed.transport()));
            assertEquals(1, values.get("dvs_transport_connections{test,in,open}"));
            assertEquals(1, values.get("dvs_transport_connections{test,out,open}"));
            assertEquals(1, values.get("dvs_transport_accepted_total{door}"));
            assertEquals(1, values.get("dvs_transport_listening{door}"));
            assertEquals(0, values.get("dvs_transport_refused_total{door}"));
            assertEquals(0, values.get("dvs_transport_queued_bytes{test}"));
            bed.transport().withdraw(protocol);
            Map<String, Double> without = Measured.of(new TransportMetrics(bed.transport()));
            assertEquals(0, without.get("dvs_transport_listening{door}"));
            assertNull(without.get("dvs_transport_connections{test,in,open}"));
        }
    }
}
