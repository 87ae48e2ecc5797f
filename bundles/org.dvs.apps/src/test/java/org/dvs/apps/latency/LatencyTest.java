package org.dvs.apps.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Request;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names finish the sentence "latency …". */
@Timeout(60)
@Tag("R-PXY-14")
class LatencyTest {
    private final KernelCore kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> () -> { }, Runnable::run,
            (int) ProcessHandle.current().pid());
    private final LatencyHandler handler = new LatencyHandler(kernel);

    @BeforeEach
    void start() throws DvsException {
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
    }

    private List<Object[]> ask(Map<String, Object> values) throws DvsException {
        return ask(values, Duration.ofSeconds(30));
    }

    private List<Object[]> ask(Map<String, Object> values, Duration within) throws DvsException {
        Request request = new Request(handler.spec(), handler.spec().complete(values),
                new Caller("eva", Set.of(Role.OPERATOR), "cli", "local"), "1", System::nanoTime,
                System.nanoTime() + within.toNanos());
        List<Object[]> rows = new ArrayList<>();
        handler.handle(request, rows::add);
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"handler", "thread"})
    void countsRoundTripsInTheContainerAndLeavesNobodyBound(String style) throws Exception {
        Object[] row = ask(new HashMap<>(Map.of("dcid", 0L, "style", style, "loops", 200L))).get(0);
        assertEquals(200, row[0]);
        for (int column = 1; column < 4; column++) {
            assertTrue((double) row[column] > 0 && (double) row[column] <= (double) row[column + 1], "column " + column);
        }
        assertTrue((long) row[5] > 0);
        assertTrue(kernel.processes(0).isEmpty());
    }

    @Test
    void measuresFewerRoundTripsWhenItsTimeIsOverAndShowsThose() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        DvsHandler slow = (message, self) -> {
            asked.incrementAndGet();
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            self.reply(message.source(), message);
        };
        kernel.bindHandler(0, 2, "slow", slow);
        Object[] row = ask(new HashMap<>(Map.of("dcid", 0L, "style", "bound")), Duration.ofSeconds(1)).get(0);
        assertTrue((int) row[0] > 0 && (int) row[0] < 200, "in 0.8 s: " + row[0]);
        assertEquals(Latency.WARM_UP + (int) row[0], asked.get());
    }

    @Test
    void tellsWhatItHasMeasuredWhenARoundTripFails() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        kernel.bindHandler(0, 2, "tired", (message, self) -> {
            if (asked.incrementAndGet() <= Latency.WARM_UP + 3) {
                self.reply(message.source(), message);
            } else {
                self.close();
            }
        });
        DvsException failure = assertThrows(DvsException.class, () -> ask(Map.of("dcid", 0L, "style", "bound")));
        assertEquals(ErrorCode.SRCDIED, failure.code());
        assertTrue(failure.getMessage().contains("; until then 3 round trips: min "), failure.getMessage());
    }

    @Test
    void takesNoOtherProgramsWordForAnAnswer() throws Exception {
        kernel.bindHandler(0, 2, "other", (message, self) -> self.reply(message.source(), message.type(-36)));
        DvsException failure = assertThrows(DvsException.class, () -> ask(Map.of("dcid", 0L, "style", "bound")));
        assertEquals(ErrorCode.BADSRCDST, failure.code());
        assertEquals("another program serves at 2, not latency: its answer to request 0 has type -36, not 1",
                failure.getMessage());
    }

    @Test
    void saysWhatIsWrong() {
        assertEquals(ErrorCode.DCNOTRUN, assertThrows(DvsException.class, () -> ask(Map.of("dcid", 7L))).code());
        assertEquals(ErrorCode.SLOTUSED, assertThrows(DvsException.class, () -> ask(Map.of("dcid", 0L, "client", 2L))).code());
        assertEquals(ErrorCode.DEADSRCDST, assertThrows(DvsException.class, () -> ask(Map.of("dcid", 0L, "style", "bound"))).code());
        assertEquals(ErrorCode.BADRANGE, assertThrows(DvsException.class, () -> ask(Map.of("dcid", 0L, "loops", 0L))).code());
    }

    /** A user endpoint can be bound, but its program may not receive: its client would wait for all its time. */
    @ParameterizedTest
    @ValueSource(strings = {"handler", "thread"})
    void refusesAServerThatCouldNotReceive(String style) throws Exception {
        int users = DvsParameters.DEFAULT.nrSysprocs() - DvsParameters.DEFAULT.nrTasks();
        DvsException refused = assertThrows(DvsException.class,
                () -> ask(Map.of("dcid", 0L, "style", style, "server", (long) users)));
        assertEquals(ErrorCode.BADCALL, refused.code());
        assertEquals("--server 29: a server needs an endpoint of a system process, in dc0 one below 29", refused.getMessage());
        assertTrue(kernel.processes(0).isEmpty());
        assertEquals(1, ask(Map.of("dcid", 0L, "style", style, "server", users - 1L, "loops", 1L)).size());
    }

    /** Nobody answers, and each call takes all the time that it may. */
    @ParameterizedTest
    @ValueSource(longs = {1_000, 3_000})
    void waitsForNothingMuchLongerThanItsRunMayTake(long runMs) {
        List<Long> waits = new ArrayList<>();
        Endpoint silent = (Endpoint) Proxy.newProxyInstance(Endpoint.class.getClassLoader(), new Class<?>[] {Endpoint.class},
                (proxy, method, arguments) -> {
                    waits.add((Long) arguments[arguments.length - 1]);
                    throw new IpcException(ErrorCode.TIMEDOUT, method.getName());
                });
        assertEquals("sendrec", assertThrows(IpcException.class, () -> Main.ask(silent, 2, 1, runMs)).getMessage());
        assertEquals(2, waits.size());
        assertEquals(runMs, waits.get(0));
        assertTrue(waits.get(1) <= runMs + 1_000, "waits " + waits.get(1) + " ms for an answer");
    }

    @ParameterizedTest
    @CsvSource({"'', 2", "server, 2", "server 0 x, 2", "client 0 1 2 0, 2", "client 0 1 2 --seconds 0, 2",
        "server 0 30 --seconds 1, 2", "client 0 1 2 --seconds=5, 5",
        "client 0 1 2, 5", "--help, 0"})
    void answersWordsThatItCannotUseWithAnExitCode(String words, int code, @TempDir Path folder) {
        List<String> arguments = new ArrayList<>(List.of("--socket", folder.resolve("none").toString()));
        arguments.addAll(List.of(words.split(" ")));
        arguments.removeIf(String::isEmpty);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertEquals(code, Main.run(arguments.toArray(String[]::new), stream, stream));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains(code == 5 ? "DVS-NET-0059" : "Usage"), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void countsByTheOrderOfItsSamples() {
        long[] samples = new long[100];
        for (int i = 0; i < samples.length; i++) {
            samples[samples.length - 1 - i] = (i + 1) * 1000L;
        }
        Figures figures = Figures.of(samples, 1_000_000);
        assertEquals(List.of(1000L, 51_000L, 100_000L, 100_000L),
                List.of(figures.minNs(), figures.medianNs(), figures.p99Ns(), figures.maxNs()));
        assertEquals("100 round trips: min 1.0 us, median 51.0 us, p99 100.0 us, max 100.0 us, 100000 round trips/s, 200000 messages/s",
                figures.toString());
    }
}
