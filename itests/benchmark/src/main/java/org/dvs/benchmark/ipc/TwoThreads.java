package org.dvs.benchmark.ipc;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Round trips between two threads: sendrec and reply, beside Java's own hand-over. The other thread waits while the one is
 * measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TwoThreads {
    private final SynchronousQueue<Message> there = new SynchronousQueue<>();
    private final SynchronousQueue<Message> back = new SynchronousQueue<>();
    private final Message message = new Message(1);
    private final Thread queues = new Thread(this::passBack, "benchmark-queues");
    private OneNode node;
    private Endpoint server;
    private Endpoint client;

    @Setup
    public void bind() throws DvsException {
        node = new OneNode();
        server = node.kernel().bind(OneNode.DC, 1, "server", BindKind.SELF, LOCALNODE);
        client = node.kernel().bind(OneNode.DC, 2, "client", BindKind.SELF, LOCALNODE);
        Thread serving = new Thread(this::serve, "benchmark-server");
        serving.setDaemon(true);
        serving.start();
        queues.setDaemon(true);
        queues.start();
    }

    @TearDown
    public void end() throws DvsException {
        node.close();
        queues.interrupt();
    }

    private void serve() {
        try {
            Message request = new Message();
            while (true) {
                server.rcvrqst(request, FOREVER);
                server.reply(request.source(), request, FOREVER);
            }
        } catch (DvsException e) {
            // The benchmark is over.
        }
    }

    private void passBack() {
        try {
            while (true) {
                back.put(there.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Benchmark
    public Message sendrec() throws DvsException {
        client.sendrec(1, message, FOREVER);
        return message;
    }

    @Benchmark
    public Message synchronousQueue() throws InterruptedException {
        there.put(message);
        return back.take();
    }
}
