package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What put2lcl refuses: each row of dvs-kernel reference 12.3 by each kind of command, answered with the error, so that no caller
 * on another node waits in vain (defects 10 and 11 there). Commands come from node 1, where 13 is a server and 100 a user.
 */
@Tag("R-CMD-14")
@Tag("R-PXY-08")
class RefusalTest {
    private final Nodes nodes = new Nodes(2);
    private final KernelCore kernel = nodes.kernel(0);
    private final ProxyPair pair = nodes.link(0, 1).pairOf(0);
    private final Program local = nodes.bind(0, 10);

    RefusalTest() throws DvsException {
        nodes.bind(1, 13);
        nodes.bind(1, 100);
        nodes.bind(0, 101);
    }

    private static Command command(int code) {
        Command command = new Command();
        command.code = code;
        command.dcid = Nodes.DC;
        command.source = 13;
        command.destination = 10;
        command.sourceNode = 1;
        command.destinationNode = 0;
        command.call = 4711;
        command.copySource = 10;
        command.copyDestination = 10;
        command.copyRequester = 13;
        command.requesterNode = 1;
        command.copyNode = 1;
        return command;
    }

    private static int answerOf(int code) {
        return switch (code) {
            case Command.SNDREC_MSG -> Command.SNDREC_ACK;
            case Command.COPYIN_DATA -> Command.COPYIN_ACK;
            case Command.COPYOUT_RQST -> Command.COPYOUT_DATA;
            case Command.COPYLCL_RQST -> Command.COPYLCL_ACK;
            case Command.COPYRMT_RQST, Command.COPYIN_RQST -> Command.COPYRMT_ACK;
            default -> Command.SEND_ACK;
        };
    }

    private static boolean isCopy(int code) {
        return code >= Command.COPYIN_DATA && code <= Command.COPYIN_RQST;
    }

    /** It is refused with this code and its caller is told; a notification has no caller. */
    private void refused(ErrorCode error, Command command) {
        assertEquals(error.rcode(), pair.put2lcl(command), () -> error + " for " + command);
        Command ack = new Command();
        if (command.code == Command.NTFY_MSG) {
            assertFalse(pair.poll(ack), "a notification was answered");
            return;
        }
        assertTrue(pair.poll(ack), () -> "nobody told the caller of " + command);
        assertEquals(answerOf(command.code), ack.code);
        assertEquals(error.rcode(), ack.rcode);
        assertEquals(4711, ack.call);
        assertEquals(isCopy(command.code) ? command.copyRequester : command.source, ack.destination);
        assertEquals(0, ack.sourceNode);
        assertEquals(command.dcid, ack.dcid);
        assertFalse(pair.poll(ack), "two answers");
    }

    private interface Change {
        void apply(RefusalTest test, Command command) throws DvsException;
    }

    private static Arguments row(String what, ErrorCode error, Change change) {
        return Arguments.of(what, error, change);
    }

