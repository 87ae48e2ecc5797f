package org.dvs.itests.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A viewer and everything that a viewer may not do, by every face of a running cluster: refused, and written into the audit.
 * Names finish the sentence "a viewer …" or "the audit …".
 */
@ExtendWith(ThreeNodes.class)
@Tag("R-CMD-17")
class RolesIT {
    private static final String NODE = "node0";
    private static final String PASSWORD = "only for this test";
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** A request, with words and JSON that nothing is wrong with but who sends them. */
    private record Call(String name, List<String> command, List<String> operands, String json) {
        List<String> words() {
            List<String> words = new ArrayList<>(List.of("--yes"));
            words.addAll(command);
            words.addAll(operands);
            return words;
        }

        String line() {
            return command.get(0) + ":" + String.join("-", command.subList(1, command.size())) + " --yes " + String.join(" ",
                    operands);
        }

        String path() {
            return "/" + String.join("/", command);
        }
    }

    @BeforeAll
    static void makeAccounts(LocalCluster cluster) throws Exception {
        assertEquals(0, cluster.dvs("keys", "token", "vic", "viewer").exit());
        assertEquals(0, cluster.dvs("keys", "token", "ann", "auditor").exit());
        for (String[] account : new String[][] {{"vera", "viewer,ssh"}, {"ron", "viewer,operator"}, {"olga", "operator,ssh"}}) {
            user(cluster, account[0], account[1], PASSWORD);
        }
    }

    /** All requests that a viewer may not make: those that change something, and those that show too much. */
    private static List<Call> forbidden(LocalCluster cluster) throws Exception {
        String[] answer = Api.withToken(cluster, NODE, "vic").get("/requests").split(" ", 2);
        assertEquals("200", answer[0]);
        List<Call> calls = new ArrayList<>();
        for (JsonNode spec : new ObjectMapper().readTree(answer[1])) {
            boolean forViewers = spec.path("role").asText().equals("viewer");
            assertFalse(forViewers && spec.path("changes").asBoolean(), spec.path("name") + " changes something for viewers");
            if (!forViewers) {
                calls.add(call(spec));
            }
        }
        return calls;
    }

    private static Call call(JsonNode spec) {
        List<String> command = new ArrayList<>();
        JsonNode words = spec.path("command");
        if (words.isArray()) {
            words.forEach(word -> command.add(word.asText()));
        } else {
            command.addAll(List.of(words.asText().split(" ")));
        }
        List<String> operands = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (JsonNode parameter : spec.path("parameters")) {
            // Of pid and dcid it needs one.
            boolean one = spec.path("name").asText().equals("RQST_KILL") && parameter.path("name").asText().equals("pid");
            if (parameter.path("required").asBoolean() || one) {
                String value = value(parameter);
                String name = parameter.path("name").asText();
                if (parameter.path("operand").asBoolean()) {
                    operands.add(value);
                } else {
                    operands.add(0, "--" + name.replace('_', '-') + "=" + value);
                }
                boolean bare = parameter.path("type").asText().equals("integer");
                String text = bare ? value : "\"" + value + "\"";
                values.add("\"" + name + "\":" + (parameter.path("type").asText().equals("texts") ? "[" + text + "]" : text));
            }
        }
        return new Call(spec.path("name").asText(), command, operands,
                "{\"confirm\":true,\"values\":{" + String.join(",", values) + "}}");
    }

    private static String value(JsonNode parameter) {
        if (parameter.path("allowed").size() > 0) {
            return parameter.path("allowed").get(0).asText();
        }
        String taken = Map.of("was", "none", "file", "org.dvs.web.cfg").get(parameter.path("name").asText());
        if (taken != null) {
            return taken;
        }
        return switch (parameter.path("type").asText()) {
            case "integer" -> Long.toString(Math.max(1, parameter.path("min").asLong(1)));
            case "duration" -> "1s";
            case "size" -> "1MiB";
            default -> "uptime";
        };
    }

