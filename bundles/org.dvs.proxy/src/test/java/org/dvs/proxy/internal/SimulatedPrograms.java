package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.SimulatedDvs.DC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/**
 * Programs on one node that ask and send to those of the other, over and over, each message with a number of its own; what each
 * was told became of it is held against what arrived.
 */
final class SimulatedPrograms {
    private static final int CLIENTS = 3;
    private static final long LIMIT_MS = 20_000;
    private static final long PAUSE = 3_000_000;

    private final SimulatedDvs world;
    private final SimulatedDvsNode here;
    private final SimulatedDvsNode there;
    private final int server;
    private final int sink;
    private final Map<Integer, Integer> arrived = new HashMap<>();
    private final Map<Integer, Integer> ended = new HashMap<>();
    private final Map<ErrorCode, Integer> ends;
    private int numbers;
    private boolean quiet;

    /** @param ends counts by code the calls that do not end well */
    SimulatedPrograms(SimulatedDvs world, int node, Map<ErrorCode, Integer> ends) throws DvsException {
        this.world = world;
        this.ends = ends;
        here = world.nodes[node];
        there = world.nodes[1 - node];
        server = 2 * there.id;
        sink = server + 1;
        serve(there.kernel.bindAsync(DC, server, "server", BindKind.SELF, EndpointNumbers.LOCALNODE));
        there.kernel.bindHandler(DC, sink, "sink", (message, self) -> arrives(message));
        here.kernel.rmtbind(DC, server, "server", there.id);
        here.kernel.rmtbind(DC, sink, "sink", there.id);
        for (int i = 0; i < CLIENTS; i++) {
            // Users are bound there when they call; system processes are not.
            int user = 40 + 10 * here.id + i;
            int system = 10 + 5 * here.id + i;
            there.kernel.rmtbind(DC, system, "sends", here.id);
            begin(here.kernel.bindAsync(DC, user, "asks", BindKind.SELF, EndpointNumbers.LOCALNODE), true);
            begin(here.kernel.bindAsync(DC, system, "sends", BindKind.SELF, EndpointNumbers.LOCALNODE), false);
        }
    }

    private void arrives(Message message) {
        arrived.merge(message.getInt(Message.M1_I1), 1, Integer::sum);
    }

    private void serve(AsyncEndpoint self) {
        Message message = new Message();
        self.receive(EndpointNumbers.ANY, message, Endpoint.FOREVER, rcode -> {
            if (rcode < 0) {
                throw new AssertionError("the server does not get a message: " + rcode);
            }
            arrives(message);
            if (world.random.nextInt(3) == 0) {
                world.at(world.now() + world.below(20_000_000), () -> answer(self, message));
            } else {
                answer(self, message);
            }
        });
    }

    /** Whether the client still waits is the client's affair. */
    private void answer(AsyncEndpoint self, Message message) {
        self.reply(message.source(), message.type(2), LIMIT_MS, rcode -> world.at(world.now() + 1, () -> serve(self)));
    }

    private void begin(AsyncEndpoint self, boolean asks) {
        world.at(world.now() + world.below(PAUSE), () -> call(self, asks));
    }

    private void call(AsyncEndpoint self, boolean asks) {
        if (quiet) {
            return;
        }
        int number = numbers++;
        Message message = new Message(1).putInt(Message.M1_I1, number);
        if (asks) {
            self.sendrec(server, message, LIMIT_MS, rcode -> ends(self, true, number, rcode, message));
        } else {
            self.send(sink, message, LIMIT_MS, rcode -> ends(self, false, number, rcode, message));
        }
    }

    private void ends(AsyncEndpoint self, boolean asks, int number, int rcode, Message message) {
        if (ended.put(number, rcode) != null) {
            throw new AssertionError("told twice: " + number);
        }
        if (rcode >= 0 && asks && message.getInt(Message.M1_I1) != number) {
            throw new AssertionError("request " + number + " got the answer to " + message.getInt(Message.M1_I1));
        }
        world.at(world.now() + (rcode < 0 ? 10 : 1) * PAUSE, () -> call(self, asks));
    }

    void quiet() {
        quiet = true;
    }

    /** Once everything is at rest. */
    void check() {
        assertEquals(numbers, ended.size(), "calls that nobody told the end of");
        ended.forEach((number, rcode) -> {
            int times = arrived.getOrDefault(number, 0);
            ErrorCode end = rcode >= 0 ? null : ErrorCode.ofRcode(rcode).orElseThrow();
            String what = "message " + number + " of " + here.id + " arrived " + times + " times, told "
                    + (end == null ? "OK" : end);
            if (end == null) {
                assertEquals(1, times, what);
            } else {
                ends.merge(end, 1, Integer::sum);
                switch (end) {
                    case NOTCONN -> assertEquals(0, times, what);
                    case UNKNOWNOUTCOME -> assertTrue(times <= 1, what);
                    default -> throw new AssertionError(what);
                }
            }
        });
    }

    int count() {
        return numbers;
    }
}
