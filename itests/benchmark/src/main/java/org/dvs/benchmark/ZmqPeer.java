package org.dvs.benchmark;

import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * The same by JeroMQ, which stands in for libzmq: {@code ZmqPeer ROLE ADDRESS BYTES ROUNDS COUNT}. Prints as {@link ProxyPeer} does.
 */
final class ZmqPeer {
    private static final byte[] TOKEN = new byte[1];

    private final ZContext context = new ZContext();
    private final String address;
    private final int bytes;
    private final int rounds;
    private final int count;

    private ZmqPeer(String[] words) {
        address = words[1];
        bytes = Integer.parseInt(words[2]);
        rounds = Integer.parseInt(words[3]);
        count = Integer.parseInt(words[4]);
    }

    public static void main(String[] words) {
        ZmqPeer peer = new ZmqPeer(words);
        switch (words[0]) {
            case "echo" -> peer.echo();
            case "client" -> peer.ask();
            case "sink" -> peer.sink();
            case "flood" -> peer.flood();
            default -> throw new IllegalArgumentException(words[0]);
        }
        System.exit(0);
    }

    private ZMQ.Socket bound(SocketType type) {
        ZMQ.Socket socket = context.createSocket(type);
        int port = socket.bindToRandomPort("tcp://127.0.0.1");
        System.out.println("ready tcp://127.0.0.1:" + port);
        return socket;
    }

    private ZMQ.Socket connected(SocketType type) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.connect(address);
        return socket;
    }

    private void echo() {
        ZMQ.Socket socket = bound(SocketType.REP);
        for (;;) {
            socket.send(socket.recv());
        }
    }

    private void ask() {
        ZMQ.Socket socket = connected(SocketType.REQ);
        byte[] message = new byte[bytes];
        Meter meter = new Meter(rounds, count);
        do {
            meter.sent();
            socket.send(message);
            socket.recv();
        } while (meter.received());
    }

    /** Says when it has got all of a round. */
    private void sink() {
        ZMQ.Socket socket = bound(SocketType.PAIR);
        for (;;) {
            for (int i = 0; i < count; i++) {
                socket.recv();
            }
            socket.send(TOKEN);
        }
    }

    private void flood() {
        ZMQ.Socket socket = connected(SocketType.PAIR);
        byte[] message = new byte[bytes];
        for (int round = -Meter.WARM_UP; round < rounds; round++) {
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                socket.send(message);
            }
            socket.recv();
            if (round >= 0) {
                System.out.println((System.nanoTime() - begin) / count);
            }
        }
    }
}