    static Stream<Arguments> anyCommand() {
        return Stream.of(
                row("a DC out of range", ErrorCode.BADDCID, (t, c) -> c.dcid = 32),
                row("a DC below 0", ErrorCode.BADDCID, (t, c) -> c.dcid = -1),
                row("a DC that does not run", ErrorCode.DCNOTRUN, (t, c) -> c.dcid = 7),
                row("a source out of range", ErrorCode.RANGE, (t, c) -> c.source = 5_000),
                row("a destination out of range", ErrorCode.RANGE, (t, c) -> c.destination = EndpointNumbers.ANY),
                row("a node that is no member", ErrorCode.NODCNODE, (t, c) -> t.kernel.delNode(Nodes.DC, 1)),
                row("another node's command", ErrorCode.BADNODEID, (t, c) -> c.destinationNode = 2),
                row("a destination node below 0", ErrorCode.BADNODEID, (t, c) -> c.destinationNode = -1),
                row("a source that is not bound", ErrorCode.NOTBIND, (t, c) -> c.source = 14),
                row("a source of another generation", ErrorCode.ENDPOINT, (t, c) -> c.source = 35_570 + 13),
                row("a source that lives here", ErrorCode.LCLPROC, (t, c) -> c.source = 101),
                row("a source that lives on another node", ErrorCode.NONODE, (t, c) -> {
                    t.kernel.nodeUp("node2", 2, 1);
                    t.kernel.addNode(Nodes.DC, 2);
                    t.kernel.rmtbind(Nodes.DC, 15, "p15", 2);
                    c.source = 15;
                }),
                row("a source whose node is not the one that it says", ErrorCode.NONODE, (t, c) -> {
                    t.kernel.nodeUp("node2", 2, 1);
                    t.kernel.addNode(Nodes.DC, 2);
                    c.sourceNode = 2;
                }));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("anyCommand")
    void isAnsweredForEveryKindOfCommand(String what, ErrorCode error, Change change) throws DvsException {
        Command first = command(Command.SEND_MSG);
        change.apply(this, first);
        for (int code = Command.SEND_MSG; code <= Command.COPYIN_RQST; code++) {
            Command command = new Command().set(first);
            command.code = code;
            command.call = code == Command.NTFY_MSG ? 0 : first.call;
            refused(error, command);
        }
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                row("a user for a user", ErrorCode.TRAPDENIED, (t, c) -> {
                    c.source = 100;
                    c.destination = 101;
                    t.kernel.privileges(Nodes.DC, 100, t.all(100));
                }),
                row("a system slot that it may not address", ErrorCode.TRAPDENIED, (t, c) -> {
                    Privileges p = t.kernel.privileges(Nodes.DC, 13);
                    t.kernel.privileges(Nodes.DC, 13, new Privileges(p.id(), p.level(), p.warn(), new BitSet(), p.allowed()));
                }),
                row("a source that may not make the call", ErrorCode.BADCALL, (t, c) -> {
                    Privileges p = t.kernel.privileges(Nodes.DC, 13);
                    t.kernel.privileges(Nodes.DC, 13, new Privileges(p.id(), p.level(), p.warn(), p.ipcTo(), 0));
                }),
                row("a destination that is remote here", ErrorCode.RMTPROC, (t, c) -> {
                    t.kernel.rmtbind(Nodes.DC, 16, "p16", 1);
                    c.destination = 16;
                }),
                row("a destination that is nobody", ErrorCode.DSTDIED, (t, c) -> c.destination = 17),
                row("a destination of another generation", ErrorCode.ENDPOINT, (t, c) -> c.destination = 35_570 + 10));
    }

