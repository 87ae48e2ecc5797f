package org.dvs.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An endpoint that is told the ends of its calls, beside a kernel by hand; at a real gate the kernel's CallbackTest has it. */
@Tag("R-PXY-08")
@Timeout(60)
class CallbackEndpointTest {
    private static final long LIMIT_MS = 20_000;

    private static Thread reader(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("dvs-client-" + name + "-")).findFirst().orElseThrow();
    }

    @Test
    void hasNoThreadAnyMoreWhenACallCannotBeWritten() throws Exception {
        ScriptedKernel kernel = new ScriptedKernel(new byte[0], 1 << 20);
        CallbackEndpoint self = new CallbackEndpoint(new GateWire(kernel, "the kernel"), 0, 10, "broken", null);
        Thread reader = reader("broken");
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        kernel.breaks();
        List<Integer> ends = new ArrayList<>();
        self.send(11, new Message(), Endpoint.FOREVER, ends::add);
        assertEquals(List.of(ErrorCode.CONNRESET.rcode()), ends);
        reader.join(LIMIT_MS);
        assertFalse(reader.isAlive(), "its thread waits for calls that there cannot be");
    }
}
