package org.dvs.agent.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.RequestHandler;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.api.ProxyLinks;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.api.NodeIds;
import org.dvs.testkit.Asked;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The requests of the family PROXY ... */
@Tag("R-CMD-13")
class ProxyHandlersTest {

    /** Pair 2 is up; each look finds 10 commands more. */
    private static final class Recorder implements ProxyLinks {
        private final List<String> calls = new ArrayList<>();
        private long commands;

        @Override
        public CompletableFuture<List<ProxyLink>> links() {
            commands += 10;
            return CompletableFuture.completedFuture(List.of(new ProxyLink(2, "node2", "up", "127.0.0.1:1", "batch",
                    "digest differs",
                    "lost", commands / 2, commands, 100, 200, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                    new TreeMap<>(Map.of("gap", 8L, "silent", 3L, "unsent", 2L)), 14, 15)));
        }

        @Override
        public CompletableFuture<SortedMap<String, Long>> strangers() {
            return CompletableFuture.completedFuture(new TreeMap<>(Map.of("handshake", 4L)));
        }

        private void call(String what, int id) throws DvsException {
            if (id != 2) {
                throw new DvsException(ErrorCode.BADPROXY, "no proxy pair " + id);
            }
            calls.add(what);
        }

        @Override
        public void drain(int proxyId) throws DvsException {
            call("drain", proxyId);
        }

        @Override
        public void disconnect(int proxyId) throws DvsException {
            call("disconnect", proxyId);
        }

        @Override
        public void connect(int proxyId) throws DvsException {
            call("connect", proxyId);
        }
    }

    private final Recorder proxies = new Recorder();
    private final RecordingKernel kernel = new RecordingKernel();
    private final LocalKernel local = new LocalKernel() {
        @Override
        public Kernel get() {
            return kernel;
        }

        @Override
        public CompletableFuture<Void> align() {
            return CompletableFuture.completedFuture(null);
        }
    };
    private final NodeIds ids = new NodeIds() {
        @Override
        public int id(String nameOrId) {
            return Integer.parseInt(nameOrId.replace("node", ""));
        }

        @Override
        public String name(int id) {
            return "node" + id;
        }

        @Override
        public List<String> names() {
            return List.of("node0", "node2");
        }
    };

    @BeforeEach
    void twoPairs() throws DvsException {
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        kernel.pair(2);
        kernel.pair(3);
        kernel.nodeUp("node2", 2, 2);
        kernel.addNode(0, 2);
    }

    private static ErrorCode refused(RequestHandler handler, String... values) {
        return assertThrows(DvsException.class, () -> Asked.of(handler, values)).code();
    }

    @Test
    @Tag("R-PXY-13")
    void listShowsEveryPairAndHowItIsConnected() throws Exception {
        Asked list = Asked.of(new ProxyListHandler(local, proxies));
        assertEquals(List.of("pair2", "pair3"), list.column("name"));
        assertEquals(List.of("up", "none"), list.column("state"));
        assertEquals(Arrays.asList(10L, 0L), list.column("sent"));
        assertEquals(List.of("1", "1"), list.column("flags"));
    }

    @Test
    void infoShowsSenderAndReceiver() throws Exception {
        Asked info = Asked.of(new ProxyInfoHandler(local, proxies), "proxy", "2");
        assertEquals(List.of("sender", "receiver"), info.column("role"));
        assertEquals(Arrays.asList(10L, 4L), info.column("commands"));
        assertEquals(Arrays.asList(0L, 11L), info.column("refused"));
        assertEquals(Arrays.asList(9L, 0L), info.column("failed"));
        assertEquals(List.of("unsent 2", "gap 8, silent 3"), info.column("faults"));
        assertEquals(ErrorCode.NOPROXY, refused(new ProxyInfoHandler(local, proxies), "proxy", "3"));
        assertEquals(ErrorCode.PROXYFREE, refused(new ProxyInfoHandler(local, proxies), "proxy", "4"));
        assertEquals(ErrorCode.BADRANGE, refused(new ProxyInfoHandler(local, proxies), "proxy", "-1"));
    }

