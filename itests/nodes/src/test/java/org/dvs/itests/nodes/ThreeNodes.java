package org.dvs.itests.nodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one cluster of three nodes on loopback, shared by all classes since its start costs more than any test. Each test
 * finds it whole, and leaves it as it likes.
 */
final class ThreeNodes implements ParameterResolver, BeforeEachCallback, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(ThreeNodes.class);

    /** Ends the cluster after the last class. */
    private record Shared(LocalCluster cluster) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        static Shared start() {
            try {
                LocalCluster cluster = new LocalCluster("three", Map.of());
                AgreedOrder.prepare(cluster);
                cluster.up("3");
                return new Shared(cluster);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            cluster.close();
        }
    }

    private static LocalCluster cluster(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(Shared.class, type -> Shared.start(), Shared.class).cluster();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        cluster(context).whole();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        if (context.getExecutionException().isPresent()) {
            keepLogs(cluster(context), context.getRequiredTestMethod().getName());
        }
    }

    static void keepLogs(LocalCluster cluster, String test) throws IOException {
        Path kept = Files.createDirectories(Path.of(System.getProperty("dvs.target", "target"), "logs", test));
        for (String node : cluster.pids().keySet()) {
            for (String log : new String[] {"karaf.log", "console.log"}) {
                Path file = cluster.folder(node).resolve("data/log").resolve(log);
                if (Files.exists(file)) {
                    Files.copy(file, kept.resolve(node + "-" + log), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }
}
