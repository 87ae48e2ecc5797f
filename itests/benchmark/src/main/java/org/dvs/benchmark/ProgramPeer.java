package org.dvs.benchmark;

import java.nio.file.Path;

import org.dvs.benchmark.ipc.OneNode;
import org.dvs.client.DvsClient;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.gate.BareGate;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.transport.netty.internal.BareTransport;

/** One process of a measurement of {@link Programs}. */
public final class ProgramPeer {
    private static final int DC = OneNode.DC;
    private static final int SERVER = 10;
    private static final int CLIENT = 11;
    /** In the container. */
    private static final int HANDLER = 12;

    private ProgramPeer() {
    }

    /** @param args role, the gate's socket, rounds, round trips a round */
    public static void main(String[] args) throws Exception {
        Path socket = Path.of(args[1]);
        switch (args[0]) {
            case "kernel" -> kernel(socket);
            case "server" -> server(DvsClient.at(socket), false);
            case "two-calls-server" -> server(DvsClient.at(socket), true);
            case "handler" -> handler(DvsClient.at(socket));
            case "client" -> client(DvsClient.at(socket), SERVER, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            case "inside-client" -> client(DvsClient.at(socket), HANDLER, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.exit(0);
    }

    private static void ready(Object where) throws Exception {
        System.out.println("ready " + where);
        while (System.in.read() >= 0) {
            continue;
        }
    }

    /** A node's kernel and gate, with the settings that count without a file. */
    private static void kernel(Path socket) throws Exception {
        KernelCore kernel = new OneNode().kernel();
        kernel.bindHandler(DC, HANDLER, "inside", (message, self) -> self.reply(message.source(), message));
        try (BareTransport bare = new BareTransport(2, Integer.getInteger("dvs.spin", 30))) {
            BareGate.open(bare, kernel, socket);
            ready(socket);
        }
    }

    private static void handler(DvsClient dvs) throws Exception {
        dvs.bindHandler(DC, SERVER, "server", (message, self) -> self.reply(message.source(), message));
        ready(SERVER);
    }

    /** @param two whether it answers and takes the next request in two calls */
    private static void server(DvsClient dvs, boolean two) throws Exception {
        try (Endpoint self = dvs.bind(DC, SERVER, "server")) {
            System.out.println("ready " + SERVER);
            Message message = new Message();
            self.rcvrqst(message, Endpoint.FOREVER);
            while (true) {
                if (two) {
                    self.reply(message.source(), message, Endpoint.FOREVER);
                    self.rcvrqst(message, Endpoint.FOREVER);
                } else {
                    self.replyRcvrqst(message.source(), message, Endpoint.FOREVER);
                }
            }
        }
    }

    private static void client(DvsClient dvs, int server, int rounds, int trips) throws IpcException {
        Meter meter = new Meter(rounds, trips);
        try (Endpoint self = dvs.bind(DC, CLIENT, "client")) {
            Message message = new Message(1);
            int number = 0;
            do {
                number++;
                meter.sent();
                self.sendrec(server, message.type(1).putInt(Message.M1_I1, number), Endpoint.FOREVER);
                if (message.getInt(Message.M1_I1) != number) {
                    throw new IllegalStateException("the answer to " + number + " is that to " + message.getInt(Message.M1_I1));
                }
            } while (meter.received());
        }
    }
}
