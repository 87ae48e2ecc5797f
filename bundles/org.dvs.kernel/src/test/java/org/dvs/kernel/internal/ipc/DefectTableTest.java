package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Which test would catch which defect of the original, were it to come back: dvs-kernel reference 15. Each line: its number
 * there, test class and method, or of a table method and row.
 *
 * <p>Not here, as there is nothing to catch: 17, clocks of nodes are compared nowhere; and of 14 the signal, since a process is
 * told by its calls.
 */
@Tag("R-CMD-14")
class DefectTableTest {
    private static final int DEFECTS = 18;
    private static final Set<Integer> NOTHING_TO_CATCH = Set.of(17);
    private static final String TABLE = """
            1   Notification ofAnotherSourceIsNotDelivered
            2   Errors peers|receive from the last slot, which no limit cuts off"
            3   Errors binds|an endpoint above the DC"
            4   Binding ofOneEndpointByTwoProgramsIsRefusedToTheSecond
            4   Errors binds|a backup in a slot in use"
            5   Link aNodeThatGoesDownTakesItsStubsAndMembershipsWithIt
            5   Link aNodeThatLeavesADcIsAnsweredBeforeItsStubsGo
            6   Link aPairShowsWhatIsConnected
            7   RemoteCopy allCasesCopyEveryByteInChunks
            7   RemoteCopy eachCaseTakesTheCommandsOfTheTable
            8   RemoteCopy allCasesCopyEveryByteInChunks
            9   Rendezvous rcvrqstTakesRequestsAndLeavesPlainSendsQueued
            9   Rendezvous rcvrqstThatWaitsIsNotEndedByAPlainSend
            10  Refusal isAnsweredForEveryKindOfCommand
            10  Refusal isAnsweredForEveryKindOfMessage
            10  Refusal anUnknownCommandIsAnswered
            11  Refusal aNotificationForAUserOrOfOneIsRefused
            11  Refusal aReplyThatNobodyWaitsForIsAnswered
            12  Migration notificationsGoWithTheProcess
            12  Migration messagesAreHeldAndReplayedAndNeitherLostNorDoubled
            13  Administration addAndDelNodeTellWhatIsWrong
            14  Administration aDcWithLimitsBeyondTheDvsIsRefused
            14  Exit aLocalRequestThatWasTakenGetsSrcdied
            14  Exit aLocalRequestThatWasNotTakenGetsDstdied
            14  Binding ofAnotherTellsItAndWaitsForItsEnd
            15  Refusal aCopyThatMayNotBeIsAnswered
            16  Remote aNewCallSupersedesOneThatWasGivenUp
            16  Remote anAnswerToARequestThatWasGivenUpIsNotTheAnswerOfTheNext
            18  Exit aRemoteRequestThatWasTakenGetsSrcdied
            18  Exit aRemoteRequestThatWasNotTakenGetsDstdied
            18  Remote aRequestIsNotEndedByAnAcknowledgementWithoutError
            """;
    private static final Pattern LINE = Pattern.compile("(\\d+) +(\\w+) (\\w+)(?:\\|(.*))?");

    @Test
    void namesATestForEachDefect() throws IOException {
        List<String> wrong = new ArrayList<>();
        Set<Integer> caught = new HashSet<>(NOTHING_TO_CATCH);
        for (String line : TABLE.lines().toList()) {
            Matcher parts = LINE.matcher(line);
            assertTrue(parts.matches(), line);
            caught.add(Integer.valueOf(parts.group(1)));
            TestSource source = TestSource.of(parts.group(2));
            boolean there = parts.group(4) == null ? source.isTest(parts.group(3))
                    : !source.row(parts.group(3), parts.group(4)).isEmpty();
            if (!there) {
                wrong.add(line);
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(DEFECTS, caught.size());
    }
}
