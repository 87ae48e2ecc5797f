package org.dvs.itests.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A host command that writes down, on each node in a file of its own, in which order it was run there. */
final class AgreedOrder {
    private AgreedOrder() {
    }

    private static Path program(LocalCluster cluster, String node) {
        return cluster.home().resolve("order").resolve(node).resolve("remember");
    }

    /** Before the nodes are laid out, since the allow-list belongs to what is laid out. */
    static void prepare(LocalCluster cluster) throws IOException {
        for (String node : List.of("node0", "node1", "node2")) {
            Path program = program(cluster, node);
            Files.createDirectories(program.getParent());
            Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$1\" >>\"${0%/*}/order\"\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Lets each node run its own copy, under the same name. */
    static void allow(LocalCluster cluster) throws IOException {
        for (String node : List.of("node0", "node1", "node2")) {
            Path list = cluster.folder(node).resolve("etc/org.dvs.host.allow");
            String rule = program(cluster, node) + " {word}\n";
            if (!Files.readString(list).contains(rule)) {
                Files.writeString(list, Files.readString(list) + rule);
            }
        }
    }

    static List<String> seen(LocalCluster cluster, String node) throws IOException {
        Path order = program(cluster, node).resolveSibling("order");
        return Files.exists(order) ? Files.readAllLines(order) : List.of();
    }
}
