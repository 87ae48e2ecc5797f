package org.dvs.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.cli.internal.words.Builtin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every command of the command line itself, for every role. Names finish the sentence "a built-in command …". */
@Tag("R-CMD-17")
class RolesTest {
    private static final int FORBIDDEN = 6;

    private final Cli cli = new Cli();

    private static Caller caller(Set<Role> roles) {
        return new Caller("bob", roles, "cli", "10.0.0.1");
    }

    private static String words(Builtin builtin) {
        return String.join(" ", builtin.command()) + (builtin.operands().equals("JOB") ? " node0-1-1" : "")
                + (builtin == Builtin.COMPLETION ? " bash" : "");
    }

    @ParameterizedTest
    @EnumSource(Builtin.class)
    void isForWhoHasItsRoleAndARefusalIsWrittenDown(Builtin builtin) {
        for (Role role : Role.values()) {
            boolean may = builtin.role().map(role::includes).orElse(true);
            check(builtin, EnumSet.of(role), may);
        }
        check(builtin, Set.of(), builtin.role().isEmpty());
    }

    private void check(Builtin builtin, Set<Role> roles, boolean may) {
        int before = cli.audit.entries().size();
        int code = cli.as(caller(roles)).run(words(builtin)).code();
        if (may) {
            assertNotEquals(FORBIDDEN, code, builtin + " by " + roles);
        } else {
            assertEquals(FORBIDDEN, code, builtin + " by " + roles);
            assertEquals("REFUSED bob " + String.join(" ", builtin.command()) + " node0 " + ErrorCode.PRIVILEGES.rcode(),
                    cli.audit.lines().get(before));
        }
    }

    @Test
    void isRefusedForItsRoleBeforeWhatIsWrongWithItsWords() {
        cli.as(caller(EnumSet.of(Role.VIEWER)));
        int no = ErrorCode.PRIVILEGES.rcode();
        for (String words : List.of("lb server drain --nonsense", "lb server drain web1 too many", "lb server drain")) {
            assertEquals(FORBIDDEN, cli.run(words).code(), words);
        }
        assertEquals(FORBIDDEN, cli.as(caller(Set.of())).run("job list --nonsense").code());
        assertEquals("REFUSED bob RQST_LBDRAIN node0 " + no, cli.audit.lines().get(0));
        assertEquals("REFUSED bob job list node0 " + no, cli.audit.lines().get(3));
        assertEquals(4, cli.audit.lines().size());
        assertEquals(2, cli.as(caller(EnumSet.of(Role.OPERATOR))).run("lb server drain --nonsense").code());
        assertEquals(4, cli.audit.lines().size());
    }

    @Test
    void isForEverybodyOnlyIfItIsNamedHere() {
        List<Builtin> forEverybody = Arrays.stream(Builtin.values()).filter(builtin -> builtin.role().isEmpty()).toList();
        assertEquals(List.of(Builtin.HELP), forEverybody);
    }

    @Test
    void aboutAJobNeedsTheRoleOfItsRequest() {
        cli.as(caller(EnumSet.of(Role.OPERATOR))).run("lb server drain web1");
        Optional<String> job = cli.dispatcher.jobs().stream().findFirst().map(each -> each.id());
        String id = job.orElseThrow();
        assertEquals(FORBIDDEN, cli.as(caller(EnumSet.of(Role.VIEWER))).run("job cancel " + id).code());
        assertEquals(FORBIDDEN, cli.run("job info " + id).code());
        int no = ErrorCode.PRIVILEGES.rcode();
        assertEquals(List.of("REFUSED bob job cancel node0 " + no, "REFUSED bob job info node0 " + no), cli.audit.lines());
    }

    @Test
    void thatEndsAJobIsWrittenDownBeforeItDoes() {
        cli.dispatcher.never();
        cli.as(caller(EnumSet.of(Role.OPERATOR)));
        cli.clock.stopping = true;
        cli.run("host df");
        String id = cli.dispatcher.jobs().get(0).id();
        cli.audit.full(true);
        assertNotEquals(0, cli.run("job cancel " + id).code());
        cli.audit.full(false);
        assertEquals(0, cli.run("job cancel " + id).code());
        assertEquals(List.of("ASKED bob job cancel node0 0", "ANSWERED bob job cancel node0 0"), cli.audit.lines());
        assertEquals(id, cli.audit.entries().get(0).arguments());
    }
}
