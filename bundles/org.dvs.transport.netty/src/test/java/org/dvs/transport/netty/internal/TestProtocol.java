package org.dvs.transport.netty.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.dvs.api.DvsException;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Framing;
import org.dvs.transport.api.Handler;
import org.dvs.transport.api.Limits;
import org.dvs.transport.api.Protocol;

/** A protocol whose connections do what a test says, and that remembers what happened. By default they echo. */
class TestProtocol implements Protocol {
    final List<Connection> opened = new CopyOnWriteArrayList<>();
    final List<Connection> resumed = new CopyOnWriteArrayList<>();
    final List<String> states = new CopyOnWriteArrayList<>();
    final Queue<String> closed = new ConcurrentLinkedQueue<>();
    final AtomicInteger inputsEnded = new AtomicInteger();
    volatile UnaryOperator<Limits> limits = UnaryOperator.identity();
    volatile Framing framing = Framing.LENGTH;

    @Override
    public String name() {
        return "test";
    }

    @Override
    public Framing framing() {
        return framing;
    }

    @Override
    public Limits limits(Limits configured) {
        return limits.apply(configured);
    }

    @Override
    public Handler opened(Connection connection) throws DvsException {
        opened.add(connection);
        return handler();
    }

    @Override
    public Handler resumed(Connection connection, ByteBuffer state) throws DvsException {
        byte[] bytes = new byte[state.remaining()];
        state.get(bytes);
        states.add(new String(bytes, StandardCharsets.UTF_8));
        resumed.add(connection);
        return handler();
    }

    Handler handler() {
        return new Echo();
    }

    class Echo implements Handler {
        @Override
        public void frame(Connection connection, ByteBuffer frame) {
            if (!connection.write(frame)) {
                connection.close(CloseReason.LOCAL, "the echo was refused");
            }
            frame.position(frame.limit());
        }

        @Override
        public void inputEnded(Connection connection) {
            inputsEnded.incrementAndGet();
            connection.close();
        }

        @Override
        public void closed(Connection connection, CloseReason reason, String detail) {
            closed.add(reason + (detail.isEmpty() ? "" : " " + detail));
        }

        @Override
        public ByteBuffer park(Connection connection) {
            return ByteBuffer.wrap("parked".getBytes(StandardCharsets.UTF_8));
        }
    }
}
