package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Which test provokes which error of dvs-kernel reference 7 to 10. Each line: section, call, error, test class and method, and
 * the situation where the method is a table of its own. That the method is there and expects the error is looked up in its
 * source, so that no line outlives its test.
 *
 * <p>Not here, because nothing gives them: the check of uid 0 (the operating system guards the gate's socket, roles the
 * requests); getep's BADPROC and start's LCLPROC (proxies are no processes, a stand-by takes part in a start); commit's DCNODE
 * (NODCNODE is clearer); BADNODEID for a peer's node, and NODCNODE for a wakeup or unbind (a stub's node is one that there is,
 * and this node is a member as long as its DC runs); a wakeup of oneself (nobody bound calls it).
 */
@Tag("R-CMD-14")
class ErrorTableTest {
    private static final String TABLE = """
            7.3  any        DVSINIT     Administration nothingWorksBeforeTheDvsIsInitialised
            7.3  any        NOTBIND     Errors ofACallerThatIsNotBoundAnyMore
            7.3  any        RMTPROC     Migration aBackupWaitsThirtySecondsInACallOrAsLongAsItWants
            7.3  any        PROCRUN     Errors ofACallerThatIsInACallAlready
            7.3  send       BADCALL     Errors peers|send by a user"
            7.3  receive    BADCALL     Errors peers|receive by a user"
            7.3  vcopy      BADCALL     Errors peers|vcopy by a user"
            7.3  any        DCNOTRUN    Errors ofACallerWhoseDcHasEnded
            7.3  any        TRAPDENIED  Errors ofASystemProcessThatMayNotBeAddressed
            7.3  any        NODCNODE    Errors ofANodeThatIsNoMember
            7.3  any        NOPROXY     Errors ofANodeWithoutAPair
            7.3  any        NOTCONN     Errors ofANodeThatIsNotConnected
            7.3  any        TIMEDOUT    Migration callersMayGiveUpWaitingForTheMove
            7.3  any        ENDPOINT    Binding tellsTheOneThatJustEndedFromThoseBefore
            7.4  send       AGAIN       Scale thousandsSendToOneThatNeverReceivesAndWaitOrAreRefused
            7.4  any        AGAIN       Rendezvous callsThatWouldWaitAndMustNotEndWithAgain
            7.4  any        TIMEDOUT    Rendezvous callsEndWhenTheirTimeIsOverAndLeaveNothingBehind
            7.4  any        INTR        ThreadEndpoint anInterruptedThreadIsToldAndKeepsItsFlag
            8.1  send       BADDEST     Errors peers|send to oneself"
            8.1  send       BADDEST     Errors peers|send to the hardware"
            8.1  send       RANGE       Errors peers|send out of range"
            8.1  send       DSTDIED     Errors peers|send to a free slot"
            8.1  send       ENDPOINT    Errors peers|send to another generation"
            8.1  send       DSTDIED     Exit aRemoteSenderThatWasNotServedGetsDstdied
            8.1  send       RMTPROC     Refusal messages
            8.1  send       TRAPDENIED  Refusal messages
            8.1  send       MIGRATE     Refusal aMigratingDestinationIsAnsweredSoThatTheOriginTriesAgain
            8.1  send       LOCKED      Rendezvous twoThatSendToEachOtherAreToldInsteadOfWaitingForEver
            8.2  receive    WOKENUP     Notification wakeupIsRememberedByAProcessThatDoesNotWaitForAnybody
            8.2  receive    RANGE       Errors peers|receive out of range"
            8.2  receive    ENDPOINT    Errors peers|receive from oneself"
            8.2  receive    SRCDIED     Errors peers|receive from a free slot"
            8.2  receive    SRCDIED     Exit aReceiverThatWaitsForJustThisOneGetsSrcdied
            8.2  receive    NODCNODE    Errors ofANodeThatIsNoMember
            8.2  receive    NOPROXY     Errors ofANodeWithoutAPair
            8.2  receive    NOTCONN     Errors ofAReceiverProxyThatIsNotConnected
            8.2  receive    NOTCONN     Link whoeverWaitsForANodeThatIsLostIsTold
            8.3  rcvrqst    TRAPDENIED  Errors peers|rcvrqst by a user that may"
            8.3  reply      TRAPDENIED  Errors peers|reply by a user that may"
            8.3  reply      PROCSTS     Errors peers|reply to one that does not wait"
            8.3  reply      PROCSTS     Errors peers|reply to one afar that does not wait"
            8.3  reply      DSTDIED     Errors peers|reply to a free slot"
            8.3  reply      ENDPOINT    Errors peers|reply to another generation"
            8.3  reply      RANGE       Errors peers|reply out of range"
            8.3  reply      BADDEST     Errors peers|reply to oneself"
            8.4  sendrec    ENDPOINT    Errors peers|sendrec to oneself"
            8.4  sendrec    ENDPOINT    Errors peers|sendrec to another generation"
            8.4  sendrec    RANGE       Errors peers|sendrec out of range"
            8.4  sendrec    BADDEST     Errors peers|sendrec to anybody"
            8.4  sendrec    LOCKED      Rendezvous twoThatSendToEachOtherAreToldInsteadOfWaitingForEver
            8.4  sendrec    DEADSRCDST  Errors peers|sendrec to a free slot"
            8.4  sendrec    SRCDIED     Exit aLocalRequestThatWasTakenGetsSrcdied
            8.4  sendrec    DSTDIED     Exit aLocalRequestThatWasNotTakenGetsDstdied
            8.4  sendrec    SRCDIED     Exit aRemoteRequestThatWasTakenGetsSrcdied
            8.4  sendrec    DSTDIED     Exit aRemoteRequestThatWasNotTakenGetsDstdied
            8.5  notify     TRAPDENIED  Errors peers|notify a user"
            8.5  notify     PRIVILEGES  Errors peers|notify one with a user's privileges"
            8.5  notify     OVERRUN     Migration notificationsGoWithTheProcess
            8.5  notify     RANGE       Errors peers|notify with value 32"
            8.5  notify     RANGE       Errors peers|notify out of range"
            8.5  notify     DSTDIED     Errors peers|notify a free slot"
            8.5  notify     ENDPOINT    Errors peers|notify another generation"
            8.5  notify     BADDEST     Errors peers|notify the hardware"
            8.5  hdwNotify  RANGE       Errors administration|hdwNotify out of range"
            8.5  hdwNotify  DSTDIED     Errors administration|hdwNotify of a free slot"
            8.5  hdwNotify  ENDPOINT    Errors administration|hdwNotify of another generation"
            8.5  hdwNotify  TRAPDENIED  Errors administration|hdwNotify of a user"
            8.5  hdwNotify  BADDCID     Errors administration|hdwNotify in a DC out of range"
            8.5  hdwNotify  DCNOTRUN    Errors administration|hdwNotify in a DC that does not run"
            8.5  hdwNotify  RMTPROC     Errors administration|hdwNotify of a remote process"
            8.5  hdwNotify  MIGRATE     Migration aStartIsRefusedWhereSomethingIsUnderWay
            8.5  hdwNotify  OVERRUN     Notification ofNobodyComesFromTheHardware
            8.6  vcopy      RANGE       Copy ofMoreThanTheMaximumOrLessThanNothingIsRefused
            8.6  vcopy      ENDPOINT    Copy neverNamesAnybodyOrNobody
            8.6  vcopy      ENDPOINT    Copy ofOneExposureOntoItselfIsRefusedBecauseBothPartiesAreOne
            8.6  vcopy      ENDPOINT    Errors peers|vcopy from another generation"
            8.6  vcopy      ENDPOINT    Errors peers|vcopy to another generation"
            8.6  vcopy      NODCNODE    Errors ofANodeThatIsNoMember
            8.6  vcopy      PROCSTS     Copy ofLengthZeroChecksTheAskedAndTouchesNothing
            8.6  vcopy      TRAPDENIED  Errors peers|vcopy by a user that may"
            8.6  vcopy      SRCDIED     Errors peers|vcopy from a free slot"
            8.6  vcopy      DSTDIED     Errors peers|vcopy to a free slot"
            8.6  vcopy      BUSY        RemoteCopy aPartyIsInOneCopyAtATime
            8.6  vcopy      PROCSTS     Copy needsTheOthersToWaitForAMessage
            8.6  vcopy      PERM        Gate copiesABlockOutOfAndIntoDirectBuffersOfAnotherOne
            8.6  vcopy      TIMEDOUT    Migration copiesWaitThirtySecondsForAMove
            8.6  vcopy      TIMEDOUT    RemoteCopy aCopyOfWhichNothingArrivesForThirtySecondsEnds
            8.6  vcopy      NOPROXY     Errors ofANodeWithoutAPair
            8.6  vcopy      NOTCONN     RemoteCopy aLostConnectionEndsCopiesWithItsNodes
            8.6  vcopy      FAULT       Copy beyondABufferIsAFaultAndTheProgramsGoOn
            8.7  wakeup     WOKENUP     Notification wakeupEndsTheWaitForAnybody
            8.7  wakeup     PROCRUN     Errors administration|wakeup of one that runs"
            8.7  wakeup     PROCSTS     Notification wakeupIsRememberedByAProcessThatDoesNotWaitForAnybody
            8.7  wakeup     BADDCID     Errors administration|wakeup in a DC out of range"
            8.7  wakeup     DCNOTRUN    Errors administration|wakeup in a DC that does not run"
            8.7  wakeup     RANGE       Errors administration|wakeup out of range"
            8.7  wakeup     ENDPOINT    Errors administration|wakeup of another generation"
            8.7  wakeup     DSTDIED     Errors administration|wakeup of a free slot"
            8.7  wakeup     MIGRATE     Migration aStartIsRefusedWhereSomethingIsUnderWay
            8.7  wakeup     RMTPROC     Errors administration|wakeup of a remote process"
            9.1  bind       DVSINIT     Administration nothingWorksBeforeTheDvsIsInitialised
            9.1  bind       BADNODEID   Errors binds|a node for a local bind"
            9.1  bind       BADNODEID   Errors binds|this node for a remote bind"
            9.1  bind       BADNODEID   Errors binds|a node out of range for a backup"
            9.1  bind       BINDTYPE    Errors binds|a program of this node as remote"
            9.1  bind       BADDCID     Errors binds|a DC out of range"
            9.1  bind       BADPROC     Errors binds|an endpoint above the DC"
            9.1  bind       DCNOTRUN    Errors binds|a DC that does not run"
            9.1  bind       NODCNODE    Errors binds|a node that is no member"
            9.1  bind       SLOTUSED    Errors binds|a slot in use"
            9.1  bind       SLOTUSED    Binding ofOneEndpointByTwoProgramsIsRefusedToTheSecond
            9.1  bind       BADPID      Errors binds|a process that does not wait to be bound"
            9.1  bind       NOPROXY     Errors ofANodeWithoutAPair
            9.1  bind       ENDPOINT    Errors binds|another generation"
            9.1  bind       SLOTUSED    Errors binds|a slot in use by a process that does not wait"
            9.1  bind       ENDPOINT    Generations isNoneThatThereCannotBe
            9.1  bind       NAMESIZE    Errors binds|a name too long"
            9.1  bind       BADVALUE    Errors binds|a name with a blank"
            9.2  unbind     BADDCID     Errors administration|unbind in a DC out of range"
            9.2  unbind     DCNOTRUN    Errors administration|unbind in a DC that does not run"
            9.2  unbind     ENDPOINT    Errors administration|unbind out of range"
            9.2  unbind     NOTBIND     Errors administration|unbind of a free slot"
            9.2  unbind     ONCOPY      Exit aCopyThatItOrderedOrWasPartOfEnds
            9.2  unbind     MIGRATE     Migration aStartIsRefusedWhereSomethingIsUnderWay
            9.2  unbind     SHUTDOWN    Binding ofAnotherTellsItAndWaitsForItsEnd
            9.2  unbind     TIMEDOUT    Binding ofAnotherThatDoesNotEndIsGivenUpInTime
            9.2  unbind     AGAIN       Errors administration|unbind of one that has yet to end"
            9.3  send       DSTDIED     Exit aLocalSenderThatWasNotServedGetsDstdied
            9.3  any        DSTDIED     Exit whoWaitsForItsMigrationGetsDstdied
            9.3  vcopy      SRCDIED     Exit aCopyThatItOrderedOrWasPartOfEnds
            9.3  any        DSTDIED     Killed everybodyWaits
            9.3  any        SRCDIED     Killed everybodyWaits
            9.3  vcopy      SRCDIED     Killed copying
            9.3  any        DCNOTRUN    Exit theEndOfADcEndsTheWaitOfEverybodyHereAndAfar
            9.5  wait4bind  ENDPOINT    Binding wait4bindOfOneselfByNumberIsRefused
            9.5  wait4bind  ENDPOINT    Errors peers|wait4bind of another generation"
            9.5  wait4bind  RANGE       Errors peers|wait4bind out of range"
            9.5  wait4bind  ENDPOINT    Errors peers|wait4bind of a generation that never comes"
            9.5  wait4bind  DCNOTRUN    Errors ofACallerWhoseDcHasEnded
            9.5  wait4bind  AGAIN       Errors peers|wait4bind that may not wait"
            9.5  wait4unbind DCNOTRUN   Errors ofACallerWhoseDcHasEnded
            9.5  wait4bind  TIMEDOUT    Binding wait4bindEndsWhenTheEndpointIsBound
            9.5  wait4unbind TIMEDOUT   Binding wait4unbindEndsWhenTheEndpointIsFree
            9.5  wait4unbind RANGE      Errors peers|wait4unbind out of range"
            9.6  getep      BADRANGE    Binding getepFindsTheProcessOfThisNode
            9.6  getep      BADPID      Binding getepFindsTheProcessOfThisNode
            9.6  getep      NOTBIND     Binding getepFindsTheProcessOfThisNode
            9.6  getep      NOTBIND     Errors ofACallerThatIsNotBoundAnyMore
            9.6  getep      DCNOTRUN    Errors ofACallerWhoseDcHasEnded
            9.6  getprocinfo BADDCID    Errors administration|a process of a DC out of range"
            9.6  getprocinfo DCNOTRUN   Errors administration|processes of a DC that does not run"
            9.6  getprocinfo BADPROC    Errors administration|a process out of range"
            9.6  getdcinfo  BADDCID     Administration aDcIsKnownByItsIdAndItsName
            9.6  getnodeinfo BADNODEID  Administration aDvsIsInitialisedOnceAndAgainAfterItsEnd
            9.6  getproxyinfo PROXYID   Administration aPairHasALimitOfItsOwnWithinThatOfTheDvs
            9.6  getproxyinfo PROXYFREE Administration aPairHasALimitOfItsOwnWithinThatOfTheDvs
            9.6  getpriv    BADDCID     Errors administration|privileges of a DC out of range"
            9.6  getpriv    DCNOTRUN    Errors administration|privileges of a DC that does not run"
            9.6  getpriv    RANGE       Binding privilegesOutOfRangeAreRefused
            9.6  getpriv    ENDPOINT    Errors administration|privileges of another generation"
            9.6  setpriv    BADDCID     Errors administration|to set privileges in a DC out of range"
            9.6  setpriv    DCNOTRUN    Errors administration|to set privileges in a DC that does not run"
            9.6  setpriv    RANGE       Errors administration|to set privileges out of range"
            9.6  setpriv    BADPROC     Binding privilegesOutOfRangeAreRefused
            9.6  setpriv    BADVALUE    Binding privilegesOutOfRangeAreRefused
            9.6  setpriv    DSTDIED     Binding privilegesOutOfRangeAreRefused
            10   start      NOTBIND     Migration aStartIsRefusedWhereSomethingIsUnderWay
            10   start      ONCOPY      Migration aStartIsRefusedWhereSomethingIsUnderWay
            10   start      BUSY        Migration aStartIsRefusedWhereSomethingIsUnderWay
            10   start      ENDPOINT    Migration aStartIsRefusedWhereSomethingIsUnderWay
            10   start      PROCSTS     Migration aServerThatOwesAnAnswerDoesNotMove
            10   start      MIGRATE     Migration aStartIsRefusedWhereSomethingIsUnderWay
            10   start      MIGRATE     BusyMigration aServerThatOwesAnswersMovesSoonWhenItHasGivenThemHoweverManyAsk
            10   start      BADDCID     Errors administration|a start in a DC out of range"
            10   start      DCNOTRUN    Errors administration|a start in a DC that does not run"
            10   commit     BADDCID     Errors administration|a commit in a DC out of range"
            10   commit     DCNOTRUN    Errors administration|a commit in a DC that does not run"
            10   commit     NOTBIND     Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            10   commit     ENDPOINT    Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            10   commit     BADNODEID   Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            10   rollback   NOTBIND     Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            10   rollback   BADDCID     Errors administration|a rollback in a DC out of range"
            10   rollback   DCNOTRUN    Errors administration|a rollback in a DC that does not run"
            10   rollback   ENDPOINT    Errors administration|a rollback of another generation"
            10   commit     PROCSTS     Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            10   commit     NOPROXY     Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            10   commit     NODCNODE    Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            10   commit     BADPID      Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            10   rollback   PROCSTS     Migration aCommitIsRefusedWithoutAStartAndWithoutAPlaceToGo
            """;
    private static final Pattern LINE = Pattern.compile("([\\d.]+) +(\\w+) +(\\w+) +(\\w+) (\\w+)(?:\\|(.*))?");

    @Test
    void namesATestForEachErrorThatExpectsIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String line : TABLE.lines().toList()) {
            Matcher parts = LINE.matcher(line);
            assertTrue(parts.matches(), line);
            ErrorCode error = ErrorCode.valueOf(parts.group(3));
            TestSource source = TestSource.of(parts.group(4));
            String body = parts.group(6) == null ? source.method(parts.group(5)) : source.row(parts.group(5), parts.group(6));
            if (!Pattern.compile("ErrorCode\\." + error + "\\b").matcher(body).find()) {
                wrong.add(line);
            }
        }
        assertEquals(List.of(), wrong);
    }
}