    private static List<JsonNode> audit(LocalCluster cluster, String... filters) throws Exception {
        List<String> words = new ArrayList<>(List.of("audit", "list", "--nodes", NODE, "--last", "1000", "-o", "json",
                "--no-fold"));
        words.addAll(List.of(filters));
        List<String> lines = Api.withToken(cluster, NODE, "ann").call(words.toArray(String[]::new)).get(60, TimeUnit.SECONDS);
        assertEquals("x0", lines.get(lines.size() - 1), lines.toString());
        List<JsonNode> rows = new ArrayList<>();
        new ObjectMapper().readTree(Api.out(lines)).path("nodes").get(0).path("rows").forEach(rows::add);
        return rows;
    }

    private static void assertAllWrittenDown(LocalCluster cluster, List<Call> calls, String user, String face) throws Exception {
        TreeSet<String> expected = new TreeSet<>();
        calls.forEach(call -> expected.add(call.name()));
        TreeSet<String> written = new TreeSet<>();
        for (JsonNode row : audit(cluster, "--user", user, "--face", face, "--decision", "refused")) {
            written.add(row.path("request").asText());
            assertEquals("viewer", row.path("roles").asText());
            assertEquals(-335, row.path("rcode").asInt());
        }
        assertEquals(expected, written);
        assertEquals(List.of(), audit(cluster, "--user", user, "--face", face, "--step", "started"));
        assertEquals(List.of(), audit(cluster, "--user", user, "--face", face, "--step", "asked"));
    }

    @Test
    void isRefusedByTheCommandLine(LocalCluster cluster) throws Exception {
        List<Call> calls = forbidden(cluster);
        assertTrue(calls.size() >= 15, calls.toString());
        Api vic = Api.withToken(cluster, NODE, "vic");
        for (Call call : calls) {
            List<String> answer = vic.call(call.words().toArray(String[]::new)).get(60, TimeUnit.SECONDS);
            assertEquals("x6", answer.get(answer.size() - 1), call + ": " + answer);
            assertTrue(answer.toString().contains("DVS-SEC-0335"), answer.toString());
        }
        assertAllWrittenDown(cluster, calls, "vic", "cli");
    }

    @Test
    void isRefusedByRest(LocalCluster cluster) throws Exception {
        List<Call> calls = forbidden(cluster);
        Api vic = Api.withToken(cluster, NODE, "vic");
        for (Call call : calls) {
            String answer = vic.post(call.path(), call.json());
            assertTrue(answer.startsWith("403 ") && answer.contains("DVS-SEC-0335"), call + ": " + answer);
        }
        assertAllWrittenDown(cluster, calls, "vic", "rest");
    }

    @Test
    void isRefusedByTheShellOverSsh(LocalCluster cluster) throws Exception {
        List<Call> calls = forbidden(cluster);
        try (SshClient client = client()) {
            for (Call call : calls) {
                // Karaf ends a session with its command.
                try (ClientSession session = login(client, cluster, "vera")) {
                    assertEquals(6, run(session, call.line()), call.line());
                }
            }
        }
        assertAllWrittenDown(cluster, calls, "vera", "shell");
    }

    @Test
    void changesNothingByKarafsOwnCommandsThatAlsoRead(LocalCluster cluster) throws Exception {
        Path properties = cluster.folder(NODE).resolve("etc/system.properties");
        String before = Files.readString(properties);
        try (SshClient client = client()) {
            for (String line : List.of("system:name evil5", "system:name ''", "system:start-level 50", "system:framework -debug",
                    "system:property -p evil5 x", "log:set DEBUG", "feature:repo-list --reload", "feature:install scheduler",
                    "bundle:start-level 1 90", "bundle:stop org.dvs.cli", "config:edit org.dvs.web", "jaas:realm-manage --index 1",
                    "shell:cat etc/system.properties", "shell:exec id", "shell:new java.io.File x", "echo x > evil5")) {
                try (ClientSession session = login(client, cluster, "vera")) {
                    assertNotEquals(0, run(session, line), line);
                }
            }
            try (ClientSession session = login(client, cluster, "vera")) {
                assertEquals(0, run(session, "bundle:list -t 0"), "what only reads is a viewer's");
            }
        }
        assertEquals(before, Files.readString(properties));
    }

