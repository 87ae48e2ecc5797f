package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.proxy.internal.frame.Options;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every combination of batch, compress, autobind and sequence with every digest, and every size: a client hands over a block, the
 * server copies it to itself and back, and the two are equal; then many clients ask at once, for batches. A build makes 250 round
 * trips in each cell up to 4 KiB, 60 with 64 KiB and 8 with 1 MiB, as more take longer than a minute; {@code -Ddvs.matrix=1000}
 * makes so many in every cell.
 */
@Tag("R-PXY-06")
@Tag("R-PXY-14")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OptionMatrixTest {
    private static final int[] SIZES = {0, 1, 63, 64, 4_096, 65_536, 1 << 20};
    private static final int SERVER = 10;
    private static final int CLIENT = 20;
    private static final int USER = 40;
    private static final int END = -1;
    /** Clients that ask at once. */
    private static final int MANY = 32;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("org.dvs.proxy.internal.EveryOption#combinations")
    void everyRoundTripComesBackAsItWent(Options options) throws Exception {
        boolean autobind = options.autobind();
        try (Pair pair = new Pair(folder.resolve("cell" + options.bits()), EveryOption.block(options)).start()) {
            ByteBuffer there = ByteBuffer.allocateDirect(1 << 20);
            AtomicLong differences = new AtomicLong();
            Thread server = new Thread(() -> serve(pair.nodes[1], there), "server");
            pair.nodes[0].kernel.rmtbind(DC, SERVER, "server", 1);
            int number = autobind ? USER : CLIENT;
            if (!autobind) {
                pair.nodes[1].kernel.rmtbind(DC, number, "client", 0);
            }
            Endpoint client = pair.nodes[0].kernel.bind(DC, number, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
            server.start();
            Pair.await(() -> !pair.nodes[1].kernel.process(DC, SERVER).isFree());
            for (int size : SIZES) {
                differences.addAndGet(roundTrips(client, size, options.bits()));
            }
            assertEquals(0, differences.get());
            differences.addAndGet(atOnce(pair, autobind));
            assertEquals(0, differences.get());
            assertEquals(autobind ? 1 + MANY : 0, pair.nodes[1].link(0).autobound());
            EveryOption.assertCounted(options, pair.nodes[0].link(1));
            client.sendrec(SERVER, new Message().putInt(Message.M1_I1, END), WAIT_MS);
            server.join(WAIT_MS);
        }
    }

    /**
     * Many clients ask before the loop comes to the first of them, so what they say lies in the queue together.
     *
     * @return how many hear something else than they should
     */
    private static int atOnce(Pair pair, boolean autobind) throws Exception {
        List<CompletableFuture<Integer>> ends = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        List<Runnable> questions = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            int number = USER + 1 + i;
            if (!autobind) {
                pair.nodes[1].kernel.rmtbind(DC, number, "asks", 0);
            }
            AsyncEndpoint client = pair.nodes[0].kernel.bindAsync(DC, number, "asks", BindKind.SELF, EndpointNumbers.LOCALNODE);
            CompletableFuture<Integer> end = new CompletableFuture<>();
            Message message = new Message(1).putInt(Message.M1_I1, 0).putInt(Message.M1_I2, i);
            questions.add(() -> client.sendrec(SERVER, message, WAIT_MS, end::complete));
            messages.add(message);
            ends.add(end);
        }
        pair.nodes[0].proxies.proxies().loop().execute(() -> questions.forEach(Runnable::run));
        int differences = 0;
        for (int i = 0; i < MANY; i++) {
            boolean good = ends.get(i).get(2 * WAIT_MS, TimeUnit.MILLISECONDS) >= 0 && messages.get(i).type() == 0
                    && messages.get(i).getInt(Message.M1_I2) == i;
            differences += good ? 0 : 1;
        }
        return differences;
    }

    /** @return how many came back otherwise */
    private static int roundTrips(Endpoint client, int size, int seed) throws Exception {
        int count = Integer.getInteger("dvs.matrix", size <= 4_096 ? 250 : size <= 65_536 ? 60 : 8);
        Random random = new Random(seed);
        ByteBuffer out = ByteBuffer.allocateDirect(Math.max(1, size));
        ByteBuffer back = ByteBuffer.allocateDirect(Math.max(1, size));
        long from = client.memory().expose(out);
        long to = client.memory().expose(back);
        Message message = new Message();
        int differences = 0;
        for (int i = 0; i < count; i++) {
            fill(out, size, random);
            message.type(1).putInt(Message.M1_I1, size).putInt(Message.M1_I2, i).putInt(Message.M1_P1, (int) from)
                    .putInt(Message.M1_P2, (int) to);
            client.sendrec(SERVER, message, WAIT_MS);
            boolean equal = message.type() == 0 && message.getInt(Message.M1_I2) == i && out.slice(0, size).equals(back.slice(0,
                    size));
            differences += equal ? 0 : 1;
        }
        return differences;
    }

    /** Half of it compresses well. */
    private static void fill(ByteBuffer block, int size, Random random) {
        boolean text = random.nextBoolean();
        int word = random.nextInt();
        for (int i = 0; i < size; i++) {
            block.put(i, (byte) (text ? word >> i % 4 * 8 : random.nextInt()));
        }
    }

    private static void serve(TestNode node, ByteBuffer block) {
        try (Endpoint self = node.kernel.bind(DC, SERVER, "server", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
            long mine = self.memory().expose(block);
            Message message = new Message();
            int size = 0;
            while (size != END) {
                self.rcvrqst(message, Endpoint.FOREVER);
                int client = message.source();
                size = message.getInt(Message.M1_I1);
                int result = 0;
                try {
                    if (size > 0) {
                        self.vcopy(client, message.getPointer(Message.M1_P1), EndpointNumbers.SELF, mine, size);
                        self.vcopy(EndpointNumbers.SELF, mine, client, message.getPointer(Message.M1_P2), size);
                    }
                } catch (IpcException e) {
                    result = e.rcode();
                }
                self.reply(client, message.type(result), WAIT_MS);
            }
        } catch (DvsException e) {
            // The client sees that nobody answers.
            throw new IllegalStateException(e);
        }
    }
}