    @Test
    void statusShowsTheKernelsRecordAndTheConnection() throws Exception {
        Asked status = Asked.of(new ProxyStatusHandler(local, proxies), "proxy", "2");
        assertEquals("up", status.row().get("state"));
        assertEquals(65_536L, status.row().get("maxbytes"));
        assertEquals("digest differs", status.row().get("differences"));
        assertEquals(13L, status.row().get("faults"));
        assertEquals("none", Asked.of(new ProxyStatusHandler(local, proxies), "proxy", "3").row().get("state"));
    }

    @Test
    void faultsShowsThemByNameAndThoseOfStrangersToo() throws Exception {
        Asked faults = Asked.of(new ProxyFaultsHandler(proxies));
        assertEquals(List.of("2", "2", "2", "none"), faults.column("proxy"));
        assertEquals(List.of("gap", "silent", "unsent", "handshake"), faults.column("fault"));
        assertEquals(Arrays.asList(8L, 3L, 2L, 4L), faults.column("count"));
    }

    @Test
    void watchShowsWhatIsCarriedMeanwhile() throws Exception {
        Asked rates = Asked.of(new ProxyWatchHandler(proxies), "period", "100ms");
        assertEquals(2.0, rates.row().get("batch"));
        assertTrue((long) rates.row().get("sent_s") > 0);
        assertEquals(0L, rates.row().get("received_s"));
        assertEquals(1.0, rates.row().get("packed"));
    }

    @Test
    void watchRefusesAPeriodThatEndsBehindTheDeadline() {
        DvsException late = assertThrows(DvsException.class,
                () -> Asked.of(new ProxyWatchHandler(proxies), "request-1", Duration.ofSeconds(5), "period", "10s"));
        assertEquals(ErrorCode.INVAL, late.code());
        assertTrue(late.getMessage().startsWith("two looks take 10s, but the deadline is in "), late.getMessage());
    }

    @Test
    void drainDisconnectAndConnectPassOnThePair() throws Exception {
        assertEquals(0, Asked.of(new ProxyDrainHandler(proxies), "proxy", "2").rcode());
        assertEquals(0, Asked.of(new ProxyDisconnectHandler(proxies), "proxy", "2").rcode());
        assertEquals(0, Asked.of(new ProxyConnectHandler(proxies), "proxy", "2").rcode());
        assertEquals(List.of("drain", "disconnect", "connect"), proxies.calls);
        assertEquals(ErrorCode.BADPROXY, refused(new ProxyDrainHandler(proxies), "proxy", "3"));
        assertTrue(new ProxyDrainHandler(proxies).spec().changes());
        assertFalse(new ProxyWatchHandler(proxies).spec().changes());
    }

    @Test
    void pairsAreSuggestedById() {
        for (RequestHandler handler : List.of(new ProxyInfoHandler(local, proxies), new ProxyStatusHandler(local, proxies),
                new ProxyDrainHandler(proxies), new ProxyDisconnectHandler(proxies), new ProxyConnectHandler(proxies))) {
            assertEquals(List.of("2"), handler.suggest(handler.spec().parameter("proxy").orElseThrow(), ""));
        }
    }

    @Test
    void bindTellsTheKernelWhereAProgramLives() throws Exception {
        List<Object> bound = new ArrayList<>();
        Kernel recording = (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class},
                (proxy, method, arguments) -> {
                    assertEquals("rmtbind", method.getName());
                    bound.addAll(Arrays.asList(arguments));
                    return arguments[1];
                });
        ProxyBindHandler bind = new ProxyBindHandler(new LocalKernel() {
            @Override
            public Kernel get() {
                return recording;
            }

            @Override
            public CompletableFuture<Void> align() {
                return CompletableFuture.completedFuture(null);
            }
        }, ids);
        assertEquals(30, Asked.of(bind, "dcid", "0", "endpoint", "30", "node", "node2").rcode());
        assertEquals(0, Asked.of(bind, "dcid", "0", "endpoint", "-3", "node", "2", "name", "task").rcode());
        assertEquals(List.of(0, 30, "remote", 2, 0, -3, "task", 2), bound);
        assertEquals(List.of("node0", "node2"), bind.suggest(bind.spec().parameter("node").orElseThrow(), ""));
    }
}
