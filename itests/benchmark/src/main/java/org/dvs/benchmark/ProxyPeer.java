package org.dvs.benchmark;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;

/**
 * One of two nodes: {@code ProxyPeer ROLE BASEPORT OPTIONS SPIN BYTES ROUNDS COUNT}. The server is node 1; clients are node 0 and print
 * nanoseconds of each round, by message or block.
 */
final class ProxyPeer {
    private static final int ECHO = 10;
    private static final int SINK = 11;
    private static final int HOLDER = 12;
    private static final int CLIENT = 20;
    /** Programs that send at the same time; each waits until its message was taken. */
    private static final int SENDERS = 128;
    private static final int FIRST_SENDER = 40;
    private static final int WHERE = 1;
    private static final long WAIT_S = 120;

    private final ProxyNode node;
    private final int bytes;
    private final int rounds;
    private final int count;

    private ProxyPeer(ProxyNode node, String[] words) {
        this.node = node;
        bytes = Integer.parseInt(words[4]);
        rounds = Integer.parseInt(words[5]);
        count = Integer.parseInt(words[6]);
    }

    public static void main(String[] words) throws Exception {
        boolean server = words[0].equals("server");
        ProxyNode node = new ProxyNode(server ? 1 : 0, Integer.parseInt(words[1]), words[2], Integer.parseInt(words[3]));
        ProxyPeer peer = new ProxyPeer(node, words);
        switch (words[0]) {
            case "server" -> peer.serve();
            case "client" -> peer.ask();
            case "flood" -> peer.flood();
            case "blocks" -> peer.blocks();
            default -> throw new IllegalArgumentException(words[0]);
        }
        System.exit(0);
    }

    private void serve() throws Exception {
        KernelCore kernel = node.kernel;
        kernel.bindHandler(ProxyNode.DC, ECHO, "echo",
                (message, self) -> self.reply(message.source(), message, Endpoint.FOREVER, rcode -> { }));
        kernel.bindHandler(ProxyNode.DC, SINK, "sink", (message, self) -> { });
        Endpoint holder = kernel.bind(ProxyNode.DC, HOLDER, "holder", BindKind.SELF, EndpointNumbers.LOCALNODE);
        long address = holder.memory().expose(ByteBuffer.allocateDirect(bytes));
        node.paired();
        kernel.rmtbind(ProxyNode.DC, CLIENT, "client", 0);
        for (int i = 0; i < SENDERS; i++) {
            kernel.rmtbind(ProxyNode.DC, FIRST_SENDER + i, "sender", 0);
        }
        System.out.println("ready " + address);
        Message message = new Message();
        for (;;) {
            // Still while its memory is copied; says where that is.
            holder.receive(EndpointNumbers.ANY, message, Endpoint.FOREVER);
            holder.reply(message.source(), message.putPointer(Message.M1_P1, address), Endpoint.FOREVER);
        }
    }

    private void remote(int endpoint, String name) throws Exception {
        node.connected().kernel.rmtbind(ProxyNode.DC, endpoint, name, 1);
    }

    private Endpoint bind() throws Exception {
        return node.kernel.bind(ProxyNode.DC, CLIENT, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    private void ask() throws Exception {
        remote(ECHO, "echo");
        try (Endpoint self = bind()) {
            Message message = new Message();
            Meter meter = new Meter(rounds, count);
            do {
                meter.sent();
                self.sendrec(ECHO, message.type(WHERE), Endpoint.FOREVER);
            } while (meter.received());
        }
    }

    private void flood() throws Exception {
        remote(SINK, "sink");
        for (int round = -1; round < rounds; round++) {
            long begin = System.nanoTime();
            AtomicInteger left = new AtomicInteger(count);
            CountDownLatch done = new CountDownLatch(SENDERS);
            AtomicReference<Integer> failed = new AtomicReference<>();
            for (int i = 0; i < SENDERS; i++) {
                AsyncEndpoint sender = node.kernel.bindAsync(ProxyNode.DC, FIRST_SENDER + i, "sender", BindKind.SELF,
                        EndpointNumbers.LOCALNODE);
                send(sender, new Message(1), left, done, failed);
            }
            if (!done.await(WAIT_S, TimeUnit.SECONDS) || failed.get() != null) {
                throw new IpcException(ErrorCode.TIMEDOUT, "messages left: " + left + ", result " + failed);
            }
            print(round, System.nanoTime() - begin);
        }
    }

    private static void send(AsyncEndpoint sender, Message message, AtomicInteger left, CountDownLatch done,
            AtomicReference<Integer> failed) {
        if (left.getAndDecrement() <= 0) {
            sender.close();
            done.countDown();
            return;
        }
        sender.send(SINK, message, Endpoint.FOREVER, rcode -> {
            if (rcode < 0) {
                failed.set(rcode);
                left.set(0);
            }
            send(sender, message, left, done, failed);
        });
    }

    private void blocks() throws Exception {
        remote(HOLDER, "holder");
        try (Endpoint self = bind()) {
            Message message = new Message();
            self.sendrec(HOLDER, message.type(WHERE), Endpoint.FOREVER);
            long theirs = message.getPointer(Message.M1_P1);
            long mine = self.memory().expose(ByteBuffer.allocateDirect(bytes));
            for (int round = -1; round < rounds; round++) {
                long begin = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    self.vcopy(EndpointNumbers.SELF, mine, HOLDER, theirs, bytes);
                }
                print(round, System.nanoTime() - begin);
            }
        }
    }

    /** The round before the first does not count. */
    private void print(int round, long nanos) {
        if (round >= 0) {
            System.out.println(nanos / count);
        }
    }
}
