package org.dvs.security.tool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeCertificate;
import org.dvs.security.internal.keys.NodeName;
import org.dvs.security.internal.keys.PasswordHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys tool … */
class MainTest {
    @TempDir
    Path temp;
    private String stdin = "";
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void laysOutAClusterInOneCall() {
        assertEquals(0, layout("0:node0:%s/n0/keys", "1:node1:%s/n1/keys:10.0.0.1,::1"), this::err);

        assertEquals(0, run("show", "--dir", temp + "/n1/keys"));
        assertTrue(out().contains("node 1, node1 of demo, valid until "), out());
        for (String secret : List.of("keys/operator.token", "keys/admin.password")) {
            assertFalse(out().contains(text(secret)), "a secret was printed");
        }
    }

    @Test
    void keepsWhatIsThere() throws IOException {
        layout("0:node0:%s/n0/keys");
        byte[] before = Files.readAllBytes(temp.resolve("n0/keys/node.p12"));

        assertEquals(0, layout("0:node0:%s/n0/keys", "1:node1:%s/n1/keys"), this::err);

        assertArrayEquals(before, Files.readAllBytes(temp.resolve("n0/keys/node.p12")));
        assertTrue(out().contains("node0 has its certificate in"), out());
        assertTrue(out().contains("node1 got its certificate in"), out());
    }

    @Test
    void addsANodeLater() {
        assertEquals(0, run("init", "--dir", temp + "/keys", "--name", "demo"), this::err);
        assertEquals(0, run("node", "--dir", temp + "/keys", "--id", "4", "--name", "node4", "--out", temp + "/n4/keys",
                "--address", "10.0.0.4", "--address", "four.example.org"), this::err);
        assertEquals(0, run("show", "--dir", temp + "/n4/keys"), this::err);
    }

    @Test
    void renewsCertificatesForTheSameNodesAndAddresses() throws Exception {
        layout("0:node0:%s/n0/keys", "1:node1:%s/n1/keys:10.0.0.1,fd00::1,one.example.org");
        NodeCertificate before = node("n1/keys");

        assertEquals(0, run("renew", "--dir", temp + "/keys", "--out", temp + "/n0/keys", "--out", temp + "/n1/keys"), this::err);

        NodeCertificate after = node("n1/keys");
        assertTrue(out().contains("node1 got a new certificate in " + temp + "/n1/keys"), out());
        assertNotEquals(before.chain().get(0), after.chain().get(0));
        assertNotEquals(before.key(), after.key());
        assertEquals(before.authority(), after.authority());
        assertEquals(List.of(1, "node1"), List.of(after.nodeId(), after.nodeName()));
        assertEquals(List.copyOf(before.chain().get(0).getSubjectAlternativeNames()),
                List.copyOf(after.chain().get(0).getSubjectAlternativeNames()));
    }

    @Test
    void renewsACertificateThatIsOver() throws Exception {
        layout("0:node0:%s/n0/keys");
        KeyFolder then = new KeyFolder(temp.resolve("keys"), Clock.offset(Clock.systemUTC(), Duration.ofDays(-3_000)),
                new SecureRandom());
        Files.delete(temp.resolve("n0/keys/node.p12"));
        then.issue(new NodeName(0, "node0", List.of()), new KeyFolder(temp.resolve("n0/keys"), Clock.systemUTC(),
                new SecureRandom()));
        assertEquals(1, run("show", "--dir", temp + "/n0/keys"));

        assertEquals(0, run("renew", "--dir", temp + "/keys", "--out", temp + "/n0/keys"), this::err);
        assertEquals(0, run("show", "--dir", temp + "/n0/keys"), this::err);
    }

    @Test
    void renewsOnlyWhatItsAuthorityHasIssued() throws Exception {
        layout("0:node0:%s/n0/keys");
        assertEquals(0, run("init", "--dir", temp + "/others", "--name", "demo"));
        byte[] before = Files.readAllBytes(temp.resolve("n0/keys/node.p12"));

        assertEquals(1, run("renew", "--dir", temp + "/others", "--out", temp + "/n0/keys"));
        assertTrue(err().contains("has not issued"), err());
        assertEquals(1, run("renew", "--dir", temp + "/n0/keys", "--out", temp + "/n0/keys"), "there is no authority");
        assertEquals(2, run("renew", "--dir", temp + "/keys"));
        assertEquals(1, run("token", "--dir", temp + "/nosuch", "--name", "vera", "--roles", "viewer"));
        assertTrue(err().contains("dvs keys: " + temp + "/nosuch is not there"), err());
        assertArrayEquals(before, Files.readAllBytes(temp.resolve("n0/keys/node.p12")));
    }

    private NodeCertificate node(String folder) throws Exception {
        return new KeyFolder(temp.resolve(folder), Clock.systemUTC(), new SecureRandom()).node();
    }

