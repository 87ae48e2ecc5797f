package org.dvs.cluster.jgroups.internal.engine;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.dvs.api.DvsException;
import org.dvs.api.security.Identity;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.testkit.Ports;
import org.jgroups.stack.Protocol;

/** Several nodes in one JVM on loopback, with real TLS and real logs. Close it to stop them all. */
final class TestNodes implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    final TestAuthority authority = new TestAuthority("test");
    private final Path folder;
    private final int[] ports;
    private final Map<Integer, Node> nodes = new TreeMap<>();
    private final List<Engine> made = new ArrayList<>();
    private final List<String> founders = new ArrayList<>();

    TestNodes(Path folder, int count) {
        this.folder = folder;
        ports = ports(count + 2);
        for (int id = 0; id < count; id++) {
            founders.add("node" + id);
        }
    }

    /** A node and what it heard. */
    static final class Node implements Receiver {
        final Engine engine;
        final int port;
        final List<ViewEvent> events = new CopyOnWriteArrayList<>();
        /** Multicasts and views, as text, in order. */
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<Delivery> directs = new CopyOnWriteArrayList<>();
        Channel channel;
        private volatile long lastView;

        Node(Engine engine, int port) {
            this.engine = engine;
            this.port = port;
            engine.addListener(events::add);
        }

        @Override
        public void multicast(Delivery delivery) {
            heard.add(delivery.source() + ":" + new String(delivery.payload(), StandardCharsets.UTF_8));
        }

        @Override
        public void direct(Delivery delivery) {
            directs.add(delivery);
        }

        @Override
        public void view(View view) {
            // A view that gains or loses its majority is told again, at a moment of each node's own.
            if (view.id() == lastView) {
                return;
            }
            lastView = view.id();
            heard.add("view " + view.members().stream().map(member -> Integer.toString(member.id())).toList());
        }

        /** As if it had heard nothing yet. */
        void forget() {
            heard.clear();
            lastView = 0;
        }

        /** Whether the events of its view have been told: they come a moment after it, on a thread of their own. */
        boolean hasHeardOfItsView() {
            List<Member> told = events.isEmpty() ? List.of(engine.local()) : events.get(events.size() - 1).after().members();
            return told.equals(engine.view().members());
        }

        void say(String text) throws DvsException {
            channel.multicast(text.getBytes(StandardCharsets.UTF_8));
        }

        List<String> messages() {
            return heard.stream().filter(line -> !line.startsWith("view")).toList();
        }

        String ids() {
            return engine.view().members().stream().map(member -> Integer.toString(member.id())).toList().toString();
        }

        /** Kinds of events since the given number of them, with those who changed: {@code JOIN[1]}. */
        List<String> kinds(int from) {
            return events.stream().skip(from)
                    .map(event -> event.kind() + event.changed().stream().map(member -> Integer.toString(member.id())).toList()
                            .toString())
                    .toList();
        }
    }

    private static int[] ports(int count) {
        try {
            int first = Ports.row(count);
            return IntStream.range(first, first + count).toArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> founders() {
        return founders;
    }

    int port(int id) {
        return ports[id];
    }

    Settings settings(int id, List<String> bootstrap) {
        return settings(id, bootstrap, 15_000);
    }

    /** Of a node that is to be refused, and to say so soon. */
    Settings impatient(int id) {
        return impatient(id, List.of());
    }

    Settings impatient(int id, List<String> bootstrap) {
        return settings(id, bootstrap, 500);
    }

    private Settings settings(int id, List<String> bootstrap, long joinTimeoutMs) {
        List<InetSocketAddress> seeds = Arrays.stream(ports).limit(founders.size())
                .mapToObj(port -> new InetSocketAddress(LOOPBACK, port)).toList();
        // A suspect goes after 600 ms: each node has noticed by then, were it stopped for half a second, that a link has broken.
        return new Settings(LOOPBACK, ports[id], seeds, bootstrap, folder.resolve("log" + id), 1_500, 600, 300, 900,
                joinTimeoutMs, 8_192, 16 << 20);
    }

    Node make(int id) {
        return make(id, authority.node(id), settings(id, founders), UnaryOperator.identity());
    }

    Node make(int id, Identity identity, Settings settings, UnaryOperator<List<Protocol>> change) {
        Node node = new Node(new Engine(settings, identity, () -> 0, change), settings.bindPort());
        nodes.put(id, node);
        made.add(node.engine);
        try {
            node.channel = node.engine.open("test", node);
        } catch (DvsException e) {
            throw new IllegalStateException(e);
        }
        return node;
    }

    Node start(int id) {
        Node node = make(id);
        node.engine.start();
        return node;
    }

    /** All founders, at the same time, joined. */
    List<Node> startAll() throws Exception {
        for (int id = 0; id < founders.size(); id++) {
            make(id);
        }
        List<Node> all = List.copyOf(nodes.values());
        join(all);
        return all;
    }

    /** Starts them at the same time, until all have joined. */
    static void join(List<Node> all) throws Exception {
        all.forEach(node -> node.engine.start());
        for (Node node : all) {
            node.engine.joined().get(60, TimeUnit.SECONDS);
        }
        together(all);
    }

    /** Until all have the view of all, and have been told its events. */
    static void together(List<Node> all) {
        String ids = all.stream().map(node -> node.engine.local().id()).sorted().map(String::valueOf).toList().toString();
        await().atMost(LONG).pollInterval(Duration.ofMillis(5))
                .until(() -> all.stream().allMatch(node -> node.ids().equals(ids) && node.engine.view().primary()
                        && node.hasHeardOfItsView()));
    }

    /** As when its process is killed: connections break, nobody says good-bye. */
    static void kill(Node node) throws IOException {
        node.engine.crash();
    }

    @Override
    public void close() {
        made.parallelStream().forEach(Engine::close);
    }
}
