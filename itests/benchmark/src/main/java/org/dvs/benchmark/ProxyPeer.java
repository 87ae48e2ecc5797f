package org.dvs.benchmark;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;

/**
 * One of two nodes: {@code ProxyPeer ROLE BASEPORT OPTIONS SPIN BYTES ROUNDS COUNT [ADDRESS...]}. The server is node 1 and says where
 * the memory of its holders is; clients are node 0 and print nanoseconds of each round, by message or block.
 */
final class ProxyPeer {
    private static final int ECHO = 10;
    private static final int SINK = 11;
    private static final int CLIENT = 20;
    /** Programs whose memory is copied to, and programs that copy, one to one. */
    private static final int HOLDERS = 8;
    private static final int FIRST_HOLDER = 24;
    /** Programs that send at the same time, each until its message was taken: as many messages under way as ZeroMQ lets wait. */
    private static final int SENDERS = 1_000;
    private static final int FIRST_SENDER = 40;

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
            case "callback-client" -> peer.askByCallback();
            case "flood" -> peer.flood();
            case "blocks" -> peer.blocks(List.of(words).subList(7, words.length));
            default -> throw new IllegalArgumentException(words[0]);
        }
        System.exit(0);
    }

    private void serve() throws Exception {
        KernelCore kernel = node.kernel;
        kernel.bindHandler(ProxyNode.DC, ECHO, "echo",
                (message, self) -> self.reply(message.source(), message, Endpoint.FOREVER, rcode -> { }));
        kernel.bindHandler(ProxyNode.DC, SINK, "sink", (message, self) -> { });
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < HOLDERS; i++) {
            AsyncEndpoint holder = local(FIRST_HOLDER + i, "holder");
            addresses.append(' ').append(holder.memory().expose(ByteBuffer.allocateDirect(bytes)));
            // Still while its memory is copied.
            holder.receive(EndpointNumbers.ANY, new Message(), Endpoint.FOREVER, rcode -> { });
        }
        node.paired();
        kernel.rmtbind(ProxyNode.DC, CLIENT, "client", 0);
        for (int i = 0; i < SENDERS; i++) {
            kernel.rmtbind(ProxyNode.DC, FIRST_SENDER + i, "sender", 0);
        }
        System.out.println("ready" + addresses);
        while (System.in.read() >= 0) {
            continue;
        }
    }

    private AsyncEndpoint local(int endpoint, String name) throws DvsException {
        return node.kernel.bindAsync(ProxyNode.DC, endpoint, name, BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    private void remote(int endpoint, String name) throws Exception {
        node.connected().kernel.rmtbind(ProxyNode.DC, endpoint, name, 1);
    }

    private void ask() throws Exception {
        remote(ECHO, "echo");
        try (Endpoint self = node.kernel.bind(ProxyNode.DC, CLIENT, "client", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
            Message message = new Message();
            Meter meter = new Meter(rounds, count);
            do {
                meter.sent();
                self.sendrec(ECHO, message.type(1), Endpoint.FOREVER);
            } while (meter.received());
        }
    }

    /** As handlers do it: no thread waits. */
    private void askByCallback() throws Exception {
        remote(ECHO, "echo");
        AsyncEndpoint self = local(CLIENT, "client");
        Message message = new Message();
        Meter meter = new Meter(rounds, count);
        Calls.make((rounds + 1) * count, List.of(done -> {
            meter.sent();
            self.sendrec(ECHO, message.type(1), Endpoint.FOREVER, rcode -> {
                meter.received();
                done.completed(rcode);
            });
        }));
    }

    private void flood() throws Exception {
        remote(SINK, "sink");
        List<Calls.Call> calls = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < SENDERS; i++) {
            AsyncEndpoint sender = local(FIRST_SENDER + i, "sender");
            // Each another one, as a frame that repeats itself is shorter.
            byte[] content = new byte[Message.UNION_BYTES];
            random.nextBytes(content);
            Message message = new Message(1).putBytes(0, content);
            calls.add(done -> sender.send(SINK, message, Endpoint.FOREVER, done));
        }
        rounds(calls);
    }

    /** @param words the holders' addresses */
    private void blocks(List<String> words) throws Exception {
        List<Calls.Call> calls = new ArrayList<>();
        // One for all, as ZeroMQ's sender has one message.
        ByteBuffer source = ByteBuffer.allocateDirect(bytes);
        for (int i = 0; i < HOLDERS; i++) {
            int holder = FIRST_HOLDER + i;
            remote(holder, "holder");
            AsyncEndpoint self = local(FIRST_SENDER + i, "copier");
            long mine = self.memory().expose(source);
            long theirs = Long.parseLong(words.get(i));
            calls.add(done -> self.vcopy(EndpointNumbers.SELF, mine, holder, theirs, bytes, done));
        }
        rounds(calls);
    }

    /** The rounds before the first do not count: compilers are at work in them. */
    private void rounds(List<Calls.Call> calls) throws IpcException, InterruptedException {
        for (int round = -Meter.WARM_UP; round < rounds; round++) {
            long begin = System.nanoTime();
            Calls.make(count, calls);
            if (round >= 0) {
                System.out.println((System.nanoTime() - begin) / count);
            }
        }
    }
}
