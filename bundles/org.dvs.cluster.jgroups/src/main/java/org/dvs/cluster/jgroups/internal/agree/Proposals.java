package org.dvs.cluster.jgroups.internal.agree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * Changes of this node on their way into the log. Gathers those that come while others are under way into one command; knows when
 * a command can never be applied any more, and then proposes its changes again; answers each exactly once. Thread-safe.
 *
 * <p>A command is proposed for one term, and the leader appends it in that term or not at all. So when an entry of a later term
 * is applied and the command was not before, it never will be.
 */
final class Proposals {
    private static final int MAX_WAITING = 16_384;
    private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;
    private static final int MAX_UNDER_WAY = 8;
    private static final int BATCH_BYTES = 64 * 1024;

    /** The way to the leader. */
    interface Way {
        /** @return null without a leader */
        CatchUpRaft.Lead lead();

        /** @return false if it could not be sent */
        boolean propose(CatchUpRaft.Lead lead, long number, byte[] command);
    }

    /** One change, or a mark in the log: {@code change} is null then. */
    private static final class Item {
        private final byte[] change;
        private final CompletableFuture<Long> result;
        private final long asked;
        /** Since when it could have been proposed but for a leader. */
        private long waitsSince;
        /** It was told that the outcome is unknown, and is not proposed again. */
        private boolean givenUp;

        Item(byte[] change, CompletableFuture<Long> result, long now) {
            this.change = change;
            this.result = result;
            this.asked = now;
            this.waitsSince = now;
        }

        int size() {
            return change == null ? 0 : change.length;
        }
    }

    private record Batch(long term, List<Item> items) {
    }

    private final Commands.Origin origin;
    private final Way way;
    private final LongSupplier clock;
    private final long proposeWithin;
    private final long answerWithin;
    private final Executor answers;
    private final Deque<Item> waiting = new ArrayDeque<>();
    private final Map<Long, Batch> underWay = new TreeMap<>();
    private long waitingBytes;
    private long number;
    private DvsException stopped;

    /** @param answers runs what waits for the results, one after another */
    Proposals(Commands.Origin origin, Way way, LongSupplier clock, long proposeWithinNanos, long answerWithinNanos,
            Executor answers) {
        this.origin = origin;
        this.way = way;
        this.clock = clock;
        this.proposeWithin = proposeWithinNanos;
        this.answerWithin = answerWithinNanos;
        this.answers = answers;
    }

    /** @param change as {@link Commands#encode} gives it, or null to be told when all that was agreed before is applied here */
    CompletableFuture<Long> propose(byte[] change) {
        CompletableFuture<Long> result = new CompletableFuture<>();
        synchronized (this) {
            if (stopped != null) {
                return CompletableFuture.failedFuture(stopped);
            }
            if (waiting.size() >= MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES) {
                return CompletableFuture.failedFuture(new DvsException(ErrorCode.AGAIN,
                        waiting.size() + " changes wait already"));
            }
            Item item = new Item(change, result, clock.getAsLong());
            waiting.addLast(item);
            waitingBytes += item.size();
            send();
        }
        return result;
    }

    /** Proposes what waits, as far as there is a leader and not too much under way. */
    private void send() {
        while (!waiting.isEmpty() && underWay.size() < MAX_UNDER_WAY && stopped == null) {
            CatchUpRaft.Lead lead = way.lead();
            if (lead == null) {
                return;
            }
            List<Item> items = new ArrayList<>();
            List<byte[]> changes = new ArrayList<>();
            int bytes = 0;
            while (!waiting.isEmpty() && changes.size() < Limits.COMMAND_CHANGES
                    && (bytes == 0 || bytes + waiting.getFirst().size() <= BATCH_BYTES)) {
                Item item = waiting.removeFirst();
                waitingBytes -= item.size();
                bytes += item.size();
                items.add(item);
                if (item.change != null) {
                    changes.add(item.change);
                }
            }
            number++;
            Batch batch = new Batch(lead.term(), items);
            if (!way.propose(lead, number, Commands.encode(origin, number, changes))) {
                again(batch);
                return;
            }
            underWay.put(number, batch);
        }
    }

    /** A command of any node was applied. */
    synchronized void applied(KeyedState.Applied applied) {
        Batch batch = origin.equals(applied.origin()) ? underWay.remove(applied.number()) : null;
        if (batch != null) {
            answers.execute(() -> answer(batch.items, applied.outcomes()));
            send();
        }
    }

