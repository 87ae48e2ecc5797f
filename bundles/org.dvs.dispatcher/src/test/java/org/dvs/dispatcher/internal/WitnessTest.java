package org.dvs.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the dispatcher's witness …". */
class WitnessTest {
    private final Witnesses accounts = new Witnesses();

    private void confirm(String channel, Role... roles) throws DvsException {
        accounts.known.put("console", Set.of());
        accounts.witness().confirm(new Caller("console", Set.of(roles), channel, "local"));
    }

    @Test
    void believesANodeThatLooksByItselfAndNobodyElseWithoutAnAccount() throws DvsException {
        confirm(Caller.INTERNAL, Role.VIEWER);

        for (Role more : new Role[] {Role.OPERATOR, Role.ADMIN, Role.AUDITOR}) {
            DvsException refused = assertThrows(DvsException.class, () -> confirm(Caller.INTERNAL, Role.VIEWER, more));
            assertEquals(ErrorCode.PRIVILEGES, refused.code());
        }
        assertThrows(DvsException.class, () -> confirm("web", Role.VIEWER));
    }
}
