package org.dvs.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.dvs.api.ErrorCode;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "The exit code …" */
@Tag("R-CMD-05")
class ExitCodeTest {
    @Test
    void isOneOfTheTableForEveryErrorBeforeSending() {
        Map<Integer, StringBuilder> codes = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            codes.computeIfAbsent(ExitCode.of(code), key -> new StringBuilder()).append(' ').append(code);
        }
        assertEquals(" TOOBIG INVAL RANGE BADREQUEST BADRANGE BADVALUE NAMESIZE USAGE NOJOB", codes.get(2).toString());
        assertEquals(" BADNODEID NONODES", codes.get(3).toString());
        assertEquals(" DSTNOTRCH TIMEDOUT NOTCONN", codes.get(4).toString());
        assertEquals(" CALLDENIED PRIVILEGES NOLOGIN LOGINRATE", codes.get(6).toString());
        assertEquals(" AGAIN NOTREADY CONFIRM MAXFAIL STOPPED", codes.get(7).toString());
        assertEquals(" CLIENTTIMEOUT", codes.get(124).toString());
        assertEquals(" INTR", codes.get(130).toString());
        assertEquals(Set.of(1, 2, 3, 4, 6, 7, 124, 130), codes.keySet());
    }

    @ParameterizedTest
    @CsvSource({"FAILED,NOSYS,1", "FAILED,INVAL,1", "FAILED,GENERIC,1", "FAILED,PRIVILEGES,6", "FAILED,CALLDENIED,6",
            "FAILED,NOTREADY,7",
        "FAILED,INTR,130", "SILENT,TIMEDOUT,4", "SILENT,NOTCONN,4", "SILENT,INTR,130",
        "SKIPPED,MAXFAIL,7", "SKIPPED,INTR,130", "SKIPPED,TIMEDOUT,4",
        "SKIPPED,GENERIC,7"})
    void tellsHowANodeEnded(NodeState state, ErrorCode code, int exitCode) {
        assertEquals(exitCode, ExitCode.of(Answers.answer(Specs.DF, Answers.ok("node0", 1),
                Answers.bad("node1", state, code, ""))));
    }

    @Test
    void isOneForANumberNobodyKnowsAndZeroWhenAllIsWell() {
        assertEquals(1, ExitCode.of(Answers.answer(Specs.DF, new NodeAnswer("node0", NodeState.FAILED, -7777, "", 1,
                List.of()))));
        assertEquals(0, ExitCode.of(Answers.answer(Specs.DF, Answers.ok("node0", 1))));
    }

    @Test
    void isTheFirstInTheOrderOfTheConventionsWhenSeveralApply() {
        int[] order = {130, 124, 2, 3, 5, 6, 7, 4, 1, 0};
        for (int i = 0; i < order.length; i++) {
            for (int j = i; j < order.length; j++) {
                assertEquals(order[i], ExitCode.first(order[j], order[i]));
            }
        }
        assertEquals(0, ExitCode.first());
    }
}
