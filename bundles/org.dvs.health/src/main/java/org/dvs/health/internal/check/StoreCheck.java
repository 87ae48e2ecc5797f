package org.dvs.health.internal.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Whether files can be written where this node keeps its state: it writes one and takes it away again, every 10 s. */
@Component(immediate = true, property = {HealthCheck.NAME + "=store", HealthCheck.TAGS + "=ready",
        HealthCheck.RESULT_CACHE_TTL_IN_MS + ":Long=10000"})
public final class StoreCheck implements HealthCheck {
    private static final String NAME = "health.tmp";
    private static final byte[] CONTENT = new byte[4096];

    private final Path folder;

    @Activate
    public StoreCheck(BundleContext context) {
        this(Path.of(Optional.ofNullable(context.getProperty("karaf.data")).orElse("data")));
    }

    StoreCheck(Path folder) {
        this.folder = folder;
    }

    @Override
    public Result execute() {
        Path file = folder.resolve(NAME);
        try {
            try {
                Files.write(file, CONTENT);
            } finally {
                Files.deleteIfExists(file);
            }
            return new Result(Result.Status.OK, "can be written");
        } catch (IOException e) {
            return new Result(Result.Status.CRITICAL, "files cannot be written in " + folder + ": " + e.getMessage()
                    + ". Look at its disk and its rights");
        }
    }
}
