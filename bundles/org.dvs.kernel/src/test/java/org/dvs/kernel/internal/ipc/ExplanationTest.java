package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.BitSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.Privileges;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * A refusal says … what its number leaves out. 10 and 11 live on node 0, 12 on node 1, 13 nowhere; generations are counted,
 * their size is 35,570.
 */
@Tag("R-CMD-14")
class ExplanationTest {
    private static final int SECOND = 35_570;

    private final Nodes nodes = new Nodes(2, DvsParameters.DEFAULT, DcSettings::countingGenerations);
    private final KernelCore kernel = nodes.kernel(0);
    private final Endpoint p10 = TestKernels.bind(kernel, 10);
    private final Program p11 = nodes.bind(0, 11);

    ExplanationTest() throws DvsException {
        nodes.bind(1, 12);
    }

    private static void says(ErrorCode code, String message, Executable call) {
        DvsException refused = assertThrows(DvsException.class, call);
        assertEquals(code + " " + message, refused.code() + " " + refused.getMessage());
    }

    private void sends(ErrorCode code, int to, String why) {
        says(code, "send " + to + " by p10 (10 of dc0)" + why, () -> p10.send(to, new Message(), NOWAIT));
    }

    @Test
    void whichGenerationLivesThere() throws DvsException {
        p11.close();
        Program next = nodes.bindHere(0, 11, BindKind.SELF, LOCALNODE);
        assertEquals(SECOND + 11, next.number());
        String lives = "; generation 1 lives there: p11 of process 100 here, endpoint 35581";
        sends(ErrorCode.ENDPOINT, 11, ": 11 is process 11 in generation 0" + lives);
        sends(ErrorCode.ENDPOINT, 2 * SECOND + 11, ": 71151 is process 11 in generation 2" + lives);
        says(ErrorCode.ENDPOINT, "unbind of 11 in dc0: 11 is process 11 in generation 0" + lives, () -> kernel.unbind(0, 11));
        says(ErrorCode.ENDPOINT, "privileges of 11 in dc0: 11 is process 11 in generation 0" + lives,
                () -> kernel.privileges(0, 11));
        next.close();
        sends(ErrorCode.ENDPOINT, 11, ": 11 is process 11 in generation 0; nobody is bound there, and the next one gets 71151, "
                + "generation 2");
        sends(ErrorCode.DSTDIED, SECOND + 11, ": nobody is bound there");
        says(ErrorCode.ENDPOINT, "bind of 35581 in dc0: 35581 is process 11 in generation 1; nobody is bound there, and the next "
                + "one gets 71151, generation 2", () -> nodes.bindHere(0, SECOND + 11, BindKind.SELF, LOCALNODE));
    }

    @Test
    void whatIsBoundNowhereAndByNobody() {
        says(ErrorCode.BADPROC, "bind of -1 in dc0: -1 is the hardware, which only sends",
                () -> nodes.bindHere(0, -1, BindKind.SELF, LOCALNODE));
        says(ErrorCode.RANGE, "unbind 9999 by p10 (10 of dc0): dc0 has process numbers -35..220",
                () -> p10.unbind(9_999, NOWAIT));
        says(ErrorCode.RANGE, "wait4unbind 9999 by p10 (10 of dc0): dc0 has process numbers -35..220",
                () -> p10.wait4unbind(9_999, NOWAIT));
    }

    @Test
    void whoHasAnEndpointAndWhichThereAre() throws DvsException {
        says(ErrorCode.SLOTUSED, "bind of 11 in dc0: it is bound to p11 of process 100 here, endpoint 11",
                () -> nodes.bindHere(0, 11, BindKind.SELF, LOCALNODE));
        says(ErrorCode.SLOTUSED, "bind of 12 in dc0: it is bound to p12 of node 1, endpoint 12",
                () -> nodes.bindHere(0, 12, BindKind.SELF, LOCALNODE));
        nodes.bindHere(0, 14, BindKind.BACKUP, 1);
        String standBy = "bind of 14 in dc0: it is bound to p14 of process 100 here, stand-by of node 1, endpoint 14";
        says(ErrorCode.SLOTUSED, standBy, () -> nodes.bindHere(0, 14, BindKind.SELF, LOCALNODE));
        says(ErrorCode.SLOTUSED, standBy + "; that one need not be replaced: it takes over as it is",
                () -> nodes.bindHere(0, 14, BindKind.BACKUP, 1));
        sends(ErrorCode.DSTDIED, 13, ": nobody is bound there");
        sends(ErrorCode.RANGE, 5_000, ": dc0 has process numbers -35..220");
        sends(ErrorCode.RANGE, SECOND + 5_000, ": it would be process 5000 in generation 1, and dc0 has process numbers "
                + "-35..220");
        says(ErrorCode.BADPROC, "bind of SELF in dc0: that is no process: dc0 has process numbers -35..220",
                () -> nodes.bindHere(0, SELF, BindKind.SELF, LOCALNODE));
        says(ErrorCode.BADPROC, "bind of 221 in dc0: dc0 has process numbers -35..220",
                () -> nodes.bindHere(0, 221, BindKind.SELF, LOCALNODE));
        says(ErrorCode.BADPROC, "process 221 of dc0, whose process numbers are -35..220", () -> kernel.process(0, 221));
        says(ErrorCode.ENDPOINT, "sendrec 10 by p10 (10 of dc0): that is the caller itself",
                () -> p10.sendrec(10, new Message(), NOWAIT));
        kernel.migrateStart(0, 12);
        says(ErrorCode.BADPID, "migration commit to node 0, process 7, of 12 in dc0: no program of this node is bound there",
                () -> kernel.migrateCommit(7, 0, 12, 0));
        says(ErrorCode.RMTPROC, "wakeup of 12 in dc0: it lives on node 1", () -> kernel.wakeup(0, 12));
    }

