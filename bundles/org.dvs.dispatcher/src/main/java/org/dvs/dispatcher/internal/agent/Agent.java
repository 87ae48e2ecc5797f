package org.dvs.dispatcher.internal.agent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.api.request.Request;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.dispatcher.internal.Counters;
import org.dvs.dispatcher.internal.HandlerCatalogue;
import org.dvs.dispatcher.internal.HandlerCatalogue.Served;
import org.dvs.dispatcher.internal.Loop;
import org.dvs.dispatcher.internal.Outbox;
import org.dvs.dispatcher.internal.Settings;
import org.dvs.dispatcher.internal.Text;
import org.dvs.dispatcher.internal.Witness;
import org.dvs.dispatcher.internal.wire.Key;
import org.dvs.dispatcher.internal.wire.Message;
import org.dvs.dispatcher.internal.wire.Wire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side that executes: takes requests in the agreed order, once each, checks caller and values again, and hands them to
 * workers. Requests that change something go through one worker, in the agreed order, unless they run beside others.
 *
 * <p>Everything is called on the loop but what says otherwise. Source: R-CMD-01, R-CMD-02; dvsd reference 5.3.
 */
public final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final long MAX_CACHED_BYTES = 16 * 1024 * 1024;
    private static final int MAX_EARLY_CANCELS = 256;
    private static final String STOPS = "the dispatcher of this node stops";

    /** Sends from a worker, which may wait. */
    @FunctionalInterface
    public interface Sender {
        void send(int nodeId, byte[] message) throws DvsException;
    }

    private final Member local;
    private final Loop loop;
    private final Outbox outbox;
    private final Sender sender;
    private final Supplier<Settings> settings;
    private final Counters counters;
    private final HandlerCatalogue catalogue;
    private final Witness witness;
    private final Predicate<Key> asksItself;
    private final Pools pools;
    private final Map<Key, Execution> running = new LinkedHashMap<>();
    private final Map<Key, Loop.Timer> deadlines = new LinkedHashMap<>();
    private final ReplyCache replies = new ReplyCache(MAX_CACHED_BYTES);
    /** Cancels that overtook their request: direct messages may come before earlier multicasts. */
    private final Set<Key> earlyCancels = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
            return size() > MAX_EARLY_CANCELS;
        }
    });
    private boolean stopped;

    /**
     * @param asksItself tells which requests this node asks itself just now: their callers its own faces have let in
     */
    public Agent(Member local, Loop loop, Outbox outbox, Sender sender, Supplier<Settings> settings, Counters counters,
                 HandlerCatalogue catalogue, Witness witness, Predicate<Key> asksItself, Pools pools) {
        this.local = local;
        this.loop = loop;
        this.outbox = outbox;
        this.sender = sender;
        this.settings = settings;
        this.counters = counters;
        this.catalogue = catalogue;
        this.witness = witness;
        this.asksItself = asksItself;
        this.pools = pools;
    }

    /**
     * A request was delivered.
     *
     * @param view at the moment of delivery
     */
    public void asked(Message.Ask ask, View view) {
        if (!ask.targets().contains(local.id())) {
            return;
        }
        Key key = ask.key();
        if (stopped) {
            sayThatItStops(key);
            return;
        }
        Optional<List<byte[]>> said = replies.get(key);
        if (running.containsKey(key) || said.isPresent()) {
            LOG.debug("{}: came again, {} duplicates by now", key, counters.count(Counters.Event.DUPLICATE));
            said.ifPresent(messages -> sayAgain(key, messages));
            return;
        }
        try {
            execute(ask, view);
        } catch (DvsException e) {
            LOG.debug("{}: refused: {}", key, e.getMessage());
            String requester = nameOf(key.requester(), view);
            witness.refused(ask.caller(), requester, key.id(requester), ask.requestId(), key.type(),
                    catalogue.find(key.type()).orElse(null), ask.values(), local.name(), e);
            refuse(key, e);
        }
    }

    private static String nameOf(int nodeId, View view) {
        return view.member(nodeId).map(Member::name).orElse("node " + nodeId);
    }

    private void sayAgain(Key key, List<byte[]> messages) {
        if (messages.isEmpty()) {
            outbox.send(key.requester(), end(key, ErrorCode.MSGSIZE, "executed before; its reply was too large to be kept"),
                    this::notSent);
        }
        messages.forEach(message -> outbox.send(key.requester(), message, this::notSent));
    }

    private void execute(Message.Ask ask, View view) throws DvsException {
        Key key = ask.key();
        Served served = catalogue.served(key.type()).orElseThrow(() ->
                new DvsException(ErrorCode.NOSYS, key.type() + " is not offered here"));
        if (!asksItself.test(key)) {
            witness.confirm(ask.caller());
        }
        ask.caller().require(served.spec().role(), key.type());
        if (served.spec().changes() && !view.primary()) {
            throw new DvsException(ErrorCode.NOTREADY, key.type() + " changes something, and this node has no majority");
        }
        Map<String, Object> values = served.spec().complete(ask.values());
        if (earlyCancels.remove(key)) {
            throw new DvsException(ErrorCode.INTR, "cancelled before it started");
        }
        if (ask.timeoutMs() == 0) {
            throw new DvsException(ErrorCode.TIMEDOUT, "no time left to execute it");
        }
        String requester = nameOf(key.requester(), view);
        long granted = TimeUnit.MILLISECONDS.toNanos(ask.timeoutMs());
        Request request = new Request(served.spec(), values, ask.caller(), key.id(requester), loop::nanoTime, loop.nanoTime()
                + granted);
        Workers workers = pools.of(served.spec());
        Witness.Execution witnessed = witness.execution(request, values, requester, ask.requestId(), local.name());
        Execution execution = new Execution(key, served, request, witnessed, this, workers);
        if (!workers.submit(execution)) {
            counters.count(Counters.Event.REFUSED);
            throw new DvsException(ErrorCode.AGAIN, "too many requests wait on this node");
        }
        running.put(key, execution);
        deadlines.put(key, loop.after(granted, () -> atDeadline(execution, ask.timeoutMs())));
        LOG.debug("{}: {} for {} ({})", request.id(), key.type(), Printable.line(ask.caller().user()),
                Printable.line(ask.requestId()));
    }

    /** Answers a request of another version of the protocol, which cannot be understood. */
    public void askedInOtherVersion(Key key, String problem) {
        outbox.send(key.requester(), end(key, ErrorCode.NOSYS, problem), this::notSent);
    }

    private void refuse(Key key, DvsException why) {
        byte[] message = end(key, why.code(), why.getMessage());
        replies.put(key, List.of(message));
        outbox.send(key.requester(), message, this::notSent);
    }

    private byte[] end(Key key, ErrorCode code, String detail) {
        return Wire.encode(new Message.End(key, local.id(), 0, code.rcode(), Text.cut(Printable.line(detail), Wire.MAX_DETAIL), 0,
                List.of()));
    }

    private void atDeadline(Execution execution, int timeoutMs) {
        String why = execution.key().type() + " was stopped at its deadline after " + timeoutMs + "ms";
        if (callOff(execution, ErrorCode.TIMEDOUT, why)) {
            counters.count(Counters.Event.HANDLER_TIMEOUT);
            refuse(execution.key(), new DvsException(ErrorCode.TIMEDOUT, why));
        } else {
            // Its handler has returned, and this loop was too busy to take the news in time, or is about to hear it.
            keepReply(execution);
        }
    }

    /** The requester does not want the answer any more. */
    public void cancelled(Message.Cancel cancel) {
        Execution execution = running.get(cancel.key());
        if (execution != null) {
            abandon(execution, switch (cancel.reason()) {
                case CANCELLED -> "cancelled";
                case DEADLINE -> "its deadline passed";
                case TOO_LARGE -> "its answer was too large";
            });
        } else if (replies.get(cancel.key()).isEmpty()) {
            earlyCancels.add(cancel.key());
        }
    }

    /** Nobody waits for the answers of those who are not in the view. */
    public void view(View view) {
        for (Execution execution : List.copyOf(running.values())) {
            if (!view.contains(execution.key().requester())) {
                abandon(execution, "its requester left");
            }
        }
        earlyCancels.removeIf(key -> !view.contains(key.requester()));
    }

    private void abandon(Execution execution, String why) {
        if (callOff(execution, ErrorCode.INTR, why)) {
            counters.count(Counters.Event.CALLED_OFF);
            replies.put(execution.key(), List.of(end(execution.key(), ErrorCode.INTR, why)));
        }
    }

    private boolean callOff(Execution execution, ErrorCode code, String why) {
        if (!execution.callOff(code, why)) {
            return false;
        }
        LOG.debug("{}: {}", execution.id(), why);
        running.remove(execution.key());
        Loop.Timer deadline = deadlines.remove(execution.key());
        if (deadline != null) {
            deadline.cancel();
        }
        execution.workers().remove(execution);
        loop.after(TimeUnit.MILLISECONDS.toNanos(settings().stuckAfterMs()), () -> giveUpIfStuck(execution));
        return true;
    }

    private void keepReply(Execution execution) {
        if (running.remove(execution.key(), execution)) {
            deadlines.remove(execution.key()).cancel();
            replies.put(execution.key(), execution.reply());
        }
    }

    private void giveUpIfStuck(Execution execution) {
        if (execution.giveUp()) {
            LOG.warn("{}: the handler does not react to its interruption; its thread is replaced. {} threads were lost by now",
                    execution.id(), counters.count(Counters.Event.STUCK_WORKER));
        }
    }

    /** Ends everything: this node leaves, or the dispatcher stops. */
    public void stop() {
        stopped = true;
        for (Execution execution : List.copyOf(running.values())) {
            if (callOff(execution, ErrorCode.NOTCONN, STOPS)) {
                sayThatItStops(execution.key());
            }
        }
    }

    private void sayThatItStops(Key key) {
        outbox.send(key.requester(), end(key, ErrorCode.NOTCONN, STOPS), this::notSent);
    }

    private void notSent(DvsException why) {
        long nth = counters.count(Counters.Event.SEND_FAILURE);
        if (why.code() != ErrorCode.DSTNOTRCH && Counters.worthLogging(nth)) {
            LOG.warn("a reply could not be sent: {} ({} by now)", why.getMessage(), nth);
        }
    }

    /** Requests under way and waiting for a worker. */
    public int pending() {
        return running.size();
    }

    /** Timers that run. */
    int timers() {
        return deadlines.size();
    }

    // For executions, on workers.

    /** The handler has returned; any thread. */
    void returned(Execution execution) {
        loop.execute(() -> keepReply(execution));
    }

    /** @throws DvsException as {@link org.dvs.cluster.api.Channel#send}; {@code INTR} if the requester is gone */
    void send(int nodeId, byte[] message) throws DvsException {
        try {
            sender.send(nodeId, message);
        } catch (DvsException e) {
            throw e.code() == ErrorCode.DSTNOTRCH ? new DvsException(ErrorCode.INTR, "its requester left", e) : e;
        }
    }

    void sendLast(Execution execution, byte[] message) {
        try {
            sender.send(execution.key().requester(), message);
        } catch (DvsException e) {
            notSent(e);
        }
    }

    int localId() {
        return local.id();
    }

    long nanoTime() {
        return loop.nanoTime();
    }

    Settings settings() {
        return settings.get();
    }

    Counters counters() {
        return counters;
    }
}