    private static void answer(List<Item> items, List<KeyedState.Outcome> outcomes) {
        Iterator<KeyedState.Outcome> outcome = outcomes.iterator();
        for (Item item : items) {
            if (item.change == null) {
                item.result.complete(0L);
            } else {
                KeyedState.Outcome its = outcome.next();
                if (its.code() == null) {
                    item.result.complete(its.version());
                } else {
                    item.result.completeExceptionally(new DvsException(its.code(), its.detail()));
                }
            }
        }
    }

    /** The leader did not take a command and never will. */
    synchronized void notProposed(long refused) {
        Batch batch = underWay.remove(refused);
        if (batch != null) {
            again(batch); // tried with the next tick, when there may be another leader, or more room
        }
    }

    /** No command of an earlier term is applied from here on. */
    synchronized void termBegan(long term) {
        List<Batch> lost = new ArrayList<>();
        underWay.values().removeIf(batch -> {
            boolean gone = batch.term < term;
            if (gone) {
                lost.add(batch);
            }
            return gone;
        });
        for (int i = lost.size() - 1; i >= 0; i--) {
            again(lost.get(i));
        }
    }

    private void again(Batch batch) {
        long now = clock.getAsLong();
        for (int i = batch.items.size() - 1; i >= 0; i--) {
            Item item = batch.items.get(i);
            if (!item.givenUp) {
                item.waitsSince = now;
                waiting.addFirst(item);
                waitingBytes += item.size();
            }
        }
    }

    /** A snapshot came in the place of commands; whether ours were among them cannot be told. Marks change nothing: again. */
    synchronized void overtaken() {
        List<Batch> overtaken = new ArrayList<>(underWay.values());
        underWay.clear();
        Collections.reverse(overtaken);
        for (Batch batch : overtaken) {
            fail(batch.items.stream().filter(item -> item.change != null).toList(), ErrorCode.UNKNOWNOUTCOME,
                    "this node was overtaken by a snapshot");
            again(new Batch(batch.term, batch.items.stream().filter(item -> item.change == null).toList()));
        }
    }

    private void fail(List<Item> items, ErrorCode code, String detail) {
        DvsException failure = new DvsException(code, detail);
        answers.execute(() -> items.forEach(item -> item.result.completeExceptionally(failure)));
    }

    /** True while anything waits or is under way. */
    synchronized boolean open() {
        return !waiting.isEmpty() || !underWay.isEmpty();
    }

    /** Looks after deadlines, and tries again. Called every few tens of milliseconds. */
    synchronized void tick() {
        long now = clock.getAsLong();
        boolean leaderless = way.lead() == null;
        List<Item> unled = new ArrayList<>();
        List<Item> crowded = new ArrayList<>();
        waiting.removeIf(item -> {
            if (leaderless && now - item.waitsSince > proposeWithin) {
                unled.add(item);
            } else if (now - item.asked > answerWithin) {
                crowded.add(item);
            } else {
                return false;
            }
            waitingBytes -= item.size();
            return true;
        });
        if (!unled.isEmpty()) {
            fail(unled, ErrorCode.NOTREADY, "no leader, nothing was changed");
        }
        if (!crowded.isEmpty()) {
            fail(crowded, ErrorCode.AGAIN, "too many changes wait, this one was not made");
        }
        underWay.values().removeIf(batch -> {
            // each by its own time: one that is proposed again goes together with younger ones
            List<Item> late = batch.items.stream().filter(item -> !item.givenUp && now - item.asked > answerWithin).toList();
            if (!late.isEmpty()) {
                late.forEach(item -> item.givenUp = true);
                fail(late, ErrorCode.UNKNOWNOUTCOME, "proposed, and nothing was heard of it in time");
            }
            return batch.items.stream().allMatch(item -> item.givenUp);
        });
        send();
    }

    /** Answers all that is open, and refuses what comes. */
    synchronized void stop(DvsException reason) {
        if (stopped == null) {
            stopped = reason;
            fail(List.copyOf(waiting), reason.code(), reason.getMessage());
            waiting.clear();
            waitingBytes = 0;
            underWay.values().forEach(batch -> fail(batch.items, ErrorCode.UNKNOWNOUTCOME, reason.getMessage()));
            underWay.clear();
        }
    }
}
