package org.dvs.itests.nodes;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

/** A node's shell, by ssh and as its admin, as docs/operating.md says. */
final class AdminShell {
    private static final long PATIENCE_S = 60;

    private final LocalCluster cluster;
    private final Path password;

    AdminShell(LocalCluster cluster) throws IOException {
        this.cluster = cluster;
        password = cluster.home().resolve("askpass");
        Files.writeString(password, "#!/bin/sh\nexec cat '" + cluster.home().resolve("keys/admin.password") + "'\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rwx------"));
    }

    /** @return whether there is an ssh here */
    static boolean available() {
        try {
            Process version = new ProcessBuilder("ssh", "-V").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String[] address(String node) {
        for (JsonNode each : cluster.dvs("status", "-o", "json").json()) {
            if (each.path("node").asText().equals(node)) {
                return each.path("ssh").asText().split(":");
            }
        }
        throw new AssertionError("no " + node);
    }

    /** @throws IOException with what the node said if the command failed */
    void run(String node, String command) throws IOException, InterruptedException {
        String[] address = address(node);
        File said = Files.createTempFile(cluster.home(), "ssh", ".txt").toFile();
        ProcessBuilder ssh = new ProcessBuilder("ssh", "-p", address[1], "-o", "StrictHostKeyChecking=no", "-o",
                "UserKnownHostsFile=/dev/null", "-o", "PreferredAuthentications=password,keyboard-interactive", "-o",
                "ConnectTimeout=20", "-F", "none", "admin@" + address[0], command).redirectErrorStream(true)
                .redirectInput(new File("/dev/null")).redirectOutput(said);
        ssh.environment().put("SSH_ASKPASS", password.toString());
        ssh.environment().put("SSH_ASKPASS_REQUIRE", "force");
        ssh.environment().put("DISPLAY", ":");
        Process process = ssh.start();
        boolean over = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        String text = Files.readString(said.toPath());
        if (!over) {
            process.destroyForcibly();
        }
        if (!over || process.exitValue() != 0 || text.contains("Error executing command")) {
            throw new IOException(node + ": " + command + ": " + text);
        }
    }
}
