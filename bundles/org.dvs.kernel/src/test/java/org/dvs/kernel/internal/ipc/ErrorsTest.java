package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.HARDWARE;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.Privileges;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Situation by situation, the EDVS code that each primitive gives: dvs-kernel reference 7.3, 8, 9. A is 10 on node 0, S is 11
 * there, 100 a user there, 12 a server on node 1, 13 unbound.
 */
@Tag("R-CMD-14")
class ErrorsTest {
    private static final int STALE = 35_570 + 11;
    private static final int FAR_AWAY = 5_000;

    private final Nodes nodes = new Nodes(2);
    private final KernelCore kernel = nodes.kernel(0);
    private final Program a = nodes.bind(0, 10);
    private final Program s = nodes.bind(0, 11);
    private final Program user = nodes.bind(0, 100);

    ErrorsTest() throws DvsException {
        nodes.bind(1, 12);
    }

    /** Something to do, and what it came to. */
    private interface Try {
        Heard of(ErrorsTest t) throws DvsException;
    }

    private static Arguments row(String situation, ErrorCode expected, Try call) {
        return Arguments.of(situation, expected, call);
    }

    static Stream<Arguments> peers() {
        return Stream.of(
                row("send to oneself", ErrorCode.BADDEST, t -> t.a.send(10, 1)),
                row("send to anybody", ErrorCode.BADDEST, t -> t.a.send(ANY, 1)),
                row("send to nobody", ErrorCode.BADDEST, t -> t.a.send(NONE, 1)),
                row("send to the hardware", ErrorCode.BADDEST, t -> t.a.send(HARDWARE, 1)),
                row("send out of range", ErrorCode.RANGE, t -> t.a.send(FAR_AWAY, 1)),
                row("send below the tasks", ErrorCode.RANGE, t -> t.a.send(-36, 1)),
                row("send to a free slot", ErrorCode.DSTDIED, t -> t.a.send(13, 1)),
                row("send to another generation", ErrorCode.ENDPOINT, t -> t.a.send(STALE, 1)),
                row("send to another generation of a free slot", ErrorCode.ENDPOINT, t -> t.a.send(35_570 + 13, 1)),
                row("send by a user", ErrorCode.BADCALL, t -> t.user.send(10, 1)),

                row("receive from oneself", ErrorCode.ENDPOINT, t -> t.a.receive(10)),
                row("receive from nobody", ErrorCode.RANGE, t -> t.a.receive(NONE)),
                row("receive out of range", ErrorCode.RANGE, t -> t.a.receive(FAR_AWAY)),
                row("receive from a free slot", ErrorCode.SRCDIED, t -> t.a.receive(13)),
                row("receive from the last slot, which no limit cuts off", ErrorCode.SRCDIED, t -> t.a.receive(220)),
                row("receive from another generation", ErrorCode.ENDPOINT, t -> t.a.receive(STALE)),
                row("receive by a user", ErrorCode.BADCALL, t -> t.user.receive()),

                row("sendrec to oneself", ErrorCode.ENDPOINT, t -> t.a.sendrec(10, 1)),
                row("sendrec to anybody", ErrorCode.BADDEST, t -> t.a.sendrec(ANY, 1)),
                row("sendrec out of range", ErrorCode.RANGE, t -> t.a.sendrec(FAR_AWAY, 1)),
                row("sendrec to a free slot", ErrorCode.DEADSRCDST, t -> t.a.sendrec(13, 1)),
                row("sendrec to another generation", ErrorCode.ENDPOINT, t -> t.a.sendrec(STALE, 1)),

                row("rcvrqst by a user that may", ErrorCode.TRAPDENIED, t -> t.allowAll(t.user).rcvrqst()),
                row("reply by a user that may", ErrorCode.TRAPDENIED, t -> t.allowAll(t.user).reply(10, 1)),
                row("reply to oneself", ErrorCode.BADDEST, t -> t.a.reply(10, 1)),
                row("reply to nobody", ErrorCode.BADDEST, t -> t.a.reply(NONE, 1)),
                row("reply out of range", ErrorCode.RANGE, t -> t.a.reply(FAR_AWAY, 1)),
                row("reply to a free slot", ErrorCode.DSTDIED, t -> t.a.reply(13, 1)),
                row("reply to another generation", ErrorCode.ENDPOINT, t -> t.a.reply(STALE, 1)),
                row("reply to one that does not wait", ErrorCode.PROCSTS, t -> t.a.reply(11, 1)),
                row("reply to one afar that does not wait", ErrorCode.PROCSTS, t -> t.a.reply(12, 1)),

                row("notify oneself", ErrorCode.BADDEST, t -> t.a.tell(10)),
                row("notify the hardware", ErrorCode.BADDEST, t -> t.a.tell(HARDWARE)),
                row("notify out of range", ErrorCode.RANGE, t -> t.a.tell(FAR_AWAY)),
                row("notify a free slot", ErrorCode.DSTDIED, t -> t.a.tell(13)),
                row("notify another generation", ErrorCode.ENDPOINT, t -> t.a.tell(STALE)),
                row("notify a user", ErrorCode.TRAPDENIED, t -> t.a.tell(100)),
                row("notify by a user that may", ErrorCode.TRAPDENIED, t -> t.allowAll(t.user).tell(10)),
                row("notify with value 32", ErrorCode.RANGE, t -> t.a.tell(11, 32)),
                row("notify with value -1", ErrorCode.RANGE, t -> t.a.tell(11, -1)),
                row("notify one with a user's privileges", ErrorCode.PRIVILEGES, t -> {
                    Privileges p = t.kernel.privileges(Nodes.DC, 11);
                    t.kernel.privileges(Nodes.DC, 11, new Privileges(64, 0, p.warn(), p.ipcTo(), p.allowed()));
                    return t.a.tell(11);
                }),

                row("vcopy by a user that may", ErrorCode.TRAPDENIED, t -> t.allowAll(t.user).vcopy(10, 1, SELF, 1, 1)),
                row("vcopy by a user", ErrorCode.BADCALL, t -> t.user.vcopy(10, 1, SELF, 1, 1)),
                row("vcopy out of range", ErrorCode.RANGE, t -> t.a.vcopy(FAR_AWAY, 1, SELF, 1, 1)),
                row("vcopy from a free slot", ErrorCode.SRCDIED, t -> t.a.vcopy(13, 1, SELF, 1, 1)),
                row("vcopy to a free slot", ErrorCode.DSTDIED, t -> t.a.vcopy(SELF, 1, 13, 1, 1)),
                row("vcopy from another generation", ErrorCode.ENDPOINT, t -> t.a.vcopy(STALE, 1, SELF, 1, 1)),
                row("vcopy to another generation", ErrorCode.ENDPOINT, t -> t.a.vcopy(SELF, 1, STALE, 1, 1)),
                row("vcopy from one that runs", ErrorCode.PROCSTS, t -> t.a.vcopy(11, 1, SELF, 1, 1)),

                row("wait4bind out of range", ErrorCode.RANGE, t -> t.a.wait4bind(FAR_AWAY, NOWAIT)),
                row("wait4bind of the hardware", ErrorCode.RANGE, t -> t.a.wait4bind(-1, NOWAIT)),
                row("wait4unbind of no number at all", ErrorCode.RANGE, t -> t.a.wait4unbind(Integer.MIN_VALUE, NOWAIT)),
                row("wait4bind of another generation", ErrorCode.ENDPOINT, t -> t.a.wait4bind(STALE, NOWAIT)),
                row("wait4bind of a generation that never comes", ErrorCode.ENDPOINT, t -> t.a.wait4bind(35_570 + 13, NOWAIT)),
                row("wait4bind that may not wait", ErrorCode.AGAIN, t -> t.a.wait4bind(13, NOWAIT)),
                row("wait4unbind out of range", ErrorCode.RANGE, t -> t.a.wait4unbind(FAR_AWAY, NOWAIT)),
                row("unbind out of range", ErrorCode.RANGE, t -> t.a.unbind(FAR_AWAY, NOWAIT)),
                row("unbind of a free slot", ErrorCode.NOTBIND, t -> t.a.unbind(13, NOWAIT)),
                row("unbind of another generation", ErrorCode.ENDPOINT, t -> t.a.unbind(STALE, NOWAIT)));
    }

