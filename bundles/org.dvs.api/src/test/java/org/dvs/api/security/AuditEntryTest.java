package org.dvs.api.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.security.AuditEntry.Step;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "an entry of the audit …". */
class AuditEntryTest {
    private static final Caller EVA = new Caller("eva", Set.of(Role.VIEWER), "cli", "127.0.0.1");
    private static final AuditEntry ASKED = AuditEntry.ofCommand(Step.ASKED, EVA, "node0", "job cancel", "node0-1-2", true);

    @Test
    void isOneOfARefusalIfRolePrivilegeOrAllowListSaysNo() {
        assertTrue(ASKED.allowed());
        assertTrue(ASKED.then(Step.ENDED, ErrorCode.BUSY.rcode(), "busy").allowed(), "it was allowed and failed");
        assertFalse(ASKED.then(Step.ENDED, ErrorCode.CALLDENIED.rcode(), "not in the list").allowed());
        assertFalse(ASKED.refused(new DvsException(ErrorCode.PRIVILEGES, "no")).allowed());
    }

    @Test
    void isWrittenForWhoIsRefusedAtAFaceAndOnlyForHim() throws DvsException {
        List<AuditEntry> written = new ArrayList<>();
        Audit audit = new Audit() {
            @Override
            public void before(AuditEntry entry) {
                throw new AssertionError("a refusal is nothing that is about to be done");
            }

            @Override
            public void after(AuditEntry entry) {
                written.add(entry);
            }
        };
        audit.require(EVA, Role.VIEWER, ASKED);
        assertEquals(List.of(), written);
        DvsException no = assertThrows(DvsException.class, () -> audit.require(EVA, Role.OPERATOR, ASKED));
        assertEquals(List.of(ASKED.then(Step.REFUSED, ErrorCode.PRIVILEGES.rcode(), no.getMessage())), written);
        assertEquals("'job cancel' needs role operator; eva has viewer", no.getMessage());
    }
}
