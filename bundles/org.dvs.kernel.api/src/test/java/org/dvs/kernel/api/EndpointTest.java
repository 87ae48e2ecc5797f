package org.dvs.kernel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer and the next request in one call, of an endpoint that has the two only. */
@Tag("R-CMD-14")
class EndpointTest {
    private final List<Long> times = new ArrayList<>();

    /** @param replyMs that an answer takes at least */
    private Endpoint endpoint(long replyMs) {
        return (Endpoint) Proxy.newProxyInstance(Endpoint.class.getClassLoader(), new Class<?>[] {Endpoint.class},
                (proxy, method, arguments) -> {
                    if (method.isDefault()) {
                        return InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    times.add((Long) arguments[arguments.length - 1]);
                    if (method.getName().equals("reply")) {
                        awaits(replyMs);
                    }
                    return null;
                });
    }

    private static void awaits(long ms) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(ms)) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Endpoint.NOWAIT, Endpoint.FOREVER})
    void bothWaitAsLongAsTheyAreToldTo(long timeoutMs) throws IpcException {
        endpoint(0).replyRcvrqst(10, new Message(), timeoutMs);
        assertEquals(List.of(timeoutMs, timeoutMs), times);
    }

    @Test
    void whatHasWaitedIsNotAskedNotToWaitAtTheEnd() throws IpcException {
        endpoint(6).replyRcvrqst(10, new Message(), 5);
        assertEquals(List.of(5L, 1L), times);
    }
}