    @Test
    void isNotInAShellThatIsOpenWhenTheAccountIsTakenAway(LocalCluster cluster) throws Exception {
        Path users = cluster.folder(NODE).resolve("keys/users");
        String before = Files.readString(users);
        try (SshClient client = client(); ClientSession session = login(client, cluster, "ron");
                ChannelShell shell = session.createShellChannel(); ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            shell.setOut(out);
            shell.setErr(out);
            shell.open().verify(DEADLINE);
            type(shell, "host:df --columns target");
            sees(out, "TARGET");
            Files.writeString(users, before.replaceAll("(?m)^ron:viewer,operator:", "ron:viewer:"));
            type(shell, "host:command true");
            sees(out, "DVS-SEC-0335");
            Files.writeString(users, before.replaceAll("(?m)^ron:.*$", "# ron is gone"));
            type(shell, "bundle:list");
            sees(out, "the account of 'ron' has been removed from this node; the session has ended");
            closes(shell, out);
        } finally {
            Files.writeString(users, before);
        }
    }

    private static void user(LocalCluster cluster, String name, String roles, String password) throws Exception {
        Path file = Files.writeString(cluster.home().resolve(name + ".password"), password + "\n");
        Process user = cluster.builder("keys", "user", name, roles).redirectInput(file.toFile()).start();
        assertTrue(user.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, user.exitValue(), new String(user.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /** What a login left open ends with the password, token or key that it was made with, though the name stays. */
    @Test
    void isNotInWhatAnOldPasswordTokenOrKeyHasOpened(LocalCluster cluster) throws Exception {
        Path keys = cluster.folder(NODE).resolve("etc/keys.properties");
        String before = Files.readString(keys);
        user(cluster, "pat", "viewer,operator", PASSWORD);
        assertEquals(0, cluster.dvs("keys", "token", "tim", "viewer").exit());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        KeyPair first = generator.generateKeyPair();
        Files.writeString(keys, "kim=" + base64(first) + ",viewer\n");
        Api api = Api.withToken(cluster, NODE, "tim");
        try (SshClient client = client(); ClientSession pat = login(client, cluster, "pat");
                ClientSession kim = login(client, cluster, "kim", first); ChannelShell byPassword = pat.createShellChannel();
                ChannelShell byKey = kim.createShellChannel()) {
            HttpResponse<String> in = api.page("/console/api/login", "", "user=pat&password=" + PASSWORD.replace(' ', '+'));
            String cookie = in.headers().firstValue("Set-Cookie").orElseThrow(() -> new AssertionError(in.body())).split(";")[0];
            assertEquals(200, api.page("/console/api/session", cookie, "").statusCode());
            String made = api.post("/console/link", "");
            String link = made.replaceFirst("(?s)^200 .*/ticket/([A-Za-z0-9_-]+).*$", "$1");
            List<ByteArrayOutputStream> printed = new ArrayList<>();
            for (ChannelShell shell : List.of(byPassword, byKey)) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                printed.add(out);
                shell.setOut(out);
                shell.setErr(out);
                shell.open().verify(DEADLINE);
                type(shell, "host:df --columns target");
                sees(out, "TARGET");
            }
            user(cluster, "pat", "viewer,operator", "another one");
            Files.delete(cluster.home().resolve("keys/tim.token"));
            assertEquals(0, cluster.dvs("keys", "token", "tim", "viewer").exit());
            Files.writeString(keys, "kim=" + base64(generator.generateKeyPair()) + ",viewer\n");
            HttpResponse<String> ended = api.page("/console/api/session", cookie, "");
            assertEquals(401, ended.statusCode(), ended.body());
            assertTrue(ended.body().contains("has been changed on this node since this login"), ended.body());
            assertEquals(401, api.page("/console/api/ticket", "", "ticket=" + link).statusCode(), made);
            type(byPassword, "bundle:list");
            type(byKey, "host:df");
            for (int i = 0; i < 2; i++) {
                ByteArrayOutputStream out = printed.get(i);
                sees(out, "has been changed on this node since this login; the session has ended");
                closes(i == 0 ? byPassword : byKey, out);
            }
            assertThrows(IOException.class, () -> login(client, cluster, "kim", first).close());
        } finally {
            Files.writeString(keys, before);
        }
        Path log = cluster.folder(NODE).resolve("data/log/security.log");
        assertTrue(Files.readString(log).contains("login refused DVS-SEC-1005 by ssh from 127.0.0.1, wrong name or key, as 'kim'"));
    }

    private static String base64(KeyPair pair) {
        return PublicKeyEntry.toString(pair.getPublic()).split(" ")[1];
    }

    private static ClientSession login(SshClient client, LocalCluster cluster, String user, KeyPair key) throws IOException {
        return login(client, cluster, user, session -> session.addPublicKeyIdentity(key));
    }

    private static void type(ChannelShell shell, String line) throws IOException {
        shell.getInvertedIn().write((line + "\r").getBytes(StandardCharsets.UTF_8));
        shell.getInvertedIn().flush();
    }

    private static void sees(ByteArrayOutputStream out, String words) {
        Awaitility.await().atMost(DEADLINE).untilAsserted(
                () -> assertTrue(printed(out).contains(words), () -> "not yet '" + words + "' in: " + printed(out)));
    }

    private static void closes(ChannelShell shell, ByteArrayOutputStream out) {
        // What it answers counts: the channel's own isClosed() follows a moment after the event.
        assertTrue(shell.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), DEADLINE).contains(ClientChannelEvent.CLOSED),
                () -> printed(out));
    }

