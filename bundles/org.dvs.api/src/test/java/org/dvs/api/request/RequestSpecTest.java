package org.dvs.api.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Names finish the sentence "a request's description …". */
class RequestSpecTest {
    private final RequestSpec spec = RequestSpec.named("RQST_KILL").alias("RQST_GETKILL").command("lb server drain").help("drains")
            .parameter(Parameter.of("pid", ValueType.INTEGER, "which process").mandatory().range(1, 100))
            .parameter(Parameter.of("signal", ValueType.TEXT, "which signal").byDefault("TERM"))
            .parameter(Parameter.of("note", ValueType.TEXT, "any"))
            .column("pid", ValueType.INTEGER, "which").build();

    private static void refused(ErrorCode code, String detail, Executable call) {
        DvsException e = assertThrows(DvsException.class, call);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(detail), e.getMessage());
    }

    @Test
    void readsOneRowForViewersUntilSaidOtherwise() {
        assertEquals(Role.VIEWER, spec.role());
        assertFalse(spec.changes() || spec.manyRows() || spec.destructive());
        RequestSpec destroys = RequestSpec.named("RQST_A").command("a b").help("x").destroys().build();
        assertTrue(destroys.changes() && destroys.destructive());
        assertEquals(Role.OPERATOR, destroys.role());
        assertEquals(Role.ADMIN, RequestSpec.named("RQST_A").command("a b").help("x").changes().role(Role.ADMIN).build().role());
    }

    @Test
    void givesTheShellItsScopeAndVerb() {
        assertEquals("lb", spec.scope());
        assertEquals("server-drain", spec.verb());
    }

    @Test
    @Tag("R-CMD-03")
    void completesValuesWithDefaultsInItsOwnOrder() throws DvsException {
        assertEquals(List.of(Map.entry("pid", 7L), Map.entry("signal", "TERM")),
                List.copyOf(spec.complete(Map.of("pid", 7L)).entrySet()));
        assertEquals(List.of("pid", "signal", "note"),
                List.copyOf(spec.complete(Map.of("note", "x", "signal", "HUP", "pid", 1L)).keySet()));
    }

    @Test
    void refusesUnknownMissingAndWrongValues() {
        refused(ErrorCode.INVAL, "RQST_KILL has no parameter 'x'", () -> spec.complete(Map.of("pid", 1L, "x", 1L)));
        refused(ErrorCode.INVAL, "RQST_KILL needs pid: which process", () -> spec.complete(Map.of()));
        refused(ErrorCode.BADRANGE, "pid: 0", () -> spec.complete(Map.of("pid", 0L)));
        refused(ErrorCode.BADVALUE, "pid: 1 is not of type INTEGER", () -> spec.complete(Map.of("pid", "1")));
    }

    @Test
    void mustHaveANameAndACommand() {
        assertThrows(IllegalArgumentException.class, () -> RequestSpec.named("DF").command("host df").help("x").build());
        assertThrows(IllegalArgumentException.class, () -> RequestSpec.named("RQST_DF").command("df").help("x").build());
        assertThrows(IllegalArgumentException.class, () -> RequestSpec.named("RQST_DF").command("host DF").help("x").build());
        assertThrows(IllegalArgumentException.class,
                () -> RequestSpec.named("RQST_DF").alias("df").command("host df").help("x").build());
    }
}
