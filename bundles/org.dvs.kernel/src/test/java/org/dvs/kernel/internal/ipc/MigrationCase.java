package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.NO_PID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Message;

/**
 * Migration of endpoint 10 from node A to node B, where a backup is bound, with clients on A, B and C: the recipe of dvs-kernel
 * reference 10 (start on all, then commit on all, or rollback on all).
 */
abstract class MigrationCase {
    static final int A = 0;
    static final int B = 1;
    static final int C = 2;
    static final int P = 10;
    static final int PID = 100;

    final Nodes nodes = new Nodes(3);
    final Program p = nodes.bindHere(A, P, BindKind.SELF, LOCALNODE);
    final Program backup = nodes.bindHere(B, P, BindKind.BACKUP, A);
    /** P waits for it alone, so that what others send stays queued. */
    final Program silent = nodes.bind(A, 28);

    MigrationCase() throws DvsException {
        nodes.kernel(C).rmtbind(Nodes.DC, P, "p10", A);
    }

    final void start() throws DvsException {
        for (int node : new int[] {A, B, C}) {
            nodes.kernel(node).migrateStart(Nodes.DC, P);
        }
    }

    final void commit(int node, int to) throws DvsException {
        nodes.kernel(node).migrateCommit(node == to ? PID : NO_PID, Nodes.DC, P, to);
    }

    final void commit() throws DvsException {
        for (int node : new int[] {B, A, C}) {
            commit(node, B);
        }
        nodes.settle();
    }

    final void rollback() throws DvsException {
        for (int node : new int[] {A, B, C}) {
            nodes.kernel(node).migrateRollback(Nodes.DC, P);
        }
        nodes.settle();
    }

    /** Retries of refused calls are due after some milliseconds. */
    final void settleAll() {
        for (int i = 0; i < 10; i++) {
            nodes.settle();
            nodes.pass(Migrations.RETRY_MS);
        }
        nodes.settle();
    }

    /** What a program receives until nothing is left, by source; requests are answered with the number negated. */
    final Map<Integer, List<Integer>> takeAll(Program program) {
        Map<Integer, List<Integer>> taken = new TreeMap<>();
        Heard next = program.receive(ANY, 1);
        settleAll();
        while (next.rcode() == 0) {
            assertTrue(next.hasEnded());
            int source = next.message.source();
            int number = next.message.getInt(Message.M1_I1);
            taken.computeIfAbsent(source, s -> new ArrayList<>()).add(number);
            if (number >= 1000) {
                Heard replied = program.reply(source, -number);
                settleAll();
                replied.ok();
            }
            next = program.receive(ANY, 1);
            settleAll();
        }
        next.fails(ErrorCode.TIMEDOUT);
        return taken;
    }


    final Map<Integer, Heard> sent = new TreeMap<>();
    final Map<Integer, Heard> asked = new TreeMap<>();

    /** Three that send and three that ask, on each of the nodes. */
    final void clients(int first) throws DvsException {
        for (int node : new int[] {A, B, C}) {
            int sender = first + 2 * node;
            sent.put(sender, nodes.bind(node, sender).send(P, sender));
            int asker = first + 2 * node + 1;
            asked.put(asker, nodes.bind(node, asker).sendrec(P, 1000 + asker));
        }
        nodes.settle();
    }

    final void allServed(Map<Integer, List<Integer>> taken) {
        sent.forEach((source, heard) -> {
            assertEquals(List.of(source), taken.remove(source));
            heard.ok();
        });
        asked.forEach((source, heard) -> {
            assertEquals(List.of(1000 + source), taken.remove(source));
            heard.brings(P, -1000 - source);
        });
        assertEquals(Map.of(), taken);
    }
}