    private static String printed(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isWrittenDownWhenALoginBySshLacksTheRole(LocalCluster cluster) throws Exception {
        try (SshClient client = client()) {
            assertThrows(IOException.class, () -> login(client, cluster, "olga").close());
        }
        Path log = cluster.folder(NODE).resolve("data/log/security.log");
        assertTrue(Files.readString(log).contains("login refused DVS-SEC-0335 by ssh from 127.0.0.1, not the role for it, as 'olga'"));
    }

    /** The way into a node is not one into its network, nor one for others to the node. */
    @Test
    void hasNothingForwardedBySsh(LocalCluster cluster) throws Exception {
        SshdSocketAddress any = new SshdSocketAddress("127.0.0.1", 0);
        SshdSocketAddress itself = new SshdSocketAddress("127.0.0.1", sshPort(cluster));
        for (String user : List.of("vera", "ron")) {
            try (SshClient client = client(); ClientSession session = login(client, cluster, user)) {
                assertThrows(IOException.class, () -> session.createDirectTcpipChannel(any, itself).open().verify(DEADLINE));
                assertThrows(IOException.class, () -> session.startRemotePortForwarding(any, itself));
                assertEquals(0, run(session, "host:df"), "and the session is none the worse for it");
            }
        }
    }

    /** Nobody needs an account to send something there. */
    @Test
    void doesNotFillTheLogWithWhatIsNotSsh(LocalCluster cluster) throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Socket socket = new Socket("127.0.0.1", sshPort(cluster))) {
                socket.setSoTimeout((int) DEADLINE.toMillis());
                // As a client of TLS begins: the server takes no null character before the name of a version.
                socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0, 0, '\n'});
                assertTrue(socket.getInputStream().readAllBytes().length > 0, "it says who it is, and closes");
            }
        }
        String log = cluster.log(NODE);
        assertTrue(log.contains("This is node"), "it is the log");
        assertFalse(log.contains("ServerSessionImpl"), "a line for each");
    }

    private static SshClient client() {
        SshClient client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((session, address, key) -> true);
        client.start();
        return client;
    }

    private static ClientSession login(SshClient client, LocalCluster cluster, String user) throws IOException {
        return login(client, cluster, user, session -> session.addPasswordIdentity(PASSWORD));
    }

    /** @param shows gives the session what is to be shown */
    private static ClientSession login(SshClient client, LocalCluster cluster, String user, Consumer<ClientSession> shows)
            throws IOException {
        ClientSession session = client.connect(user, "127.0.0.1", sshPort(cluster)).verify(DEADLINE).getSession();
        shows.accept(session);
        try {
            session.auth().verify(DEADLINE);
        } catch (IOException e) {
            session.close();
            throw e;
        }
        return session;
    }

    private static int sshPort(LocalCluster cluster) {
        for (JsonNode node : cluster.dvs("status", "-o", "json").json()) {
            if (node.path("node").asText().equals(NODE)) {
                String ssh = node.path("ssh").asText();
                return Integer.parseInt(ssh.substring(ssh.lastIndexOf(':') + 1));
            }
        }
        throw new AssertionError("no " + NODE);
    }

    private static int run(ClientSession session, String line) throws IOException {
        try (ChannelExec channel = session.createExecChannel(line); ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            channel.setOut(out);
            channel.setErr(out);
            channel.open().verify(DEADLINE);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), DEADLINE);
            Integer status = channel.getExitStatus();
            assertTrue(status != null, line + " printed " + out.toString(StandardCharsets.UTF_8));
            return status;
        }
    }

    @Test
    void mayReadAndThatIsWrittenDownWithItsResult(LocalCluster cluster) throws Exception {
        List<String> answer = Api.withToken(cluster, NODE, "vic").call("host", "df", "--all").get(60, TimeUnit.SECONDS);
        assertEquals("x0", answer.get(answer.size() - 1), answer.toString());
        List<JsonNode> rows = audit(cluster, "--user", "vic", "--request", "RQST_DF");
        JsonNode last = rows.get(rows.size() - 1);
        assertEquals("answered allowed 3 ok", last.path("step").asText() + " " + last.path("decision").asText() + " "
                + last.path("result").asText());
    }

    @Test
    void saysOnEveryNodeWhatItExecutedForWhomUnderOneId(LocalCluster cluster) throws Exception {
        Printed refused = cluster.dvs("host", "command", "--all", "-q", "--", "uptime", "--password", "hunter1");
        assertEquals(6, refused.exit(), refused.text());
        Printed asked = cluster.dvs("host", "command", "--all", "-o", "json", "--", "echo", "PASSWORD=hunter2", "seen");
        assertEquals(0, asked.exit(), asked.text());
        String id = asked.json().path("job").asText();
        for (String node : List.of("node0", "node1", "node2")) {
            Api ann = Api.withToken(cluster, node, "ann");
            String rows = String.join("\n", ann.call("audit", "list", "--id", id, "-o", "jsonl").get(60, TimeUnit.SECONDS));
            assertTrue(rows.contains("\"step\":\"started\"") && rows.contains("\"step\":\"ended\""), rows);
            assertEquals(node.equals("node0"), rows.contains("\"step\":\"asked\""), rows);
            assertTrue(rows.contains("argv=[echo PASSWORD=*** seen]"), rows);
            try (Stream<Path> files = Files.list(cluster.folder(node).resolve("data/audit"))) {
                for (Path file : files.toList()) {
                    assertFalse(Files.readString(file).contains("hunter"), "no secret is written down");
                }
            }
            List<String> verified = ann.call("audit", "verify").get(60, TimeUnit.SECONDS);
            assertEquals("x0", verified.get(verified.size() - 1), verified.toString());
        }
    }

    /** A node that gives a caller a role which no other node knows of: what it passes on is a forgery to the others. */
    @Test
    void holdsWhatANodeForgedAndTheOthersRefused(LocalCluster cluster) throws Exception {
        Path tokens = cluster.folder(NODE).resolve("keys/tokens");
        String before = Files.readString(tokens);
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest("mallory".getBytes(StandardCharsets.UTF_8));
        String digest = HexFormat.of().formatHex(sha256);
        Files.writeString(tokens, before + "\nmallory:admin,operator,viewer:" + digest + "\n");
        Path token = cluster.home().resolve("keys/mallory.token");
        Files.writeString(token, "mallory");
        try {
            Api mallory = Api.withToken(cluster, NODE, "mallory");
            List<String> answer = mallory.call("host", "command", "--all", "true").get(60, TimeUnit.SECONDS);
            assertEquals("x6", answer.get(answer.size() - 1), answer.toString());
            assertTrue(answer.toString().contains("node[1-2] (2) failed: DVS-SEC-0335"), answer.toString());
            List<String> read = mallory.call("host", "df", "--nodes", "node1").get(60, TimeUnit.SECONDS);
            assertEquals("x6", read.get(read.size() - 1), read.toString());
        } finally {
            Files.writeString(tokens, before);
            Files.delete(token);
        }
        for (String node : List.of("node1", "node2")) {
            String rows = String.join("\n", Api.withToken(cluster, node, "ann").call("audit", "list", "--user", "mallory", "-o",
                    "jsonl")
                    .get(60, TimeUnit.SECONDS));
            assertTrue(rows.contains("\"origin\":\"node0\"") && rows.contains("'mallory' has no account on this node"), rows);
            assertFalse(rows.contains("\"step\":\"started\""), rows);
        }
    }

    @Test
    void carriesOnOverAKillAndShowsALineThatWasChanged(LocalCluster cluster) throws Exception {
        cluster.dvs("host", "command", "--nodes", "node2", "true");
        cluster.kill("node2");
        cluster.up();
        Api ann = Api.withToken(cluster, "node2", "ann");
        cluster.dvs("host", "command", "--nodes", "node2", "true");
        List<String> whole = ann.call("audit", "verify").get(60, TimeUnit.SECONDS);
        assertEquals("x0", whole.get(whole.size() - 1), whole.toString());
        Path file = cluster.folder("node2").resolve("data/audit/audit-000000000001.log");
        int at = Files.readString(file).indexOf("RQST_COMMAND");
        // In place: the node goes on writing behind it.
        put(file, at, 'X');
        try {
            List<String> changed = ann.call("audit", "verify").get(60, TimeUnit.SECONDS);
            assertEquals("x1", changed.get(changed.size() - 1), changed.toString());
            assertTrue(changed.toString().contains("DVS-SEC-1014") && changed.toString().contains("the line was changed"),
                    changed.toString());
        } finally {
            put(file, at, 'R');
        }
    }

    /** Not only 'audit verify' tells: whoever looks at the node does too. */
    @Test
    void saysInALineAndAtTheNodesHealthThatItsFileWasShortened(LocalCluster cluster) throws Exception {
        Api ann = Api.withToken(cluster, "node2", "ann");
        assertEquals(0, cluster.dvs("host", "command", "--nodes", "node2", "true").exit());
        Path folder = cluster.folder("node2").resolve("data/audit");
        Path last;
        try (Stream<Path> files = Files.list(folder)) {
            last = files.filter(file -> file.getFileName().toString().startsWith("audit-")).sorted().reduce((first, next) -> next)
                    .orElseThrow();
        }
        // The end of the command, too, is in the file then. Asked at another node: that one writes down that it was asked.
        List<String> flushed = Api.withToken(cluster, NODE, "ann").call("audit", "verify", "--nodes", "node2")
                .get(60, TimeUnit.SECONDS);
        assertEquals("x0", flushed.get(flushed.size() - 1), flushed.toString());
        byte[] whole = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(whole, whole.length / 2));
        assertEquals(0, cluster.dvs("host", "command", "--nodes", "node2", "true").exit());
        String rows = String.join("\n", ann.call("audit", "list", "--step", "note", "-o", "jsonl").get(60, TimeUnit.SECONDS));
        assertTrue(rows.contains(last.getFileName() + " was shortened from " + whole.length + " to " + whole.length / 2 + " bytes"),
                rows);
        Awaitility.await().atMost(DEADLINE).untilAsserted(() -> {
            String health = Api.withToken(cluster, "node2", "vic").get("/health/checks/audit", "").body();
            assertTrue(health.contains("WARN") && health.contains("was shortened from"), health);
        });
        List<String> verified = ann.call("audit", "verify").get(60, TimeUnit.SECONDS);
        assertEquals("x1", verified.get(verified.size() - 1), verified.toString());
        // As it was, so that the other tests find a chain that is whole.
        Files.write(last, whole);
        verified = ann.call("audit", "verify").get(60, TimeUnit.SECONDS);
        assertEquals("x0", verified.get(verified.size() - 1), verified.toString());
    }

    private static void put(Path file, int at, char what) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            bytes.write(what);
        }
    }

    @Test
    void refusesChangesWhileItsDiskIsFullAndReadsGoOn(LocalCluster cluster) throws Exception {
        Path folder = cluster.folder("node1").resolve("data/audit");
        Path aside = folder.resolveSibling("audit.aside");
        Files.move(folder, aside);
        Files.writeString(folder, "no folder: as good as a full disk");
        try {
            Printed change = cluster.dvs("host", "command", "--all", "-o", "json", "true");
            assertEquals(1, change.exit(), change.text());
            assertEquals("2,1,0,0", change.counts());
            assertEquals(-1013, change.node("node1").path("rcode").asInt());
            assertEquals(0, cluster.dvs("host", "df", "--all").exit());
        } finally {
            Files.delete(folder);
            Files.move(aside, folder);
        }
        assertEquals(0, cluster.dvs("host", "command", "--all", "true").exit());
    }
}
