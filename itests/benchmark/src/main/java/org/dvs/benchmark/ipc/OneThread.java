package org.dvs.benchmark.ipc;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Completion;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** IPC in the container that costs no switch of threads, and a copy beside one of plain Java. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class OneThread {
    private static final int BLOCK = 64 * 1024;

    private final Message message = new Message(1);
    private final ByteBuffer plainFrom = ByteBuffer.allocateDirect(BLOCK);
    private final ByteBuffer plainTo = ByteBuffer.allocateDirect(BLOCK);
    private final Completion told = rcode -> ended = rcode;
    private int ended;
    private OneNode node;
    private AsyncEndpoint self;
    private long from;
    private long to;

    @Setup
    public void bind() throws DvsException {
        node = new OneNode();
        KernelCore kernel = node.kernel();
        kernel.bindHandler(OneNode.DC, 1, "answers", (request, server) -> server.reply(request.source(), request));
        kernel.bindHandler(OneNode.DC, 2, "hears", (notification, server) -> { });
        kernel.bindAsync(OneNode.DC, 3, "runs", BindKind.SELF, LOCALNODE);
        AsyncEndpoint source = kernel.bindAsync(OneNode.DC, 4, "source", BindKind.SELF, LOCALNODE);
        AsyncEndpoint destination = kernel.bindAsync(OneNode.DC, 5, "destination", BindKind.SELF, LOCALNODE);
        from = source.memory().expose(ByteBuffer.allocateDirect(BLOCK));
        to = destination.memory().expose(ByteBuffer.allocateDirect(BLOCK));
        source.receive(ANY, new Message(), FOREVER, rcode -> { });
        destination.receive(ANY, new Message(), FOREVER, rcode -> { });
        self = kernel.bindAsync(OneNode.DC, 6, "self", BindKind.SELF, LOCALNODE);
    }

    @TearDown
    public void end() throws DvsException {
        node.close();
    }

    private int ended(int expected) {
        if (ended != expected) {
            throw new IllegalStateException("ended with " + ended);
        }
        ended = -1;
        return expected;
    }

    @Benchmark
    public int sendrecToHandler() {
        self.sendrec(1, message, FOREVER, told);
        return ended(0);
    }

    @Benchmark
    public int notifyHandler() {
        self.notify(2, FOREVER, told);
        return ended(0);
    }

    @Benchmark
    public int notifyRunning() {
        self.notify(3, FOREVER, told);
        return ended(0);
    }

    @Benchmark
    public int vcopy64K() {
        self.vcopy(4, from, 5, to, BLOCK, told);
        return ended(BLOCK);
    }

    @Benchmark
    public ByteBuffer put64K() {
        return plainTo.clear().put(plainFrom.clear());
    }
}
