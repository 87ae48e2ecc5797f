package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.NO_PID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes whose DC warns endpoint 5 of each exit, with type 77: dvs-kernel reference 9.4. Names finish the sentence "an exit of
 * which another one is warned …"; the plain cases are with {@link ExitTest}.
 */
@Tag("R-CMD-14")
class WarnedExitTest {
    private static final int INIT = 5;
    private static final int USER = 150;

    private final Nodes nodes = new Nodes(2, DvsParameters.DEFAULT, dc -> dc.warning(INIT, 77));

    WarnedExitTest() throws DvsException {
    }

    private Program here(int number) throws DvsException {
        return nodes.bindHere(0, number, BindKind.SELF, LOCALNODE);
    }

    private boolean isFree(int number) throws DvsException {
        return nodes.kernel(0).process(Nodes.DC, number).isFree();
    }

    @Test
    void holdsUpAHundredNoLongerThanOne() throws DvsException {
        Program init = here(INIT);
        for (int number = 100; number < 200; number++) {
            here(number).close();
        }
        nodes.pass(Exits.WARN_MS - 1);
        for (int number = 100; number < 200; number++) {
            assertFalse(isFree(number));
        }
        nodes.pass(1);
        for (int number = 100; number < 200; number++) {
            assertTrue(isFree(number));
        }
        init.receive(ANY, NOWAIT).fails(ErrorCode.AGAIN);
    }

    /** A user process, as it is bound, may not receive: dvs-kernel reference 7.2. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isNotHeldUpByAUserProcessUntilThatMayTakeMessages(int node) throws DvsException {
        Nodes users = new Nodes(2, DvsParameters.DEFAULT, dc -> dc.warning(USER, 77));
        Program user = users.bind(node, USER);
        users.bind(0, 10).close();
        assertTrue(users.kernel(0).process(Nodes.DC, 10).isFree());

        for (int at = 0; at < 2; at++) {
            Privileges before = users.kernel(at).privileges(Nodes.DC, USER);
            users.kernel(at).privileges(Nodes.DC, USER, new Privileges(before.id(), before.level(), before.warn(),
                    before.ipcTo(), before.allowed() | Call.RECEIVE.bit() | Call.SEND.bit()));
        }
        users.bind(0, 11).close();
        users.settle();
        Heard told = user.receive();
        users.settle();
        told.ok();
        assertEquals(11, told.message.source());
        assertFalse(users.kernel(0).process(Nodes.DC, 11).isFree());
        user.send(11, 1);
        users.settle();
        assertTrue(users.kernel(0).process(Nodes.DC, 11).isFree());
    }

    @Test
    void comesInItsTurnAndAnyMessageToItIsItsAnswer() throws DvsException {
        Program init = here(INIT);
        Program one = here(10);
        Heard alone = init.receive(10);
        here(100).close();
        here(101).close();
        alone.waits();
        one.send(INIT, 7).ok();
        alone.brings(10, 7);
        for (int number = 100; number <= 101; number++) {
            Heard told = init.receive();
            told.ok();
            assertEquals(number, told.message.source());
            assertFalse(isFree(number));
            init.send(number, 1).ok();
            assertTrue(isFree(number));
        }
    }

    @Test
    void endsAtOnceWhenTheOtherNodeIsLost() throws DvsException {
        Program init = nodes.bind(1, INIT);
        nodes.bind(0, 100).close();
        nodes.settle();
        init.receive().ok();
        nodes.bind(0, 101).close();
        assertFalse(isFree(100) || isFree(101));
        nodes.link(0, 1).pairOf(0).disconnectReceiver();
        assertTrue(isFree(100) && isFree(101));
        nodes.bind(0, 102).close();
        assertTrue(isFree(102), "it cannot be told, so nothing is waited for");
    }

    @Test
    void waitsForOneThatIsMovingAndFollowsIt() throws DvsException {
        Program init = here(INIT);
        Program standBy = nodes.bindHere(1, INIT, BindKind.BACKUP, 0);
        Program child = nodes.bind(0, 100);
        init.receive(20, 1);
        for (int node = 0; node < 2; node++) {
            nodes.kernel(node).migrateSoon(Nodes.DC, INIT);
        }
        init.receive();
        child.close();
        assertEquals(ProcessFlags.WAITMIGR, nodes.kernel(0).process(Nodes.DC, 100).flags());
        nodes.kernel(1).migrateCommit(NO_PID, Nodes.DC, INIT, 1);
        nodes.kernel(0).migrateCommit(NO_PID, Nodes.DC, INIT, 1);
        nodes.settle();
        Heard told = standBy.receive();
        nodes.settle();
        told.ok();
        assertEquals(100, told.message.source());
        standBy.reply(100, 1);
        nodes.settle();
        assertTrue(isFree(100));
    }

    @Test
    void isNotHeldUpByOneThatEndsItself() throws DvsException {
        Program init = here(INIT);
        here(100).close();
        init.receive().ok();
        here(101).close();
        init.close();
        assertTrue(isFree(INIT) && isFree(100) && isFree(101));
        here(INIT);
        here(100);
        nodes.pass(Exits.WARN_MS);
        assertFalse(isFree(INIT) || isFree(100), "the deadline of the one before ended another");
    }

    @Test
    void endsWithItsDcAndNeverComesBack() throws DvsException {
        Program init = here(INIT);
        here(100).close();
        init.receive().ok();
        here(101).close();
        nodes.kernel(0).dcEnd(Nodes.DC);
        init.reply(100, 1).fails(ErrorCode.DCNOTRUN);
        nodes.pass(Exits.WARN_MS);
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> nodes.kernel(0).process(Nodes.DC, 100));
    }

    @Test
    void leavesThoseWhoWaitForItsEndWaitingUntilItHasEnded() throws DvsException {
        Program init = here(INIT);
        Program server = here(10);
        Program client = here(20);
        Program other = here(21);
        Heard asked = client.sendrec(10, 1);
        server.receive().brings(20, 1);
        Heard waits = other.wait4unbind(10, 60_000);
        server.close();
        Heard late = here(22).sendrec(10, 2);
        asked.waits();
        late.waits();
        waits.waits();
        init.receive().ok();
        init.reply(10, 0).ok();
        asked.fails(ErrorCode.SRCDIED);
        late.fails(ErrorCode.DSTDIED);
        waits.ok();
    }
}
