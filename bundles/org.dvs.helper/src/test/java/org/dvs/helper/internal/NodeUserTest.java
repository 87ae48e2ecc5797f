package org.dvs.helper.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/** Names finish the sentence "what a node's user runs …". */
class NodeUserTest {

    @Test
    void hasItsRightsAndNoMoreWhateverTheNumberOfTheUserIs() {
        assertEquals(List.of("/usr/bin/setpriv", "--reuid", "4294967294", "--regid", "4294967293", "--clear-groups",
                "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--", "id"),
                new NodeUser(4_294_967_294L, 4_294_967_293L).dropped(List.of("id")));
    }

    @Test
    void keepsItsRightsWhereTheNodeItselfRunsIt() {
        assertEquals(List.of("id"), NodeUser.SAME.dropped(List.of("id")));
    }

    @Test
    void losesItsRightsBeforeItIsLookedForInANamespace() {
        List<String> enter = List.of("/usr/bin/nsenter", "--target", "7", "--mount");
        assertEquals(List.of("/usr/bin/setpriv", "--bounding-set=-all,+sys_ptrace,+sys_admin,+sys_chroot,+setuid,+setgid",
                "--inh-caps=-all", "--no-new-privs", "--", "/usr/bin/nsenter", "--target", "7", "--mount", "--setuid", "5",
                "--setgid", "6", "--", "id"), new NodeUser(5, 6).entering(enter, List.of("id")));
        assertEquals(List.of("/usr/bin/nsenter", "--target", "7", "--mount", "--", "id"),
                NodeUser.SAME.entering(enter, List.of("id")));
    }

    @Test
    void isRootOfAUserNamespaceWithoutRightsOfTheHelper() {
        List<String> enter = List.of("/usr/bin/nsenter", "--target", "7", "--user");
        assertEquals(List.of("/usr/bin/setpriv", "--bounding-set=-all,+sys_ptrace,+sys_admin,+sys_chroot,+setuid,+setgid",
                "--inh-caps=-all", "--no-new-privs", "--", "/usr/bin/nsenter", "--target", "7", "--user", "-S", "0", "-G", "0",
                "--", "id"), new NodeUser(5, 6).enteringAsRoot(enter, List.of("id")));
        assertEquals(List.of("/usr/bin/nsenter", "--target", "7", "--user", "-S", "0", "-G", "0", "--", "id"),
                NodeUser.SAME.enteringAsRoot(enter, List.of("id")));
    }
}
