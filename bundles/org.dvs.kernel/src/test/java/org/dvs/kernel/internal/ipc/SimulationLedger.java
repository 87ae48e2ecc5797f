package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

import org.dvs.kernel.api.Message;

/** What was sent and what became of it: every message carries its number in here. */
final class SimulationLedger {
    private static final int SEAL = 0x5EA1;

    enum Kind { SEND, REQUEST, REPLY }

    /** One message that a program gave to the kernel. */
    static final class Sent {
        final int id;
        final Kind kind;
        final LoopEndpoint from;
        final int source;
        final int destination;
        /** The request that a reply answers, or 0. */
        final int answers;
        /** Result of the call; null until it has ended. */
        Integer outcome;
        /** The result does not say whether the message was received. */
        boolean vague;
        LoopEndpoint receiver;
        int received;

        Sent(int id, Kind kind, LoopEndpoint from, int destination, int answers) {
            this.id = id;
            this.kind = kind;
            this.from = from;
            this.source = from.number();
            this.destination = destination;
            this.answers = answers;
        }

        @Override
        public String toString() {
            return kind + " " + id + " from " + source + " to " + destination + (answers == 0 ? "" : " answering " + answers)
                    + ", outcome "
                    + outcome + (vague ? " (vague)" : "") + ", received " + received + " times";
        }
    }

    /** A notification that its receiver is owed. */
    static final class Note {
        final int source;
        final int destination;
        final int value;
        final boolean remote;
        final int moves;
        final int breaks;
        boolean posted;
        boolean told;
        boolean valueTold;

        Note(int source, int destination, int value, boolean remote, int moves, int breaks) {
            this.source = source;
            this.destination = destination;
            this.value = value;
            this.remote = remote;
            this.moves = moves;
            this.breaks = breaks;
            valueTold = value == Notifications.NO_VALUE;
        }

        @Override
        public String toString() {
            return "notification from " + source + " to " + destination + ", value " + value + (remote ? ", remote" : "");
        }
    }

    private final Map<Integer, Sent> sent = new HashMap<>();
    private final Map<LoopEndpoint, Map<LoopEndpoint, Integer>> newest = new HashMap<>();
    private final List<Note> owed = new ArrayList<>();
    private int last;
    int delivered;

    Sent send(Kind kind, LoopEndpoint from, int destination, int answers) {
        Sent entry = new Sent(++last, kind, from, destination, answers);
        sent.put(entry.id, entry);
        return entry;
    }

    Message message(Sent entry) {
        return new Message(1 + entry.kind.ordinal()).putInt(Message.M1_I1, entry.id).putInt(Message.M1_I2, entry.destination)
                .putInt(Message.M1_I3, entry.answers).putInt(Message.M1_P1, entry.id ^ SEAL);
    }

    /** A program holds a message now. */
    Sent received(Message message, LoopEndpoint by) {
        int id = message.getInt(Message.M1_I1);
        Sent entry = sent.get(id);
        assertNotNull(entry, "a message that nobody sent: " + message);
        assertEquals(1, ++entry.received, "received once: " + entry);
        assertEquals(message(entry).source(entry.source), message, "as it was sent: " + entry);
        assertEquals(by.number(), entry.destination, "by whom it was sent to: " + entry);
        assertTrue(entry.outcome == null || entry.outcome >= 0 || entry.vague, "its sender was told that it did not arrive: "
                + entry);
        entry.receiver = by;
        delivered++;
        Integer before = newest.computeIfAbsent(by, receiver -> new HashMap<>()).put(entry.from, id);
        assertTrue(before == null || before < id, entry + " after " + before + " of the same sender");
        return entry;
    }

    void ended(Sent entry, int rcode, boolean vague) {
        assertEquals(null, entry.outcome, "one end of a call: " + entry);
        entry.outcome = rcode;
        entry.vague = vague;
        if (rcode < 0 && !vague) {
            assertEquals(0, entry.received, "what was refused did not arrive: " + entry);
        }
    }

    /** A request has ended well, with this message. */
    void answered(Sent request, Sent answer) {
        assertEquals(request.destination, answer.source, "an answer of whoever was asked: " + answer);
        if (answer.kind == Kind.REPLY) {
            assertEquals(request.id, answer.answers, "the answer to this request and to no other: " + answer);
            assertEquals(1, request.received, "answered, so received: " + request);
            assertEquals(answer.from, request.receiver, "answered by whoever received it");
        }
    }

    // ---- notifications

    Note notify(Note note) {
        owed.add(note);
        return note;
    }

    void notified(Note note, int rcode) {
        if (rcode < 0) {
            owed.remove(note);
        } else {
            note.posted = true;
        }
    }

    void told(int source, int destination, int values) {
        for (Note note : owed) {
            if (note.destination == destination) {
                note.told |= note.source == source;
                note.valueTold |= note.value >= 0 && (values & 1 << note.value) != 0;
            }
        }
        owed.removeIf(note -> note.posted && note.told && note.valueTold);
    }

    /** Whoever ends takes with it what it notified and what it was to be notified of. */
    void died(int endpoint) {
        owed.removeIf(note -> note.source == endpoint || note.destination == endpoint);
    }

    /** It moved away from a node that could not follow, with what waited for it there. */
    void leftBehind(int endpoint) {
        owed.removeIf(note -> note.posted && note.destination == endpoint);
    }

    /** What came from it and waits at some processes goes with its binding there. */
    void erased(int source, IntPredicate at) {
        owed.removeIf(note -> note.source == source && at.test(note.destination));
    }

    // ---- when nothing moves any more

    /** Messages are where their senders were told. */
    void check() {
        for (Sent entry : sent.values()) {
            if (entry.outcome == null) {
                assertTrue(entry.received == 0 || entry.kind == Kind.REQUEST, "has arrived, and its sender still waits: "
                        + entry);
            } else if (entry.outcome >= 0 && entry.kind != Kind.REQUEST && !entry.vague) {
                assertEquals(1, entry.received, "its sender was told that it arrived: " + entry);
            }
        }
    }

    void checkNotifications(SimulationWorld world) {
        for (Note note : owed) {
            boolean travels = note.remote || note.moves != world.vos.moves(note.destination);
            if (travels && note.breaks < world.breaks || !note.posted) {
                continue;
            }
            Proc to = world.vos.home(note.destination);
            Proc from = to == null ? null : to.dc.slots.of(note.source);
            boolean pending = from != null && to.pending != null && to.pending.get(to.dc.slots.index(from.nr));
            assertTrue(note.told || pending, "a notification is lost: " + note + ", " + world.vos.describe(note.destination));
            assertTrue(note.valueTold || to != null && (to.updates & 1 << note.value) != 0,
                    "a notification's value is lost: " + note);
        }
    }

    void checkAllEnded() {
        for (Sent entry : sent.values()) {
            assertNotNull(entry.outcome, "nobody was told: " + entry);
        }
    }

    int count() {
        return sent.size();
    }
}
