package org.dvs.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.cli.api.Invocation;
import org.dvs.testkit.RecordedAudit;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

/** "The component …" */
class CliComponentTest {
    private final FakeCatalogue catalogue = new FakeCatalogue(Specs.ALL);
    private final FakeDispatcher dispatcher = new FakeDispatcher(catalogue).never();
    private final CliComponent component = new CliComponent(dispatcher, catalogue, new FakeDirectory(), new RecordedAudit(), context());

    private static BundleContext context() {
        Bundle bundle = one(Bundle.class, "getVersion", new Version("1.2.3"));
        return one(BundleContext.class, "getBundle", bundle);
    }

    /** An object of which only one method may be called. */
    private static <T> T one(Class<T> type, String method, Object result) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
            assertEquals(method, called.getName());
            return result;
        }));
    }

    private static Invocation typed(String line) {
        return new Invocation(List.of(line.split(" ")), Answers.OPERATOR, false, 0, false);
    }

    @Test
    void endsCommandsUnderWayWhenTheBundleStops() throws Exception {
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> {
            try {
                return component.run(typed("host df -a -t 1h"), new Recorder());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        component.stop();
        assertEquals(130, code.get(20, TimeUnit.SECONDS));
        assertEquals(List.of("node0-1-1"), dispatcher.cancelled);
    }

    @Test
    void knowsItsVersionAndCompletes() throws InterruptedException {
        Recorder recorder = new Recorder();
        assertEquals(0, component.run(typed("version -o csv --no-headers --columns version"), recorder));
        assertEquals("1.2.3", recorder.text());
        assertEquals(List.of("df"), component.complete(List.of("host", "d")));
    }
}