    private Program allowAll(Program program) throws DvsException {
        Privileges p = kernel.privileges(Nodes.DC, program.number());
        kernel.privileges(Nodes.DC, program.number(), new Privileges(p.id(), p.level(), p.warn(), p.ipcTo(), Call.allBits()));
        return program;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("peers")
    void ofAPeerThatCannotBeAddressed(String situation, ErrorCode expected, Try call) throws DvsException {
        call.of(this).fails(expected);
        assertEquals(0, a.info().flags());
        assertEquals(0, user.info().flags());
    }

    /** Every call that addresses a peer. */
    private List<Heard> all(int peer) {
        return List.of(a.send(peer, 1), a.sendrec(peer, 1), a.tell(peer), a.vcopy(peer, 1, SELF, 1, 1),
                a.vcopy(SELF, 1, peer, 1, 1));
    }

    private void allFail(int peer, ErrorCode expected) {
        all(peer).forEach(heard -> heard.fails(expected));
    }

    @Test
    void ofASystemProcessThatMayNotBeAddressed() throws DvsException {
        Privileges p = kernel.privileges(Nodes.DC, 10);
        BitSet none = new BitSet();
        kernel.privileges(Nodes.DC, 10, new Privileges(p.id(), p.level(), p.warn(), none, p.allowed()));
        allFail(11, ErrorCode.TRAPDENIED);
        allFail(12, ErrorCode.TRAPDENIED);
        allFail(13, ErrorCode.TRAPDENIED);
        a.reply(11, 1).fails(ErrorCode.TRAPDENIED);
        a.sendrec(100, 1).waits();
    }

    @Test
    void ofANodeThatIsNoMember() throws DvsException {
        // A stub outlives its node's membership only where it is bound between: the pair's node is taken away under it.
        Container dc = kernel.container(Nodes.DC);
        dc.member(1, false);
        allFail(12, ErrorCode.NODCNODE);
        a.receive(12).fails(ErrorCode.NODCNODE);
    }

    @Test
    void ofANodeThatIsNotConnected() {
        nodes.link(0, 1).pairOf(0).disconnectSender();
        allFail(12, ErrorCode.NOTCONN);
        a.receive(12).waits();
        nodes.link(0, 1).pairOf(0).disconnectReceiver();
    }

    @Test
    void ofAReceiverProxyThatIsNotConnected() {
        nodes.link(0, 1).pairOf(0).disconnectReceiver();
        a.receive(12).fails(ErrorCode.NOTCONN);
        // Its answer could not come.
        a.send(12, 1).fails(ErrorCode.NOTCONN);
    }

    @Test
    void ofANodeWithoutAPair() throws DvsException {
        kernel.nodeUp("node2", 2, 1);
        kernel.addNode(Nodes.DC, 2);
        kernel.rmtbind(Nodes.DC, 14, "p14", 2);
        Container dc = kernel.container(Nodes.DC);
        ((NodeSite) dc.site).node(2, null);
        allFail(14, ErrorCode.NOPROXY);
        a.receive(14).fails(ErrorCode.NOPROXY);
        TestKernels.refused(ErrorCode.NOPROXY, () -> kernel.rmtbind(Nodes.DC, 15, "p15", 2));
    }

    @Test
    void ofACallerThatIsNotBoundAnyMore() throws DvsException {
        a.close();
        allFail(11, ErrorCode.NOTBIND);
        a.receive().fails(ErrorCode.NOTBIND);
        a.rcvrqst().fails(ErrorCode.NOTBIND);
        a.reply(11, 1).fails(ErrorCode.NOTBIND);
        a.wait4bind(11, NOWAIT).fails(ErrorCode.NOTBIND);
        a.wait4unbind(11, NOWAIT).fails(ErrorCode.NOTBIND);
        a.unbind(11, NOWAIT).fails(ErrorCode.NOTBIND);
        assertEquals(ErrorCode.NOTBIND.rcode(), a.self.getep(1));
        // It is looked at first whether the caller is bound; that its DC has ended since changes nothing.
        kernel.dcEnd(Nodes.DC);
        allFail(11, ErrorCode.NOTBIND);
        a.receive().fails(ErrorCode.NOTBIND);
    }

    @Test
    void ofACallerWhoseDcHasEnded() throws DvsException {
        Heard waiting = s.receive();
        kernel.dcEnd(Nodes.DC);
        waiting.fails(ErrorCode.DCNOTRUN);
        allFail(11, ErrorCode.DCNOTRUN);
        a.receive().fails(ErrorCode.DCNOTRUN);
        a.rcvrqst().fails(ErrorCode.DCNOTRUN);
        a.reply(11, 1).fails(ErrorCode.DCNOTRUN);
        a.wait4bind(11, NOWAIT).fails(ErrorCode.DCNOTRUN);
        a.wait4unbind(11, NOWAIT).fails(ErrorCode.DCNOTRUN);
        a.unbind(11, NOWAIT).fails(ErrorCode.DCNOTRUN);
        assertEquals(ErrorCode.DCNOTRUN.rcode(), a.self.getep(1));
    }

    @Test
    void ofACallerThatIsInACallAlready() {
        a.receive();
        allFail(11, ErrorCode.PROCRUN);
        a.receive().fails(ErrorCode.PROCRUN);
        a.rcvrqst().fails(ErrorCode.PROCRUN);
        a.reply(11, 1).fails(ErrorCode.PROCRUN);
        a.wait4bind(11, NOWAIT).fails(ErrorCode.PROCRUN);
        a.wait4unbind(11, NOWAIT).fails(ErrorCode.PROCRUN);
        a.unbind(11, NOWAIT).fails(ErrorCode.PROCRUN);
    }

    // ---- bind

    private interface Bind {
        void to(ErrorsTest t) throws DvsException;
    }

    private static Arguments bind(String situation, ErrorCode expected, Bind bind) {
        return Arguments.of(situation, expected, bind);
    }

    private int self(int dcid, int endpoint, BindKind kind, int node) throws DvsException {
        return kernel.bind(dcid, endpoint, "p", kind, node).number();
    }

    static Stream<Arguments> binds() {
        return Stream.of(
                bind("a node for a local bind", ErrorCode.BADNODEID, t -> t.self(0, 13, BindKind.SELF, 0)),
                bind("a node for a replica", ErrorCode.BADNODEID, t -> t.self(0, 13, BindKind.REPLICA, 1)),
                bind("no node for a backup", ErrorCode.BADNODEID, t -> t.self(0, 13, BindKind.BACKUP, LOCALNODE)),
                bind("this node for a backup", ErrorCode.BADNODEID, t -> t.self(0, 13, BindKind.BACKUP, 0)),
                bind("a node out of range for a backup", ErrorCode.BADNODEID, t -> t.self(0, 13, BindKind.BACKUP, 32)),
                bind("this node for a remote bind", ErrorCode.BADNODEID, t -> t.kernel.rmtbind(0, 13, "p", 0)),
                bind("a node out of range for a remote bind", ErrorCode.BADNODEID, t -> t.kernel.rmtbind(0, 13, "p", 32)),
                bind("no node for a remote bind", ErrorCode.BADNODEID, t -> t.kernel.rmtbind(0, 13, "p", -1)),
                bind("a program of this node as remote", ErrorCode.BINDTYPE, t -> t.self(0, 13, BindKind.REMOTE, 1)),
                bind("a DC out of range", ErrorCode.BADDCID, t -> t.self(32, 13, BindKind.SELF, LOCALNODE)),
                bind("a DC below 0", ErrorCode.BADDCID, t -> t.self(-1, 13, BindKind.SELF, LOCALNODE)),
                bind("an endpoint above the DC", ErrorCode.BADPROC, t -> t.self(0, 221, BindKind.SELF, LOCALNODE)),
                bind("an endpoint below the DC", ErrorCode.BADPROC, t -> t.self(0, -36, BindKind.SELF, LOCALNODE)),
                bind("anybody", ErrorCode.BADPROC, t -> t.self(0, ANY, BindKind.SELF, LOCALNODE)),
                bind("nobody", ErrorCode.BADPROC, t -> t.self(0, NONE, BindKind.SELF, LOCALNODE)),
                bind("the hardware", ErrorCode.BADPROC, t -> t.self(0, -1, BindKind.SELF, LOCALNODE)),
                bind("the hardware on another node", ErrorCode.BADPROC, t -> t.kernel.rmtbind(0, -1, "p", 1)),
                bind("oneself", ErrorCode.BADPROC, t -> t.self(0, SELF, BindKind.SELF, LOCALNODE)),
                bind("a DC that does not run", ErrorCode.DCNOTRUN, t -> t.self(5, 13, BindKind.SELF, LOCALNODE)),
                bind("a node that is no member", ErrorCode.NODCNODE, t -> t.kernel.rmtbind(0, 13, "p", 7)),
                bind("a slot in use", ErrorCode.SLOTUSED, t -> t.self(0, 11, BindKind.SELF, LOCALNODE)),
                bind("a stub's slot", ErrorCode.SLOTUSED, t -> t.self(0, 12, BindKind.SELF, LOCALNODE)),
                bind("a backup in a slot in use", ErrorCode.SLOTUSED, t -> t.self(0, 11, BindKind.BACKUP, 1)),
                bind("another generation", ErrorCode.ENDPOINT, t -> t.self(0, 35_570 + 13, BindKind.SELF, LOCALNODE)),
                bind("another generation on another node, where none are counted", ErrorCode.ENDPOINT,
                        t -> t.kernel.rmtbind(0, 35_570 + 13, "p", 1)),
                bind("a name too long", ErrorCode.NAMESIZE, t -> t.kernel.rmtbind(0, 13, "0123456789abcdef", 1)),
                bind("a name with a blank", ErrorCode.BADVALUE,
                        t -> t.kernel.bind(0, 13, "a b", BindKind.SELF, LOCALNODE)),
                bind("a slot in use by a process that does not wait", ErrorCode.SLOTUSED,
                        t -> t.kernel.lclbind(0, 4711, 11, BindKind.LOCAL, LOCALNODE)),
                bind("a process that does not wait to be bound", ErrorCode.BADPID,
                        t -> t.kernel.lclbind(0, 4711, 13, BindKind.LOCAL, LOCALNODE)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("binds")
    void ofABind(String situation, ErrorCode expected, Bind bind) throws DvsException {
        TestKernels.refused(expected, () -> bind.to(this));
        assertEquals(4, kernel.dc(Nodes.DC).bound());
    }

    // ---- from outside

    private static Arguments outside(String situation, ErrorCode expected, Bind call) {
        return Arguments.of(situation, expected, call);
    }

    static Stream<Arguments> administration() {
        return Stream.of(
                outside("wakeup in a DC out of range", ErrorCode.BADDCID, t -> t.kernel.wakeup(32, 10)),
                outside("wakeup in a DC that does not run", ErrorCode.DCNOTRUN, t -> t.kernel.wakeup(5, 10)),
                outside("wakeup out of range", ErrorCode.RANGE, t -> t.kernel.wakeup(0, FAR_AWAY)),
                outside("wakeup of a free slot", ErrorCode.DSTDIED, t -> t.kernel.wakeup(0, 13)),
                outside("wakeup of another generation", ErrorCode.ENDPOINT, t -> t.kernel.wakeup(0, STALE)),
                outside("wakeup of a remote process", ErrorCode.RMTPROC, t -> t.kernel.wakeup(0, 12)),
                outside("wakeup of one that runs", ErrorCode.PROCRUN, t -> t.kernel.wakeup(0, 10)),
                outside("hdwNotify of a remote process", ErrorCode.RMTPROC, t -> t.kernel.hdwNotify(0, 12)),
                outside("hdwNotify of a user", ErrorCode.TRAPDENIED, t -> t.kernel.hdwNotify(0, 100)),
                outside("hdwNotify of a free slot", ErrorCode.DSTDIED, t -> t.kernel.hdwNotify(0, 13)),
                outside("hdwNotify out of range", ErrorCode.RANGE, t -> t.kernel.hdwNotify(0, FAR_AWAY)),
                outside("hdwNotify of another generation", ErrorCode.ENDPOINT, t -> t.kernel.hdwNotify(0, STALE)),
                outside("hdwNotify in a DC out of range", ErrorCode.BADDCID, t -> t.kernel.hdwNotify(-1, 10)),
                outside("hdwNotify in a DC that does not run", ErrorCode.DCNOTRUN, t -> t.kernel.hdwNotify(5, 10)),
                outside("unbind out of range", ErrorCode.ENDPOINT, t -> t.kernel.unbind(0, FAR_AWAY)),
                outside("unbind of a free slot", ErrorCode.NOTBIND, t -> t.kernel.unbind(0, 13)),
                outside("unbind of another generation", ErrorCode.ENDPOINT, t -> t.kernel.unbind(0, STALE)),
                outside("unbind in a DC out of range", ErrorCode.BADDCID, t -> t.kernel.unbind(32, 10)),
                outside("privileges of a DC out of range", ErrorCode.BADDCID, t -> t.kernel.privileges(32, 10)),
                outside("unbind in a DC that does not run", ErrorCode.DCNOTRUN, t -> t.kernel.unbind(5, 10)),
                outside("unbind of one that has yet to end", ErrorCode.AGAIN, t -> t.kernel.unbind(0, 11)),
                outside("a process out of range", ErrorCode.BADPROC, t -> t.kernel.process(0, 221)),
                outside("a process below the range", ErrorCode.BADPROC, t -> t.kernel.process(0, -36)),
                outside("a process of a DC out of range", ErrorCode.BADDCID, t -> t.kernel.process(32, 1)),
                outside("processes of a DC that does not run", ErrorCode.DCNOTRUN, t -> t.kernel.processes(5)),
                outside("privileges of a DC that does not run", ErrorCode.DCNOTRUN, t -> t.kernel.privileges(5, 10)),
                outside("privileges of another generation", ErrorCode.ENDPOINT, t -> t.kernel.privileges(0, STALE)),
                outside("to set privileges in a DC out of range", ErrorCode.BADDCID, t -> t.kernel.privileges(32, 10, t.own())),
                outside("to set privileges in a DC that does not run", ErrorCode.DCNOTRUN,
                        t -> t.kernel.privileges(5, 10, t.own())),
                outside("to set privileges out of range", ErrorCode.RANGE, t -> t.kernel.privileges(0, FAR_AWAY, t.own())),
                outside("a start in a DC out of range", ErrorCode.BADDCID, t -> t.kernel.migrateStart(32, 10)),
                outside("a start in a DC that does not run", ErrorCode.DCNOTRUN, t -> t.kernel.migrateSoon(5, 10)),
                outside("a start out of range", ErrorCode.NOTBIND, t -> t.kernel.migrateSoon(0, FAR_AWAY)),
                outside("a commit in a DC out of range", ErrorCode.BADDCID, t -> t.kernel.migrateCommit(1, -1, 10, 1)),
                outside("a commit in a DC that does not run", ErrorCode.DCNOTRUN, t -> t.kernel.migrateCommit(1, 5, 10, 1)),
                outside("a commit out of range", ErrorCode.NOTBIND, t -> t.kernel.migrateCommit(1, 0, FAR_AWAY, 1)),
                outside("a rollback in a DC out of range", ErrorCode.BADDCID, t -> t.kernel.migrateRollback(32, 10)),
                outside("a rollback in a DC that does not run", ErrorCode.DCNOTRUN, t -> t.kernel.migrateRollback(5, 10)),
                outside("a rollback of another generation", ErrorCode.ENDPOINT, t -> t.kernel.migrateRollback(0, STALE)));
    }

    private Privileges own() throws DvsException {
        return kernel.privileges(Nodes.DC, 10);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("administration")
    void ofACallFromOutside(String situation, ErrorCode expected, Bind call) {
        TestKernels.refused(expected, () -> call.to(this));
    }
}
