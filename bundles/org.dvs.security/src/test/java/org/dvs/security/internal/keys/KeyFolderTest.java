package org.dvs.security.internal.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of keys … */
class KeyFolderTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    @TempDir
    Path temp;

    @Test
    void holdsAnAuthorityAndTheFirstCredentialsOnceInitialised() throws Exception {
        KeyFolder cluster = folder("cluster", NOW);
        cluster.init("demo");

        X509Certificate authority = KeyStores.readPem(cluster.files(), KeyFolder.AUTHORITY_PEM);
        assertEquals("CN=demo", authority.getSubjectX500Principal().getName());
        assertEquals(0, authority.getBasicConstraints());
        assertEquals("EC", authority.getPublicKey().getAlgorithm());
        assertTrue(Duration.between(NOW, authority.getNotAfter().toInstant()).toDays() >= 3650);

        String token = cluster.files().readText(KeyFolder.OPERATOR_TOKEN);
        assertEquals(43, token.length());
        assertEquals("operator:operator:" + HexFormat.of().formatHex(Secrets.digest(token)), cluster.files()
                .readText(KeyFolder.TOKENS));

        String password = cluster.files().readText(KeyFolder.ADMIN_PASSWORD);
        String users = cluster.files().readText(KeyFolder.USERS);
        assertTrue(users.startsWith("admin:" + KeyFolder.ADMIN_ROLES + ":$2y$"), users);
        assertTrue(PasswordHash.matches(password.toCharArray(), users.substring(users.lastIndexOf(':') + 1)));
        assertFalse(users.contains(password));
    }

    @Test
    void staysAsItIsWhenInitialisedAgain() throws Exception {
        KeyFolder cluster = folder("cluster", NOW);
        cluster.init("demo");
        byte[] authority = cluster.files().read(KeyFolder.AUTHORITY_STORE);
        String token = cluster.files().readText(KeyFolder.OPERATOR_TOKEN);

        cluster.init("other");

        assertArrayEquals(authority, cluster.files().read(KeyFolder.AUTHORITY_STORE));
        assertEquals(token, cluster.files().readText(KeyFolder.OPERATOR_TOKEN));
    }

    @ParameterizedTest
    @ValueSource(strings = {KeyFolder.AUTHORITY_PEM, KeyFolder.OPERATOR_TOKEN, KeyFolder.TOKENS, KeyFolder.ADMIN_PASSWORD,
            KeyFolder.USERS})
    void isCompletedAfterACrashThatLeftAFileOut(String missing) throws Exception {
        KeyFolder cluster = folder("cluster", NOW);
        cluster.init("demo");
        Files.delete(cluster.files().path(missing));

        cluster.init("demo");

        assertTrue(cluster.files().has(missing));
        KeyFolder node = folder("node", NOW);
        cluster.issue(new NodeName(0, "node0", List.of()), node);
        assertEquals("demo", node.node().clusterName());
    }

    @Test
    void givesANodeItsIdNameAndAddresses() throws Exception {
        KeyFolder cluster = initialised("demo");
        KeyFolder node = folder("node", NOW);

        cluster.issue(new NodeName(7, "node7", List.of("10.0.0.7", "fd00::7", "seven.example.org")), node);

        NodeCertificate certificate = node.node();
        assertEquals(7, certificate.nodeId());
        assertEquals("node7", certificate.nodeName());
        assertEquals("demo", certificate.clusterName());
        X509Certificate x509 = certificate.chain().get(0);
        List<Object> names = x509.getSubjectAlternativeNames().stream().<Object>map(name -> name.get(1)).toList();
        assertEquals(List.of("dvs:node:7", "localhost", "node7", "127.0.0.1", "0:0:0:0:0:0:0:1", "10.0.0.7", "fd00:0:0:0:0:0:0:7",
                "seven.example.org"), names);
        assertEquals(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), x509.getExtendedKeyUsage());
        assertEquals(-1, x509.getBasicConstraints());
    }

    @Test
    void givesANodeHashesButNoSecretsOfOthers() throws Exception {
        KeyFolder node = folder("node", NOW);
        initialised("demo").issue(new NodeName(0, "node0", List.of()), node);

        for (String secret : List.of(KeyFolder.AUTHORITY_STORE, KeyFolder.OPERATOR_TOKEN, KeyFolder.ADMIN_PASSWORD)) {
            assertFalse(node.files().has(secret), secret);
        }
        assertTrue(node.files().has(KeyFolder.USERS));
        assertTrue(node.files().has(KeyFolder.TOKENS));
        assertTrue(node.belongsToCluster());
    }

    @Test
    @Tag("R-CMD-01")
    void refusesACertificateOfAnotherCluster() throws Exception {
        KeyFolder node = folder("node", NOW);
        initialised("demo").issue(new NodeName(0, "node0", List.of()), node);
        KeyFolder stranger = initialised("stranger");
        node.files().write(KeyFolder.AUTHORITY_PEM, stranger.files().read(KeyFolder.AUTHORITY_PEM));

        refused(node, "was not issued by the authority 'stranger'");
    }

    @Test
    void refusesACertificateThatIsOver() throws Exception {
        initialised("demo").issue(new NodeName(0, "node0", List.of()), folder("node", NOW));

        refused(folder("node", NOW.plus(Duration.ofDays(5 * 366))), "is valid from 2026-11-21T11:00:00Z to ");
    }

    @Test
    void refusesACertificateOfTheFutureButNotOneOfAClockThatIsALittleAhead() throws Exception {
        initialised("demo").issue(new NodeName(0, "node0", List.of()), folder("node", NOW));

        assertEquals(0, folder("node", NOW.minus(Duration.ofMinutes(30))).node().nodeId());
        refused(folder("node", NOW.minus(Duration.ofHours(2))), "but the clock says 2026-11-21T10:00:00Z");
    }

    @Test
    void refusesADamagedStoreAndAWrongPassword() throws Exception {
        KeyFolder node = folder("node", NOW);
        initialised("demo").issue(new NodeName(0, "node0", List.of()), node);
        String password = node.files().readText(KeyFolder.NODE_STORE + ".pass");

        node.files().writeText(KeyFolder.NODE_STORE + ".pass", "guess");
        refused(node, "node.p12 cannot be opened");

        node.files().writeText(KeyFolder.NODE_STORE + ".pass", password);
        byte[] store = node.files().read(KeyFolder.NODE_STORE);
        store[store.length / 2] ^= 1;
        node.files().write(KeyFolder.NODE_STORE, store);
        refused(node, "node.p12 cannot be opened");
    }

    @Test
    void refusesAKeyThatDoesNotBelongToItsCertificate() throws Exception {
        KeyFolder cluster = initialised("demo");
        KeyFolder one = folder("one", NOW);
        KeyFolder other = folder("other", NOW);
        cluster.issue(new NodeName(1, "node1", List.of()), one);
        cluster.issue(new NodeName(2, "node2", List.of()), other);
        KeyStores.write(one.files(), KeyFolder.NODE_STORE, new KeyStores.KeyAndChain(other.node().key(), one.node().chain()),
                new SecureRandom());

        refused(one, "the private key does not belong to the certificate");
    }

    @Test
    void refusesTheAuthoritysOwnCertificateAsANodes() throws Exception {
        KeyFolder cluster = initialised("demo");
        cluster.files().write(KeyFolder.NODE_STORE, cluster.files().read(KeyFolder.AUTHORITY_STORE));
        cluster.files().write(KeyFolder.NODE_STORE + ".pass", cluster.files().read(KeyFolder.AUTHORITY_STORE + ".pass"));

        refused(cluster, "names 0 node ids instead of one");
    }

    @Test
    void refusesANodesCertificateAsAnAuthority() throws Exception {
        KeyFolder node = folder("node", NOW);
        initialised("demo").issue(new NodeName(0, "node0", List.of()), node);
        node.files().writeText(KeyFolder.AUTHORITY_PEM, KeyStores.pem(node.node().chain().get(0)));

        refused(node, "ca.pem is not the certificate of an authority");
    }

    @Test
    void issuesNothingWithoutAnAuthority() throws Exception {
        KeyFolder node = folder("node", NOW);
        initialised("demo").issue(new NodeName(0, "node0", List.of()), node);

        GeneralSecurityException e = assertThrows(GeneralSecurityException.class,
                () -> node.issue(new NodeName(1, "node1", List.of()), folder("thief", NOW)));
        assertTrue(e.getMessage().contains("there is no authority in"), e.getMessage());
        assertThrows(GeneralSecurityException.class, () -> node.init("demo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7node", "node 0", "node/0", "../node", "näh", "a,CN=b"})
    void refusesNamesThatAreNone(String name) {
        assertThrows(IllegalArgumentException.class, () -> new NodeName(0, name, List.of()));
        assertThrows(IllegalArgumentException.class, () -> folder("cluster", NOW).init(name));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10_000, Integer.MAX_VALUE})
    void refusesIdsOutOfRange(int id) {
        assertThrows(IllegalArgumentException.class, () -> new NodeName(id, "node", List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "-x", "host:80", "x/y"})
    void refusesAddressesThatAreNone(String address) {
        assertThrows(IllegalArgumentException.class,
                () -> initialised("demo").issue(new NodeName(0, "node0", List.of(address)), folder("node", NOW)));
    }

    private KeyFolder initialised(String name) throws IOException, GeneralSecurityException {
        KeyFolder cluster = folder(name, NOW);
        cluster.init(name);
        return cluster;
    }

    private KeyFolder folder(String name, Instant now) {
        return new KeyFolder(temp.resolve(name), Clock.fixed(now, ZoneOffset.UTC), new SecureRandom());
    }

    private static void refused(KeyFolder folder, String why) {
        GeneralSecurityException e = assertThrows(GeneralSecurityException.class, folder::node);
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }
}
