package org.dvs.config.internal;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.BlockSchema;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** Offers the reading of block files to other bundles; to each an own one, as what it reads is forgotten when it stops. */
@Component(scope = ServiceScope.BUNDLE)
public final class BlockFilesComponent implements BlockFiles {
    private final KnownBlockFiles known;
    private final Set<Path> read = ConcurrentHashMap.newKeySet();

    @Activate
    public BlockFilesComponent(@Reference EngineService service) {
        this(service.blockFiles());
    }

    /** Outside a container. */
    public BlockFilesComponent() {
        this(new KnownBlockFiles(new Interpolation(System.getenv(), System.getProperties())));
    }

    private BlockFilesComponent(KnownBlockFiles known) {
        this.known = known;
    }

    @Override
    public Result read(Path file, BlockSchema schema) {
        read.add(file);
        return known.read(file, schema);
    }

    @Deactivate
    void stop() {
        known.forget(read);
    }
}