    private Privileges all(int endpoint) throws DvsException {
        Privileges p = kernel.privileges(Nodes.DC, endpoint);
        return new Privileges(p.id(), p.level(), p.warn(), p.ipcTo(), Call.allBits());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("messages")
    void isAnsweredForEveryKindOfMessage(String what, ErrorCode error, Change change) throws DvsException {
        Command first = command(Command.SEND_MSG);
        change.apply(this, first);
        for (int code = Command.SEND_MSG; code <= Command.REPLY_MSG; code++) {
            Command command = new Command().set(first);
            command.code = code;
            command.call = code == Command.NTFY_MSG ? 0 : first.call;
            refused(error, command);
        }
    }

    @Test
    void aMigratingDestinationIsAnsweredSoThatTheOriginTriesAgain() throws DvsException {
        local.receive();
        kernel.migrateStart(Nodes.DC, 10);
        for (int code : new int[] {Command.SEND_MSG, Command.SNDREC_MSG, Command.REPLY_MSG}) {
            refused(ErrorCode.MIGRATE, command(code));
        }
    }

    @Test
    void aReplyThatNobodyWaitsForIsAnswered() {
        refused(ErrorCode.PROCSTS, command(Command.REPLY_MSG));
        local.receive();
        refused(ErrorCode.PROCSTS, command(Command.REPLY_MSG));
    }

    @Test
    void aNotificationForAUserOrOfOneIsRefused() throws DvsException {
        kernel.privileges(Nodes.DC, 100, all(100));
        Command command = command(Command.NTFY_MSG);
        command.destination = 101;
        refused(ErrorCode.TRAPDENIED, command);
        command.destination = 10;
        command.source = 100;
        refused(ErrorCode.TRAPDENIED, command);
    }

    @Test
    void anUnknownCommandIsAnswered() {
        for (int code : new int[] {Command.NONE, 10, 11, 13, 99, -1 & ~Command.ACK}) {
            refused(ErrorCode.BADREQUEST, command(code));
        }
    }

    @Test
    void aCopyThatMayNotBeIsAnswered() throws DvsException {
        local.receive();
        long buffer = local.expose(ByteBuffer.allocate(100));
        for (int code = Command.COPYIN_DATA; code <= Command.COPYIN_RQST; code++) {
            Command command = command(code);
            command.copyDestination = code == Command.COPYLCL_RQST ? 101 : 10;
            command.sourceAddress = buffer;
            command.destinationAddress = buffer;
            command.bytes = -1;
            refused(ErrorCode.RANGE, command);
            command.bytes = 65_537;
            refused(ErrorCode.RANGE, command);
            command.bytes = 10;
            if (code == Command.COPYIN_DATA || code == Command.COPYIN_RQST) {
                refused(ErrorCode.PACKSIZE, command);
                command.payload = ByteBuffer.allocate(9);
                refused(ErrorCode.PACKSIZE, command);
                command.payload = ByteBuffer.allocate(10);
            }
            if (code == Command.COPYLCL_RQST) {
                refused(ErrorCode.PROCSTS, command);
                command.copyDestination = 17;
                refused(ErrorCode.DSTDIED, command);
            }
            boolean in = code == Command.COPYIN_DATA || code == Command.COPYIN_RQST;
            command.copySource = in ? command.copySource : 17;
            command.copyDestination = in ? 17 : command.copyDestination;
            refused(in ? ErrorCode.DSTDIED : ErrorCode.SRCDIED, command);
            command.copySource = in ? command.copySource : 35_570 + 10;
            command.copyDestination = in ? 35_570 + 10 : command.copyDestination;
            refused(ErrorCode.ENDPOINT, command);
            command.copySource = in ? command.copySource : 13;
            command.copyDestination = in ? 13 : command.copyDestination;
            refused(ErrorCode.RMTPROC, command);
            command.copySource = in ? command.copySource : 101;
            command.copyDestination = in ? 101 : command.copyDestination;
            refused(ErrorCode.PROCSTS, command);
        }
        kernel.privileges(Nodes.DC, 13, new Privileges(0, 0, EndpointNumbers.NONE, new BitSet(), Call.SENDREC.bit()));
        for (int code = Command.COPYIN_DATA; code <= Command.COPYIN_RQST; code++) {
            refused(ErrorCode.BADCALL, command(code));
        }
    }

    @Test
    void aNodeThatIsNotUpHereIsAnsweredByThePairThatBroughtItsCommand() {
        for (int node : new int[] {3, 31, 32, 1_000_000, -1, -100}) {
            Command command = command(Command.SEND_MSG);
            command.sourceNode = node;
            refused(ErrorCode.NODCNODE, command);
        }
        Command ack = command(Command.SEND_ACK);
        ack.sourceNode = 3;
        assertEquals(ErrorCode.NODCNODE.rcode(), pair.put2lcl(ack));
        assertFalse(pair.poll(new Command()), "an answer was answered");
    }

    @Test
    void aCopysNodesThatDoNotExistAreAnswered() {
        local.receive();
        Command command = command(Command.COPYRMT_RQST);
        command.sourceAddress = local.expose(ByteBuffer.allocate(10));
        command.bytes = 10;
        for (int node : new int[] {-1, 32, 1_000_000}) {
            command.copyNode = node;
            refused(ErrorCode.BADNODEID, command);
        }
        command.copyNode = 5;
        refused(ErrorCode.NODCNODE, command);
        command.requesterNode = -7;
        assertEquals(ErrorCode.NODCNODE.rcode(), pair.put2lcl(command));
    }

    @Test
    void aPairThatIsNotConnectedOrNotBoundTakesNothing() throws DvsException {
        pair.disconnectReceiver();
        assertEquals(ErrorCode.NOTCONN.rcode(), pair.put2lcl(command(Command.SEND_MSG)));
        pair.connectReceiver();
        refused(ErrorCode.NOTBIND, sourced(14));
        pair.unbind();
        assertEquals(ErrorCode.NOPROXY.rcode(), pair.put2lcl(command(Command.SEND_MSG)));
        ProxyPair again = kernel.proxiesBind("again", 1, 100, 1);
        again.connectReceiver();
        kernel.dvsEnd();
        assertEquals(ErrorCode.NOPROXY.rcode(), again.put2lcl(command(Command.SEND_MSG)));
    }

    private static Command sourced(int source) {
        Command command = command(Command.SEND_MSG);
        command.source = source;
        return command;
    }

    @Test
    void aReplicaTakesMessagesOfItsOtherCopies() throws DvsException {
        Program replica = nodes.bindHere(0, 14, BindKind.REPLICA, LOCALNODE);
        Command command = sourced(14);
        Heard received = local.receive();
        assertEquals(0, pair.put2lcl(command));
        received.ok();
        assertEquals(14, received.message.source());
        command.code = Command.NTFY_MSG;
        assertEquals(0, pair.put2lcl(command));
        local.receive().bringsNotification(14, 1);
        command.code = Command.SNDREC_MSG;
        assertTrue(pair.poll(new Command()), "the acknowledgement");
        refused(ErrorCode.LCLPROC, command);
        assertEquals(0, replica.info().flags());
    }
}
