package org.dvs.monitor.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.Role;
import org.dvs.testkit.EveryAccount;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a session …". */
class SessionsTest {
    private static final Caller ADA = new Caller("ada", Set.of(Role.OPERATOR), "web", "127.0.0.1");
    private long now = Long.MAX_VALUE - 1_000;
    private final Sessions sessions = new Sessions(Duration.ofSeconds(10), Duration.ofSeconds(60), () -> now, new SecureRandom(),
            new EveryAccount());

    private void pass(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void isFoundByItsIdOnlyAndProvesItsWord() throws Exception {
        Sessions.Opened opened = sessions.open(ADA);

        assertEquals(ADA, sessions.find(opened.id(), true).orElseThrow().caller());
        assertTrue(sessions.find(opened.session().key(), true).isEmpty(), "what the server keeps logs nobody in");
        assertTrue(opened.session().proves(opened.session().csrf()));
        assertFalse(opened.session().proves(null));
        assertFalse(opened.session().proves(opened.id()));
        assertNotEquals(opened.id(), sessions.open(ADA).id());
    }

    @Test
    void keepsWhatItsUserHasShownForTheAccountsToLookAt() throws Exception {
        Caller shown = new Caller("ada", Set.of(Role.OPERATOR), "web", "127.0.0.1", "digest");
        assertEquals("digest", sessions.find(sessions.open(shown).id(), true).orElseThrow().caller().proof());
        assertEquals("digest", shown.with(Set.of()).at("cli", "local").proof());
    }

    @Test
    void endsWhenNobodyUsesIt() throws Exception {
        String id = sessions.open(ADA).id();
        pass(9);
        assertTrue(sessions.find(id, true).isPresent());
        pass(9);
        assertTrue(sessions.find(id, false).isPresent(), "it was used nine seconds ago");
        pass(1);
        assertTrue(sessions.find(id, true).isEmpty(), "what a page does by itself is no use");
    }

    @Test
    void endsAtItsAgeHoweverMuchItIsUsed() throws Exception {
        Sessions.Opened opened = sessions.open(ADA);
        for (int i = 0; i < 6; i++) {
            assertTrue(sessions.find(opened.id(), true).isPresent());
            pass(9);
        }
        assertTrue(sessions.isOpen(opened.session().key()));
        pass(6);
        assertFalse(sessions.isOpen(opened.session().key()));
    }

    @Test
    void endsAtALogout() throws Exception {
        Sessions.Opened opened = sessions.open(ADA);
        sessions.close(opened.session());
        assertTrue(sessions.find(opened.id(), true).isEmpty());
    }

    @Test
    void givesWayToNewOnesWhenItWasUsedLongestAgo() throws Exception {
        String used = sessions.open(ADA).id();
        String idle = sessions.open(ADA).id();
        sessions.find(used, true);
        for (int i = 2; i <= Sessions.MOST; i++) {
            sessions.open(ADA);
        }
        assertEquals(Sessions.MOST, sessions.size());
        assertTrue(sessions.find(used, true).isPresent());
        assertTrue(sessions.find(idle, true).isEmpty());
    }

    @Test
    void isOpenedByALinkOnceAndSoon() throws Exception {
        Tickets tickets = new Tickets(Duration.ofSeconds(60), () -> now, new SecureRandom());
        String word = tickets.issue(ADA);
        assertEquals(ADA, tickets.redeem(word).orElseThrow());
        assertTrue(tickets.redeem(word).isEmpty(), "it was used");

        String late = tickets.issue(ADA);
        pass(60);
        assertTrue(tickets.redeem(late).isEmpty());

        String first = tickets.issue(ADA);
        for (int i = 0; i < Tickets.MOST; i++) {
            tickets.issue(ADA);
        }
        assertTrue(tickets.redeem(first).isEmpty(), "the oldest goes first");
    }
}
