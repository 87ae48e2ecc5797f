package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "the credentials of a cluster …". */
@ExtendWith(ThreeNodes.class)
class SecretsIT {
    private static final Set<PosixFilePermission> OWNER = Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);

    @Test
    void areInNobodysCommandLineOrEnvironment(LocalCluster cluster) throws Exception {
        List<String> secrets = new ArrayList<>();
        for (String name : List.of("operator.token", "admin.password")) {
            secrets.add(Files.readString(cluster.home().resolve("keys").resolve(name)).strip());
        }
        for (String node : List.of("node0", "node1", "node2")) {
            secrets.add(Files.readString(cluster.folder(node).resolve("keys/node.p12.pass")).strip());
        }
        Process asking = cluster.start("host", "command", "--all", "sleep", "4");
        await().atMost(20, SECONDS).until(() -> !Processes.running("sleep", "4").isEmpty());

        for (var process : Processes.commandLines().entrySet()) {
            String environment = Processes.text(Path.of("/proc", process.getKey().toString(), "environ"));
            for (String secret : secrets) {
                assertTrue(secret.length() >= 12, "a secret worth the name");
                assertFalse(process.getValue().contains(secret), "in the command line of " + process.getKey());
                assertFalse(environment.contains(secret), "in the environment of " + process.getKey());
            }
        }
        assertTrue(asking.waitFor(30, SECONDS));
        assertEquals(0, asking.exitValue());
    }

    @Test
    void areReadableByTheirOwnerAlone(LocalCluster cluster) throws IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Path folder : List.of(cluster.home().resolve("keys"), cluster.folder("node0").resolve("keys"),
                cluster.folder("node1").resolve("keys"), cluster.folder("node2").resolve("keys"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList()) {
                    count++;
                    if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                        wrong.add(file + " " + Files.getPosixFilePermissions(file));
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(count > 10, "files looked at: " + count);
    }

    @Test
    void areNotInTheLogs(LocalCluster cluster) throws IOException {
        String token = Files.readString(cluster.home().resolve("keys/operator.token")).strip();
        String password = Files.readString(cluster.home().resolve("keys/admin.password")).strip();
        cluster.dvs("host", "df", "--all");

        for (String node : List.of("node0", "node1", "node2")) {
            try (Stream<Path> logs = Files.list(cluster.folder(node).resolve("data/log"))) {
                for (Path log : logs.toList()) {
                    String text = Processes.text(log);
                    assertFalse(text.contains(token) || text.contains(password), log.toString());
                }
            }
        }
    }

    @Test
    void areNeededForEveryCall(LocalCluster cluster) throws Exception {
        Path token = cluster.home().resolve("keys/operator.token");
        String right = Files.readString(token);
        try {
            Files.writeString(token, "x".repeat(right.strip().length()) + "\n");
            Printed refused = cluster.dvs("host", "df");
            assertEquals(6, refused.exit(), refused.text());
            assertFalse(refused.text().contains("ext4"), refused.text());
        } finally {
            Files.writeString(token, right);
        }
        assertEquals(0, cluster.dvs("host", "df").exit());
    }
}
