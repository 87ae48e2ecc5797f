package org.dvs.config.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.BlockSchema;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.block.BlockChecker;

/**
 * The block files that bundles read, and what each is held against, so that the node can say what is wrong with them.
 * Thread-safe.
 */
public final class KnownBlockFiles {
    private final BlockChecker checker;
    private final Map<Path, BlockSchema> schemas = new ConcurrentSkipListMap<>();

    public KnownBlockFiles(Interpolation interpolation) {
        checker = new BlockChecker(interpolation);
    }

    /** Reads a file, which is known from now on, whether it is there or not. */
    BlockFiles.Result read(Path file, BlockSchema schema) {
        schemas.put(file, schema);
        return check(file, schema);
    }

    private BlockFiles.Result check(Path file, BlockSchema schema) {
        return checker.check(TextFile.read(file, file.getFileName().toString()), Optional.of(schema));
    }

    /** Nobody reads these any more. */
    void forget(Collection<Path> files) {
        schemas.keySet().removeAll(files);
    }

    /** What is wrong with those that are there, as they stand now. */
    List<Problem> problems() {
        return schemas.entrySet().stream().filter(known -> Files.exists(known.getKey()))
                .flatMap(known -> check(known.getKey(), known.getValue()).problems().stream()).toList();
    }
}
