package org.dvs.health.internal.check;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** How full the disk is that holds this node's state. */
@Component(immediate = true, property = {HealthCheck.NAME + "=disk", HealthCheck.TAGS + "=ready",
        HealthCheck.RESULT_CACHE_TTL_IN_MS + ":Long=10000"})
public final class DiskCheck implements HealthCheck {
    private static final Level PERCENT = new Level(90, 97);
    private static final String NEXT = "Free space there; the agreed log stops the node when it cannot be written";
    private static final long MIB = 1 << 20;

    private final Path folder;

    @Activate
    public DiskCheck(BundleContext context) {
        this(Path.of(Optional.ofNullable(context.getProperty("karaf.data")).orElse("data")));
    }

    DiskCheck(Path folder) {
        this.folder = folder;
    }

    @Override
    public Result execute() {
        try {
            FileStore store = Files.getFileStore(folder);
            return of(store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            return new Result(Result.Status.CRITICAL, "the disk of " + folder + " cannot be read: " + e.getMessage()
                    + ". Look whether it is mounted");
        }
    }

    /** A store that does not know its size says 0. */
    static Result of(long bytes, long usable) {
        return bytes <= 0 ? new Result(Result.Status.OK, "of unknown size")
                : PERCENT.of(100.0 * (bytes - usable) / bytes, usable / MIB + " of " + bytes / MIB + " MiB are free", NEXT);
    }
}
