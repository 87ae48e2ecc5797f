package org.dvs.security.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.PrivateFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "a node that is asked to execute something …". */
@Tag("R-CMD-17")
class KnownAccountsTest {
    private static final String HASH = "0".repeat(64);

    @TempDir
    Path temp;
    private PrivateFiles files;
    private KnownAccounts accounts;

    @BeforeEach
    void make() throws Exception {
        files = new PrivateFiles(temp.resolve("keys"));
        files.tighten();
        files.writeText(KeyFolder.USERS, "eva:operator,viewer,ssh:hash\nboth:viewer:hash");
        files.writeText(KeyFolder.TOKENS, "bob:viewer:" + HASH + "\nboth:operator:" + HASH);
        Files.writeString(temp.resolve("keys.properties"), "sue=AAAAB3,operator,_g_:watchers\n_g_\\:watchers = group,viewer\n");
        accounts = new KnownAccounts(new Logins(files, new SshKeys(temp.resolve("keys.properties")), 5, System::nanoTime),
                "console",
                List.of("admin", "viewer"));
    }

    private static Caller caller(String user, String channel, String source, Role... roles) {
        return new Caller(user, Set.of(roles), channel, source);
    }

    private void assertRefused(String why, Caller caller) {
        DvsException no = assertThrows(DvsException.class, () -> accounts.confirm(caller));
        assertEquals(ErrorCode.PRIVILEGES, no.code());
        assertTrue(no.getMessage().contains(why), no.getMessage());
    }

    @Test
    void believesTheRolesThatItsOwnAccountsGive() throws Exception {
        accounts.confirm(caller("eva", "rest", "10.0.0.1", Role.OPERATOR, Role.VIEWER));
        accounts.confirm(caller("bob", "cli", "10.0.0.1", Role.VIEWER));
        accounts.confirm(caller("both", "cli", "10.0.0.1", Role.VIEWER, Role.OPERATOR));
        accounts.confirm(caller("sue", "shell", "10.0.0.1:22", Role.VIEWER, Role.OPERATOR));
        accounts.confirm(caller("console", "shell", "local", Role.ADMIN));
        accounts.confirm(caller("bob", "cli", "10.0.0.1"));
    }

    @Test
    void refusesARoleThatTheCallerHasNot() {
        assertRefused("'bob' has not the role admin on this node, but viewer", caller("bob", "cli", "x", Role.ADMIN,
                Role.VIEWER));
        assertRefused("'eva' has not the role auditor", caller("eva", "rest", "x", Role.AUDITOR));
        assertRefused("'sue' has not the role admin", caller("sue", "shell", "x", Role.ADMIN));
        assertRefused("'console' has not the role auditor", caller("console", "shell", "local", Role.AUDITOR));
    }

    @Test
    void refusesWhomItDoesNotKnow() {
        assertRefused("'mallory' has no account", caller("mallory", "cli", "x", Role.VIEWER));
        assertRefused("'console' has no account", caller("console", "rest", "local", Role.VIEWER));
        assertRefused("'console' has no account", caller("console", "shell", "10.0.0.1", Role.VIEWER));
        assertRefused("'sue' has no account", caller("sue", "rest", "x", Role.VIEWER));
        assertRefused("has no account", caller("_g_:watchers", "shell", "x", Role.VIEWER));
    }

    @Test
    void takesRolesAwayFromWhoIsLoggedInStill() throws Exception {
        Caller eva = caller("eva", "web", "x", Role.OPERATOR, Role.VIEWER);
        assertEquals(eva, accounts.current(eva));
        assertEquals(Set.of("operator", "viewer", "ssh"), accounts.roles(eva));
        assertEquals(Set.of("operator", "viewer"), accounts.roles(caller("sue", "shell", "x")));
        files.writeText(KeyFolder.USERS, "eva:viewer,admin:hash");
        assertEquals(caller("eva", "web", "x", Role.VIEWER), accounts.current(eva), "and what is new takes a new login");
        files.writeText(KeyFolder.USERS, "# nobody");
        DvsException gone = assertThrows(DvsException.class, () -> accounts.current(eva));
        assertEquals(ErrorCode.NOLOGIN, gone.code());
        assertEquals("the account of 'eva' has been removed from this node", gone.getMessage());
    }

    @Test
    void knowsNoOldPasswordTokenOrKeyUnderANameThatStayed() throws Exception {
        Caller eva = new Caller("eva", Set.of(Role.VIEWER), "web", "x", Account.proof("hash"));
        Caller both = new Caller("both", Set.of(Role.VIEWER, Role.OPERATOR), "web", "x", Account.proof(HASH));
        Caller sue = new Caller("sue", Set.of(Role.VIEWER), "shell", "x", Account.proof("AAAAB3"));
        assertEquals(eva, accounts.current(eva));
        assertEquals(both.with(Set.of(Role.OPERATOR)), accounts.current(both), "what the token gives, not the password");
        assertEquals(sue, accounts.current(sue));
        files.writeText(KeyFolder.USERS, "eva:operator,viewer,ssh:other\nboth:viewer:hash");
        files.writeText(KeyFolder.TOKENS, "both:operator:" + "1".repeat(64));
        Files.writeString(temp.resolve("keys.properties"), "sue=AAAAC4,operator,viewer\n");
        for (Caller old : List.of(eva, both, sue)) {
            DvsException changed = assertThrows(DvsException.class, () -> accounts.current(old), old.user());
            assertEquals(ErrorCode.NOLOGIN, changed.code());
            assertEquals("the password, token or key of '" + old.user() + "' has been changed on this node since this login",
                    changed.getMessage());
        }
        accounts.confirm(eva.with(Set.of(Role.OPERATOR)));
    }

    @Test
    void noticesAnAccountThatWasTakenAway() throws Exception {
        accounts.confirm(caller("bob", "cli", "x", Role.VIEWER));
        files.writeText(KeyFolder.TOKENS, "# nobody");
        assertRefused("'bob' has no account", caller("bob", "cli", "x", Role.VIEWER));
        Files.delete(temp.resolve("keys.properties"));
        assertRefused("'sue' has no account", caller("sue", "shell", "x", Role.VIEWER));
    }
}
