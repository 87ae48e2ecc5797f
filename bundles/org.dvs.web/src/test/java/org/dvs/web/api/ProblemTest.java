package org.dvs.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A problem … */
@Tag("R-CMD-17")
class ProblemTest {

    private static final String STATUSES = """
            400 NOEXEC FAULT NOTBLK XDEV NOTDIR ISDIR INVAL NOTTY SPIPE DOM RANGE NAMETOOLONG LOOP PACKSIZE BADIOCTL \
            BADDEST AFNOSUPPORT PROTONOSUPPORT PROTOTYPE ADDRNOTAVAIL NOTSOCK NOPROTOOPT BADSRCDST BADPROC BADPID \
            ENDPOINT BADPROXY BINDTYPE BADRANGE BADVALUE NAMESIZE ALIGN USAGE BADKEY BADSETTING SYNTAX DUPLICATE \
            CLEARSECRET MISSINGKEY
            401 NOLOGIN
            403 PERM ACCES BADCALL CALLDENIED TRAPDENIED BADOWNER GRPLEADER PRIVILEGES BADCERT OTHERPAGE
            404 NOENT SRCH NXIO CHILD NODEV NOSYS NOCONN DEADSRCDST DSTDIED BADREQUEST BADNODEID BADDCID NOTBIND NONODE \
            NODCNODE NOMSG PROXYFREE PROXYID NOREPLICA NONODES NOJOB NOCONFIG
            409 BADF BUSY EXIST TXTBSY ROFS MLINK DEADLK NOTEMPTY BADMODE ISCONN ADDRINUSE URG NOURG INPROGRESS ALREADY \
            LOCKED DCNOTRUN NOPROXY RMTPROC LCLPROC PROXYRUN ACKDST ACKSRC ACKWAIT NODEBUSY DVSBUSY DVSINIT PROCRUN \
            DCRUN PROCSTS NODEFREE DCNODE ONCOPY ENQUEUED OVERRUN MIGRATE SLOTUSED RSCBUSY REPLPROC WOKENUP CONFIRM \
            MAXFAIL CONFLICT NOSECRET
            413 TOOBIG FBIG MSGSIZE
            429 LOGINRATE
            500 IO GENERIC DONTREPLY ERRCODE BADDIR BADFILE BADTRAMP USR2USR KRN2USR USR2KRN LOGDAMAGED AUDITBAD
            503 INTR AGAIN NOMEM NFILE MFILE NOSPC PIPE NOLCK OUTOFBUFS WOULDBLOCK DSTNOTRCH CONNREFUSED CONNRESET \
            NOTCONN SHUTDOWN NOTREADY SRCDIED ALLOCMEM PRIMARY RESTARTSYS STOPPED NOAUDIT
            504 TIMEDOUT CLIENTTIMEOUT UNKNOWNOUTCOME
            """;

    @Test
    void hasTheStatusOfItsCode() {
        Map<ErrorCode, Integer> expected = new EnumMap<>(ErrorCode.class);
        STATUSES.lines().map(line -> line.split(" ")).forEach(words -> Arrays.stream(words).skip(1)
                .forEach(name -> assertNull(expected.put(ErrorCode.valueOf(name), Integer.valueOf(words[0])), name)));
        assertEquals(EnumSet.allOf(ErrorCode.class), expected.keySet(), "a status for each code");
        expected.forEach((code, status) -> assertEquals(status, Problem.of(code, "x").status(), code.name()));
    }

    @Test
    void isTheDocumentOfRfc9457WithCodeNodeAndRequestId() {
        assertEquals("{\"type\":\"urn:dvs:error:DVS-CLU-0301\",\"title\":\"There is no such node.\",\"status\":404,"
                + "\"detail\":\"node \\\"7\\\"\\n<b>\",\"code\":\"DVS-CLU-0301\",\"next\":\"See 'dvs node list' for the nodes.\","
                + "\"node\":\"node0\",\"requestId\":\"id-1\"}",
                new String(Problem.of(ErrorCode.BADNODEID, "node \"7\"\n<b>").json("node0", "id-1"), StandardCharsets.UTF_8));
    }
}
