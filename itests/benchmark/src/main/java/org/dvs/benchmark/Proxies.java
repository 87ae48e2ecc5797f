package org.dvs.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.dvs.kernel.api.Message;
import org.dvs.testkit.Ports;

/**
 * Two nodes as two processes on loopback, without TLS, beside JeroMQ, libzmq and plain Netty: round trips from endpoint to
 * endpoint, messages and blocks one way. Measured in turns, so that what else the machine does hits all; round trips also with
 * both ends on one processor, where neither can wait busily.
 */
final class Proxies {
    private static final int SMALL = 64;
    private static final int BLOCK = 64 << 10;
    private static final String OPTIONS = "batch YES; autobind YES; sequence YES;";
    private static final double MICRO = 1e3;

    private final int turns;
    private final int rounds;
    private final int trips;
    private final int messages;
    private final int blocks;
    private final Optional<List<String>> libZmq;

    private Proxies(int turns, int rounds, int trips, int messages, int blocks, Optional<List<String>> libZmq) {
        this.turns = turns;
        this.rounds = rounds;
        this.trips = trips;
        this.messages = messages;
        this.blocks = blocks;
        this.libZmq = libZmq;
    }

    /** Shows that it works. */
    static void smoke() throws IOException, InterruptedException {
        new Proxies(1, 1, 300, 5_000, 50, LibZmq.peer()).all(30);
    }

    static void measure() throws IOException, InterruptedException {
        Proxies full = new Proxies(3, 5, 20_000, 500_000, 20_000, LibZmq.peer());
        full.all(30);
        if (onProcessor("0")) {
            System.out.println("Both ends on one processor:");
            full.roundTrips(0);
            onProcessor("0-" + (Runtime.getRuntime().availableProcessors() - 1));
        }
    }

    private void all(int spin) throws IOException, InterruptedException {
        roundTrips(spin);
        oneWay(SMALL, messages, "flood", spin, "<= 1.0 (time of a message)");
        oneWay(BLOCK, blocks, "blocks", spin, "<= 0.67 (time of a block)");
    }

    private void roundTrips(int spin) throws IOException, InterruptedException {
        Figures zmq = new Figures("JeroMQ, REQ and REP, 64 bytes", "us");
        Figures lib = new Figures("libzmq, REQ and REP, 64 bytes", "us");
        Figures netty = new Figures("plain Netty echo over TCP, 64 bytes", "us");
        Figures ours = new Figures("sendrec to another node, a thread, spin " + spin + " us", "us");
        Figures callback = new Figures("sendrec to another node, a callback, spin " + spin + " us", "us");
        for (int turn = 0; turn < turns; turn++) {
            zmq("echo", "client", zmq, SMALL, trips);
            lib("echo", "client", lib, SMALL, trips);
            netty(netty);
            ours("client", ours, SMALL, trips, spin);
            ours("callback-client", callback, SMALL, trips, spin);
        }
        System.out.println("Round trips between two processes, medians of " + rounds + " rounds of " + trips + ", in " + turns + " turns");
        zmq.print();
        netty.print();
        ours.print();
        callback.print();
        ours.over(zmq, "<= 0.75");
        callback.over(zmq, "<= 0.75");
        beside(lib, "<= 0.75", ours, callback);
        callback.over(netty, "<= 1.5");
    }

    private void oneWay(int bytes, int count, String role, int spin, String goal) throws IOException, InterruptedException {
        Figures zmq = new Figures("JeroMQ, one way, " + bytes + " bytes", "us");
        Figures lib = new Figures("libzmq, one way, " + bytes + " bytes", "us");
        Figures ours = new Figures("to another node, " + role + ", " + (bytes == SMALL ? Message.BYTES : bytes) + " bytes", "us");
        for (int turn = 0; turn < turns; turn++) {
            zmq("sink", "flood", zmq, bytes, count);
            lib("sink", "flood", lib, bytes, count);
            ours(role, ours, bytes, count, spin);
        }
        System.out.println("One way, means of " + rounds + " rounds of " + count + ", in " + turns + " turns");
        zmq.print();
        ours.print();
        ours.over(zmq, goal);
        beside(lib, goal, ours);
    }

    private void beside(Figures lib, String goal, Figures... ours) {
        if (libZmq.isEmpty()) {
            System.out.println("  libzmq and a compiler are not here: JeroMQ stands in");
            return;
        }
        lib.print();
        for (Figures each : ours) {
            each.over(lib, goal);
        }
    }

    private void zmq(String server, String client, Figures figures, int bytes, int count) throws IOException, InterruptedException {
        try (PeerProcess serving = PeerProcess.start(ZmqPeer.class, PeerProcess.PLAIN, server, "none", bytes, rounds, count);
                PeerProcess asking = PeerProcess.start(ZmqPeer.class, PeerProcess.PLAIN, client, serving.ready(), bytes, rounds, count)) {
            asking.rounds(figures, 0, MICRO);
        }
    }

    private void lib(String server, String client, Figures figures, int bytes, int count)
            throws IOException, InterruptedException {
        if (libZmq.isEmpty()) {
            return;
        }
        try (PeerProcess serving = PeerProcess.program(libZmq.get(), server, "none", bytes, rounds, count);
                PeerProcess asking = PeerProcess.program(libZmq.get(), client, serving.ready(), bytes, rounds, count)) {
            asking.rounds(figures, 0, MICRO);
        }
    }

    private void netty(Figures figures) throws IOException, InterruptedException {
        try (PeerProcess serving = PeerProcess.start(HopPeer.class, PeerProcess.PLAIN, "netty-echo", "none", SMALL, rounds, trips, 0);
                PeerProcess asking = PeerProcess.start(HopPeer.class, PeerProcess.PLAIN, "netty-client", serving.ready(), SMALL, rounds,
                        trips, 0)) {
            asking.rounds(figures, 0, MICRO);
        }
    }

    private void ours(String client, Figures figures, int bytes, int count, int spin) throws IOException, InterruptedException {
        int port = Ports.row(2);
        Object[] settings = {port, OPTIONS, spin, bytes, rounds, count};
        try (PeerProcess serving = PeerProcess.start(ProxyPeer.class, PeerProcess.PLAIN, "server", settings)) {
            List<Object> words = new ArrayList<>(List.of(settings));
            words.addAll(List.of(serving.ready().split(" ")));
            try (PeerProcess asking = PeerProcess.start(ProxyPeer.class, PeerProcess.PLAIN, client, words.toArray())) {
                asking.rounds(figures, 0, MICRO);
            }
        }
    }

    /** Puts this process, and with it those that it starts from now on, on some processors. @return false where that cannot be done */
    private static boolean onProcessor(String list) throws InterruptedException {
        try {
            Process taskset = new ProcessBuilder("taskset", "-acp", list, String.valueOf(ProcessHandle.current().pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return taskset.waitFor(10, TimeUnit.SECONDS) && taskset.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
