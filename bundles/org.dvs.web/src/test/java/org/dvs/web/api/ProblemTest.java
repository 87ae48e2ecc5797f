package org.dvs.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A problem … */
@Tag("R-CMD-17")
class ProblemTest {

    @ParameterizedTest
    @CsvSource({"INVAL, 400", "BADVALUE, 400", "BADRANGE, 400", "USAGE, 400", "NOLOGIN, 401", "PRIVILEGES, 403",
            "CALLDENIED, 403",
        "BADREQUEST, 404", "BADNODEID, 404", "NONODES, 404", "NOJOB, 404", "NOSYS, 404", "CONFIRM, 409", "CONFLICT, 409",
                "EXIST, 409",
        "TOOBIG, 413", "MSGSIZE, 413", "LOGINRATE, 429", "AGAIN, 503", "NOTREADY, 503", "STOPPED, 503", "TIMEDOUT, 504",
        "CLIENTTIMEOUT, 504", "GENERIC, 500", "IO, 500", "LOGDAMAGED, 500"})
    void hasTheStatusOfItsCode(ErrorCode code, int status) {
        assertEquals(status, Problem.of(code, "x").status());
    }

    @Test
    void ofAnyCodeHasAStatusOfTheTable() {
        Set<Integer> statuses = Arrays.stream(ErrorCode.values()).map(Problem::status)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(400, 401, 403, 404, 409, 413, 429, 500, 503, 504), statuses);
    }

    @Test
    void isTheDocumentOfRfc9457WithCodeNodeAndRequestId() {
        assertEquals("{\"type\":\"urn:dvs:error:DVS-CLU-0301\",\"title\":\"There is no such node.\",\"status\":404,"
                + "\"detail\":\"node \\\"7\\\"\\n<b>\",\"code\":\"DVS-CLU-0301\",\"next\":\"See 'dvs node list' for the nodes.\","
                + "\"node\":\"node0\",\"requestId\":\"id-1\"}",
                new String(Problem.of(ErrorCode.BADNODEID, "node \"7\"\n<b>").json("node0", "id-1"), StandardCharsets.UTF_8));
    }
}