    @Test
    void whatTheCallerMayDo() throws DvsException {
        Endpoint user = TestKernels.bind(kernel, 70);
        says(ErrorCode.BADCALL, "send 10 by p70 (70 of dc0): as a user process, at 29 or above, it is allowed "
                + "sendrec, wait4bind, "
                + "wait4unbind, unbind, getep only", () -> user.send(10, new Message(), NOWAIT));
        Privileges own = kernel.privileges(0, 10);
        kernel.privileges(0, 10, new Privileges(own.id(), own.level(), own.warn(), own.ipcTo(), Call.RECEIVE.bit()));
        sends(ErrorCode.BADCALL, 11, ": its privileges allow it receive only");
    }

    @Test
    void aNameThatCannotBeIsShownWithoutItsControlCharacters() {
        says(ErrorCode.BADVALUE, "name: 'a\\x1b[31m' must be letters, digits, '_', '.' and '-'",
                () -> DvsParameters.checkName("a\u001b[31m"));
    }

    @Test
    void whatThePeerDoes() {
        says(ErrorCode.PROCSTS, "reply 11 by p10 (10 of dc0): it is in no call", () -> p10.reply(11, new Message(), NOWAIT));
        p11.send(10, 1).waits();
        says(ErrorCode.PROCSTS, "vcopy of 5 bytes from 11 to SELF by p10 (10 of dc0): it is in send",
                () -> p10.vcopy(11, 1, SELF, 1, 5));
        says(ErrorCode.RANGE, "vcopy of -1 bytes from 11 to SELF by p10 (10 of dc0): 0 to 1048576 bytes can be copied at once",
                () -> p10.vcopy(11, 1, SELF, 1, -1));
        says(ErrorCode.ENDPOINT, "vcopy of 5 bytes from SELF to SELF by p10 (10 of dc0): source and destination are "
                + "the same process, "
                + "which copies within its memory by itself",
                () -> p10.vcopy(SELF, 1, SELF, 1, 5));
        sends(ErrorCode.LOCKED, 11, ": it waits for the caller to receive");
        nodes.link(0, 1).pairOf(0).disconnectSender();
        sends(ErrorCode.NOTCONN, 12, ": it lives on node 1, to which the proxies are not connected");
    }

    @Test
    void whoCannotBeSpokenTo() {
        sends(ErrorCode.BADDEST, 10, ": that is the caller itself");
        sends(ErrorCode.BADDEST, -1, ": -1 is the hardware, which only sends");
        says(ErrorCode.BADDEST, "send ANY by p10 (10 of dc0): that is nobody: name a process",
                () -> p10.send(ANY, new Message(), NOWAIT));
        says(ErrorCode.RANGE, "send SELF by p10 (10 of dc0): that is no process: dc0 has process numbers -35..220",
                () -> p10.send(SELF, new Message(), NOWAIT));
        says(ErrorCode.RANGE, "send -36 by p10 (10 of dc0): dc0 has process numbers -35..220",
                () -> p10.send(-36, new Message(), NOWAIT));
        says(ErrorCode.RANGE, "notify 11 by p10 (10 of dc0): values are 0..31", () -> p10.notifyValue(11, 32, NOWAIT));
        says(ErrorCode.BADVALUE, "privileges with level 6, where levels are 0..5, of 11 in dc0",
                () -> kernel.privileges(0, 11, new Privileges(1, 6, NONE, new BitSet(), 0)));
        says(ErrorCode.BADPROC, "privileges with warn 5000, where process numbers are -35..220, of 11 in dc0",
                () -> kernel.privileges(0, 11, new Privileges(1, 1, 5000, new BitSet(), 0)));
        says(ErrorCode.BADRANGE, "getep of process 0 by p10 (10 of dc0): process ids are above 0", () -> p10.getep(0));
        says(ErrorCode.BADPID, "getep of process 2000000000 by p10 (10 of dc0): there is no such process on node 0",
                () -> p10.getep(2_000_000_000));
    }

