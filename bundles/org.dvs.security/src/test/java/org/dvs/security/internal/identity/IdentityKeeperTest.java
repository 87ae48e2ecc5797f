package org.dvs.security.internal.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.security.Identity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keeper of a node's identity ... */
class IdentityKeeperTest {
    @TempDir
    private Path temp;
    private KeyFolder authority;
    private KeyFolder keys;
    private final List<Identity> found = new ArrayList<>();
    private IdentityKeeper keeper;

    @BeforeEach
    void layOut() throws Exception {
        authority = folder("authority");
        authority.init("demo");
        keys = folder("keys");
        authority.issue(new NodeName(1, "node1", List.of("10.0.0.1")), keys);
        keeper = new IdentityKeeper(keys, found::add);
    }

    private KeyFolder folder(String name) {
        return new KeyFolder(temp.resolve(name), Clock.systemUTC(), new SecureRandom());
    }

    private X509Certificate shown() {
        return found.get(0).chain().get(0);
    }

    @Test
    void givesTheIdentityOnceAndItsNewestCertificate() throws Exception {
        keeper.look();
        keeper.look();
        X509Certificate first = shown();
        authority.renew(keys);
        keeper.look();
        assertNotEquals(first, shown());
        assertEquals(keys.node().chain().get(0), shown());
        assertEquals(1, found.size());
    }

    @Test
    void waitsForTheSecondOfTwoFiles() throws Exception {
        keeper.look();
        X509Certificate first = shown();
        KeyFolder next = folder("next");
        authority.issue(new NodeName(1, "node1", List.of()), next);
        Files.copy(next.files().path("node.p12.pass"), replaced("node.p12.pass"));
        keeper.look();
        assertEquals(first, shown());
        Files.copy(next.files().path("node.p12"), replaced("node.p12"));
        keeper.look();
        assertEquals(next.node().chain().get(0), shown());
    }

    @Test
    void keepsTheOldOneWhileTheNewOneIsDamagedOrSomebodyElses() throws Exception {
        keeper.look();
        X509Certificate first = shown();
        KeyFolder other = folder("other");
        authority.issue(new NodeName(2, "node2", List.of()), other);
        for (String file : List.of("node.p12.pass", "node.p12")) {
            Files.copy(other.files().path(file), replaced(file));
        }
        keeper.look();
        keeper.look();
        assertEquals(first, shown());
        Files.writeString(replaced("node.p12"), "no store");
        keeper.look();
        keeper.look();
        assertEquals(first, shown());
        Files.delete(keys.files().path("node.p12"));
        authority.issue(new NodeName(1, "node1", List.of()), keys);
        keeper.look();
        assertEquals(keys.node().chain().get(0), shown());
    }

    @Test
    void findsAnIdentityThatComesLater() throws Exception {
        Files.delete(keys.files().path("node.p12"));
        keeper.look();
        assertEquals(List.of(), found);
        authority.issue(new NodeName(1, "node1", List.of()), keys);
        keeper.look();
        assertEquals(1, found.get(0).nodeId());
    }

    private Path replaced(String file) throws Exception {
        Files.deleteIfExists(keys.files().path(file));
        return keys.files().path(file);
    }
}