    @Test
    void doesNotReplaceTheCertificateOfAnotherNodeOrCluster() {
        layout("0:node0:%s/n0/keys");

        assertEquals(1, layout("1:node1:%s/n0/keys"));
        assertTrue(err().contains("is there already and belongs to node 0, node0 of demo"), err());

        assertEquals(1, run("layout", "--dir", temp + "/others", "--name", "demo", "--node", "0:node0:" + temp + "/n0/keys"));
    }

    @Test
    void writesNothingWhenOneOfManyIsWrong() {
        assertEquals(2, layout("0:node0:%s/n0/keys", "0:node1:%s/n1/keys"));

        assertTrue(err().contains("a node id is given twice"), err());
        assertFalse(Files.exists(temp.resolve("keys")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dance", "init", "init --dir", "init --dir x --dir y --name z", "init --name z --colour red",
        "node --dir d --id seven --name n --out o", "node --dir d --id -1 --name n --out o", "layout --dir d --name c --node 1:a",
        "init --dir d --name 1c", "show"})
    void saysHowToUseItWhenItDoesNotUnderstand(String words) {
        assertEquals(2, run(words.isEmpty() ? new String[0] : words.split(" ")));
        assertTrue(err().contains("usage:"), err());
    }

    @Test
    void saysWhatFailed() throws IOException {
        Files.writeString(temp.resolve("file"), "");

        assertEquals(1, run("init", "--dir", temp + "/file", "--name", "demo"));
        assertTrue(err().contains(temp + "/file"), err());
        assertEquals(1, run("show", "--dir", temp + "/nowhere"));
    }

    @Test
    void addsAccountsAndTokensAndHandsThemToTheNodes() throws Exception {
        layout("0:node0:%s/n0/keys", "1:node1:%s/n1/keys");
        stdin = "s3cret word\nnot this\n";

        assertEquals(0, run("user", "--dir", temp + "/keys", "--name", "vera", "--roles", "viewer,ssh", "--out", temp
                + "/n0/keys", "--out",
                temp + "/n1/keys"), this::err);
        stdin = "another\n";
        assertEquals(0, run("user", "--dir", temp + "/keys", "--name", "vera", "--roles", "auditor"), this::err);
        assertEquals(0, run("token", "--dir", temp + "/keys", "--name", "ci", "--roles", "viewer", "--out", temp + "/n1/keys"),
                this::err);

        assertTrue(text("n0/keys/users").matches("(?s)admin:.*\nvera:viewer,ssh:\\$2y\\$.*"), text("n0/keys/users"));
        assertTrue(text("n1/keys/users").matches("(?s)admin:[^\n]*\nvera:auditor:\\$2y\\$[^\n]*"), "one vera, the later");
        assertTrue(PasswordHash.matches("another".toCharArray(), text("n1/keys/users").replaceAll("(?s).*:", "")));
        assertTrue(text("n1/keys/tokens").matches("operator:operator:[0-9a-f]{64}\nci:viewer:[0-9a-f]{64}"),
                text("n1/keys/tokens"));
        assertEquals(43, text("keys/ci.token").length());
        assertFalse(out().contains(text("keys/ci.token")) || out().contains("another"), "a secret was printed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user --name vera --roles Viewer", "user --name vera --roles viewer,,ssh",
            "user --name a:b --roles viewer",
        "user --name vera", "token --name x/y --roles viewer"})
    void refusesAccountsThatAreNone(String words) throws Exception {
        layout("0:node0:%s/n0/keys");
        String before = text("keys/users");
        stdin = "secret\n";
        List<String> all = new ArrayList<>(List.of(words.split(" ")));
        all.addAll(List.of("--dir", temp + "/keys"));

        assertEquals(2, run(all.toArray(String[]::new)));
        stdin = "";
        assertEquals(2, run("user", "--dir", temp + "/keys", "--name", "vera", "--roles", "viewer"), "no password");
        assertEquals(before, text("keys/users"));
    }

    @Test
    void namesTheRolesThereAreWhenOneIsUnknown() throws Exception {
        layout("0:node0:%s/n0/keys");
        stdin = "secret\n";
        for (String what : List.of("user", "token")) {
            assertEquals(2, run(what, "--dir", temp + "/keys", "--name", "vera", "--roles", "viewer,foo"));
            assertTrue(err().contains("'foo' is not a role; there are viewer, operator, admin, auditor, ssh,"), err());
        }
        assertEquals(0, run("user", "--dir", temp + "/keys", "--name", "vera", "--roles",
                "viewer,operator,admin,auditor,ssh,manager,group,systembundles"), this::err);
    }

    private int layout(String... nodes) {
        List<String> words = new ArrayList<>(List.of("layout", "--dir", temp + "/keys", "--name", "demo"));
        for (String node : nodes) {
            words.addAll(List.of("--node", node.formatted(temp)));
        }
        return run(words.toArray(String[]::new));
    }

    private int run(String... words) {
        return new Main(Clock.systemUTC(), new SecureRandom(),
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(List.of(words), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String text(String file) {
        try {
            return Files.readString(temp.resolve(file)).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