    @Test
    void whichBytesOfACopyAreMissingWhere() throws DvsException {
        long large = p10.memory().expose(ByteBuffer.allocate(200_000));
        long small = p11.expose(ByteBuffer.allocate(100_000));
        p11.receive();
        String copy = "vcopy of 150000 bytes from 11 to SELF by p10 (10 of dc0): bytes 65536..131071 of 150000, in "
                + "the source, 11 from "
                + "address " + (small + 65_536) + " on, are not all exposed there: the buffer at " + small + " has 100000 bytes";
        says(ErrorCode.FAULT, copy, () -> p10.vcopy(11, small, SELF, large, 150_000));
        says(ErrorCode.FAULT, "vcopy of 10 bytes from SELF to 11 by p10 (10 of dc0): bytes 0..9 of 10, in the "
                + "destination, 11 from address 5 "
                + "on, are not all exposed there: no buffer is there, of 1 exposed", () -> p10.vcopy(SELF, large, 11, 5, 10));
        long readOnly = p10.memory().expose(ByteBuffer.allocate(10).asReadOnlyBuffer());
        says(ErrorCode.FAULT, "vcopy of 10 bytes from 11 to SELF by p10 (10 of dc0): bytes 0..9 of 10, in the "
                + "destination, 10 from address "
                + readOnly + " on, are not all exposed there: the buffer at " + readOnly + " has 10 bytes, to be read only",
                () -> p10.vcopy(11, small, SELF, readOnly, 10));
        says(ErrorCode.ENDPOINT, "vcopy of 10 bytes from ANY to SELF by p10 (10 of dc0): the source is nobody: name a process",
                () -> p10.vcopy(ANY, 1, SELF, 1, 10));
        says(ErrorCode.SRCDIED, "vcopy of 10 bytes from 14 to 11 by p10 (10 of dc0): nobody is bound there",
                () -> p10.vcopy(14, 1, 11, 1, 10));
        nodes.bindHere(0, 15, BindKind.SELF, LOCALNODE);
        says(ErrorCode.PROCSTS, "vcopy of 10 bytes from 11 to 15 by p10 (10 of dc0): it is in no call",
                () -> p10.vcopy(11, 1, 15, 1, 10));
    }

    @Test
    void whatDidNotComeAboutInTime() throws DvsException {
        says(ErrorCode.TIMEDOUT, "send 11 by p10 (10 of dc0): it did not take it; p11 is in no call",
                () -> p10.send(11, new Message(), 1));
        p11.receive(12);
        says(ErrorCode.TIMEDOUT, "sendrec 11 by p10 (10 of dc0): it did not answer; p11 is in receive",
                () -> p10.sendrec(11, new Message(), 1));
        says(ErrorCode.TIMEDOUT, "sendrec 12 by p10 (10 of dc0): it did not answer; p12 lives on node 1",
                () -> p10.sendrec(12, new Message(), 1));
        says(ErrorCode.TIMEDOUT, "receive by p10 (10 of dc0): nothing came", () -> p10.receive(ANY, new Message(), 1));
        says(ErrorCode.TIMEDOUT, "wait4bind 14 by p10 (10 of dc0): nobody was bound there", () -> p10.wait4bind(14, 1));
        says(ErrorCode.TIMEDOUT, "wait4unbind 11 by p10 (10 of dc0): it did not end; p11 is in receive",
                () -> p10.wait4unbind(11, 1));
    }

    @Test
    void whichNodesAndDcsThereAre() {
        says(ErrorCode.BADDCID, "dc32, where nr_dcs allows 0..31", () -> kernel.dc(32));
        says(ErrorCode.DCNOTRUN, "dc5 on node 0", () -> kernel.dc(5));
        says(ErrorCode.BADNODEID, "bind of 13 in dc0: node 0 is this one", () -> kernel.rmtbind(0, 13, "p", 0));
        says(ErrorCode.BADNODEID, "bind of 13 in dc0: node 32, where nr_nodes allows 0..31",
                () -> kernel.rmtbind(0, 13, "p", 32));
        says(ErrorCode.BADNODEID, "bind of 13 in dc0: node 1 is named for a process of this node",
                () -> kernel.bind(0, 13, "p", BindKind.SELF, 1));
        says(ErrorCode.NODCNODE, "bind of 13 in dc0: node 7 is not a member", () -> kernel.rmtbind(0, 13, "p", 7));
        says(ErrorCode.BADPID, "no program of process 4711 waits to be bound; none does",
                () -> kernel.lclbind(0, 4_711, 13, BindKind.LOCAL, LOCALNODE));
    }

    @Test
    void whetherTheCallerIsNotBoundAnyMoreOrItsDcHasEnded() throws DvsException {
        Endpoint other = kernel.bind(0, 13, "p13", BindKind.SELF, LOCALNODE);
        p10.close();
        kernel.dcEnd(0);
        sends(ErrorCode.NOTBIND, 11, ": it is not bound any more");
        says(ErrorCode.DCNOTRUN, "receive by p13 (13 of dc0): its DC has ended", () -> other.receive(ANY, new Message(), NOWAIT));
    }
}
