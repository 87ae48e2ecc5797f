package org.dvs.transport.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Limits … */
class LimitsTest {

    @Test
    void areCheckedAndNameTheValueAtFault() {
        Limits limits = Limits.DEFAULT;
        List<Executable> wrong = List.of(() -> limits.frameBytes(0), () -> limits.frameBytes((1 << 30) + 1),
                () -> limits.queuedBytes(1, limits.maxFrameBytes() - 1), () -> limits.queuedBytes(limits.maxQueuedBytes() + 1,
                        limits.maxQueuedBytes()), () -> limits.readMs(0), () -> limits.writeMs(0), () -> limits.parkMs(0),
                () -> limits.idleMs(-1), () -> limits.firstFrameMs(-1));
        for (Executable each : wrong) {
            assertTrue(assertThrows(IllegalArgumentException.class, each).getMessage().contains(" is "));
        }
    }

    @Test
    void changeOneValueAndKeepTheOthers() {
        Limits changed = Limits.DEFAULT.frameBytes(8 << 20).idleMs(0).firstFrameMs(1).readMs(2).writeMs(3).parkMs(4);
        assertEquals(new Limits(8 << 20, 8 << 20, 256 << 10, 64 << 10, 5_000, 1, 2, 3, 0, 4), changed);
        assertEquals(7, Limits.DEFAULT.queuedBytes(7, 9 << 20).highQueuedBytes());
        assertEquals(9 << 20, Limits.DEFAULT.queuedBytes(7, 9 << 20).maxQueuedBytes());
    }

    @Test
    void ofAnAddressAreThoseOfAPortAndItsTextIsPlain() {
        assertThrows(IllegalArgumentException.class, () -> Address.tcp("h", 65_536));
        assertThrows(IllegalArgumentException.class, () -> Address.tcp("h", -1));
        assertEquals("tcp:[::1]:80", Address.tcp("::1", 80).toString());
        assertEquals("unix:/run/k", Address.unix(Path.of("/run/k")).toString());
    }

    @Test
    void ofOptionsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> ConnectOptions.plain().connectMs(0));
        assertThrows(IllegalArgumentException.class, () -> ListenOptions.plain().mode(01000));
        assertThrows(IllegalArgumentException.class, () -> ListenOptions.plain().maxConnections(-1));
    }
}
