package org.dvs.transport.netty.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.dvs.transport.api.Listener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection, whichever way it goes, … */
@Tag("R-PXY-01")
@ExtendWith(LeakCheck.class)
@Timeout(60)
class EchoTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Bed.Way.class)
    void bringsFramesOfEverySizeBackUnchanged(Bed.Way way) throws Exception {
        TestProtocol protocol = new TestProtocol();
        try (Bed bed = new Bed(folder, way)) {
            Listener listener = bed.serve(way, protocol);
            try (Client client = Client.to(way, listener.address())) {
                for (int size : new int[] {1, 2, 63, 64, 4_096, 65_535, 65_536, 65_537, 1 << 20}) {
                    byte[] body = Client.bytes(size, size);
                    assertArrayEquals(body, client.frame(body).receive(), size + " bytes");
                }
            }
            Awaitility.await().atMost(Bed.WAIT_MS, TimeUnit.MILLISECONDS).until(() -> !protocol.closed.isEmpty());
            assertEquals("PEER", protocol.closed.peek());
            assertTrue(bed.transport().connections().isEmpty());
        }
    }
}
