package org.dvs.dispatcher.internal.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.LogField;
import org.dvs.api.Printable;
import org.dvs.api.request.Column;
import org.dvs.api.request.Request;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.dispatcher.internal.Counters;
import org.dvs.dispatcher.internal.HandlerCatalogue.Served;
import org.dvs.dispatcher.internal.Text;
import org.dvs.dispatcher.internal.Witness;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;
import org.dvs.dispatcher.internal.wire.Wire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One request in its handler. The worker that runs it and the loop that may call it off race for its end: who sets
 * {@link #end} first has the last word, the other is silent.
 */
final class Execution implements Runnable, RowSink {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    /** A row waits no longer than this for others to leave with it. */
    private static final long MAX_ROW_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** As the requests name it that are about a DC. */
    private static final String DC = "dcid";
    /** One row must fit into a message. */
    private static final int MAX_ROW_BYTES = 900 * 1024;

    private final Key key;
    private final Served served;
    private final Request request;
    private final Witness.Execution witnessed;
    private final Agent agent;
    private final Workers workers;
    private final AtomicReference<DvsException> calledOff = new AtomicReference<>();
    private final AtomicReference<Message.End> end = new AtomicReference<>();
    private final List<byte[]> sent = new ArrayList<>();
    private List<List<Object>> buffer = new ArrayList<>();
    private DvsException failure;
    private long bufferSince;
    private int bufferBytes;
    private long replyBytes;
    private int rowCount;
    private int chunk;
    private Thread runner;
    private boolean lost;

    /** @param witnessed told of start and end */
    Execution(Key key, Served served, Request request, Witness.Execution witnessed, Agent agent, Workers workers) {
        this.key = key;
        this.served = served;
        this.request = request;
        this.witnessed = witnessed;
        this.agent = agent;
        this.workers = workers;
    }

    Key key() {
        return key;
    }

    String id() {
        return request.id();
    }

    Workers workers() {
        return workers;
    }

    // On the worker.

    @Override
    public void run() {
        synchronized (this) {
            if (end.get() != null) {
                return;
            }
            runner = Thread.currentThread();
        }
        int rcode;
        String detail = "";
        // What a handler logs says for whom and for which request.
        MDC.put(LogField.REQUEST, id());
        MDC.put(LogField.JOB, id());
        MDC.put(LogField.USER, Printable.line(request.caller().user()));
        if (request.spec().parameters().stream().anyMatch(one -> one.name().equals(DC) && one.type() == ValueType.INTEGER)) {
            request.optionalNumber(DC).ifPresent(dcid -> MDC.put(LogField.DC, Long.toString(dcid)));
        }
        try {
            rcode = handle();
        } catch (DvsException e) {
            rcode = e.code().rcode();
            detail = e.getMessage();
        } finally {
            List.of(LogField.REQUEST, LogField.JOB, LogField.USER, LogField.DC).forEach(MDC::remove);
        }
        synchronized (this) {
            runner = null;
            // What was meant for this request must not hit the next one on this thread.
            boolean leftOver = Thread.interrupted();
            if (leftOver) {
                LOG.debug("{}: the interruption came after the handler had returned", id());
            }
            if (lost) {
                workers.cameBack();
            }
        }
        answer(rcode, detail);
        agent.returned(this);
    }

    private int handle() throws DvsException {
        try {
            if (!served.mayStart()) {
                throw new DvsException(ErrorCode.NOSYS, key.type() + " is not offered here any more");
            }
            witnessed.starts();
            Message.End told = end.get();
            if (told != null) {
                // To write that down may have taken seconds, and whoever asked was told meanwhile that it is not done. Its end
                // may stand before its start now, as if it still ran.
                witnessed.ended(told.rcode(), "not started: " + told.detail());
                throw interrupted();
            }
            int rcode = served.handler().handle(request, this);
            if (failure != null) {
                throw failure;
            }
            if (rcode < 0) {
                throw defect("returned " + rcode + " instead of throwing", null);
            }
            return rcode;
        } catch (InterruptedException e) {
            throw failure != null ? failure : interrupted();
        } catch (DvsException e) {
            throw failure != null ? failure : e;
        } catch (RuntimeException | Error e) {
            throw failure != null && !(e instanceof Error) ? failure : defect("failed", e);
        }
    }

    private DvsException interrupted() {
        DvsException reason = calledOff.get();
        return reason != null ? reason : new DvsException(ErrorCode.INTR, key.type() + " was interrupted");
    }

    private DvsException defect(String what, Throwable cause) {
        agent.counters().count(Counters.Event.HANDLER_DEFECT);
        try (MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, ErrorCode.GENERIC.code())) {
            LOG.error("{}: the handler of {} {}", id(), key.type(), what, cause);
        }
        return new DvsException(ErrorCode.GENERIC, "the handler of " + key.type() + " has a defect; the log of this node has "
                + "the details under " + id());
    }

    @Override
    public void row(Object... values) throws DvsException {
        if (failure == null) {
            failure = calledOff.get();
        }
        if (failure == null && request.timeLeft().isNegative()) {
            failure = new DvsException(ErrorCode.TIMEDOUT, "the deadline has passed");
        }
        if (failure != null) {
            throw failure;
        }
        try {
            add(checked(values));
        } catch (DvsException e) {
            // The answer ends here, whatever the handler makes of it.
            failure = e;
            throw e;
        }
    }

    private List<Object> checked(Object[] values) throws DvsException {
        List<Column> columns = request.spec().columns();
        if (values == null || values.length != columns.size()) {
            throw defect("gave a row of " + (values == null ? 0 : values.length) + " values for " + columns.size() + " columns", null);
        }
        if (columns.isEmpty() || rowCount > 0 && !request.spec().manyRows()) {
            throw defect("gave more rows than it says", null);
        }
        Object[] row = new Object[values.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = widened(values[i], columns.get(i));
        }
        return Collections.unmodifiableList(Arrays.asList(row));
    }

    private Object widened(Object value, Column column) throws DvsException {
        Object wide = value;
        if (value instanceof Integer || value instanceof Short) {
            wide = ((Number) value).longValue();
        } else if (value instanceof Float) {
            wide = ((Number) value).doubleValue();
        } else if (value instanceof List<?> texts && texts.stream().allMatch(String.class::isInstance)) {
            wide = List.copyOf(texts);
        }
        boolean right = wide == null || column.type().carrier().isInstance(wide)
                && (column.type() != ValueType.TEXTS || ((List<?>) wide).stream().allMatch(String.class::isInstance))
                && (!(wide instanceof Double number) || Double.isFinite(number));
        if (!right) {
            throw defect("gave " + Printable.line(Text.cut(String.valueOf(value), 100)) + " for column " + column.name()
                    + " of type " + column.type(), null);
        }
        return wide;
    }

    private void add(List<Object> row) throws DvsException {
        int size = Wire.size(row);
        long limit = agent.settings().maxReplyBytes();
        if (replyBytes + size > limit || size > MAX_ROW_BYTES) {
            throw new DvsException(ErrorCode.MSGSIZE, "more than maxReplyBytes " + limit + " after " + rowCount + " rows");
        }
        boolean full = bufferBytes + size > agent.settings().chunkBytes() || buffer.size() >= agent.settings().chunkRows();
        long now = agent.nanoTime();
        if (!buffer.isEmpty() && (full || now - bufferSince > MAX_ROW_AGE_NANOS)) {
            flush();
        }
        if (buffer.isEmpty()) {
            bufferSince = now;
        }
        buffer.add(row);
        bufferBytes += size;
        replyBytes += size;
        rowCount++;
    }

    @Override
    public void flush() throws DvsException {
        if (buffer.isEmpty()) {
            return;
        }
        byte[] message = Wire.encode(new Message.Rows(key, agent.localId(), chunk, buffer));
        agent.send(key.requester(), message);
        sent.add(message);
        chunk++;
        buffer = new ArrayList<>();
        bufferBytes = 0;
    }

    private void answer(int rcode, String detail) {
        Message.End last = new Message.End(key, agent.localId(), chunk, rcode,
                Text.cut(Printable.line(detail), Wire.MAX_DETAIL), rowCount, buffer);
        byte[] message = Wire.encode(last);
        // First, since the loop may ask for the reply as soon as it sees the end.
        sent.add(message);
        if (end.compareAndSet(null, last)) {
            witnessed.ended(rcode, last.detail());
            agent.sendLast(this, message);
        }
    }

    // On the loop.

    /**
     * Stops it: the handler is interrupted, and what it still does is not heard any more.
     *
     * @return false if it had ended already
     */
    boolean callOff(ErrorCode code, String why) {
        Message.End last = new Message.End(key, agent.localId(), 0, code.rcode(), why, 0, List.of());
        if (!end.compareAndSet(null, last)) {
            return false;
        }
        witnessed.ended(code.rcode(), why);
        synchronized (this) {
            calledOff.set(new DvsException(code, why));
            if (runner != null) {
                runner.interrupt();
            }
        }
        return true;
    }

    /**
     * To be asked some time after it was called off: if its handler still runs, its thread is given up.
     *
     * @return false if there is nothing to give up
     */
    synchronized boolean giveUp() {
        if (runner == null) {
            return false;
        }
        lost = workers.replaceLost();
        return true;
    }

    /** All messages of the reply; to be asked for when its handler has had the last word. */
    List<byte[]> reply() {
        return List.copyOf(sent);
    }
}
