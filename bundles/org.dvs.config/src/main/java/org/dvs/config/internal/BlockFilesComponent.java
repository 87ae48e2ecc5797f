package org.dvs.config.internal;

import java.nio.file.Path;
import java.util.Optional;

import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.BlockSchema;
import org.dvs.config.internal.block.BlockChecker;
import org.osgi.service.component.annotations.Component;

/** Offers the reading of block files to other bundles. */
@Component
public final class BlockFilesComponent implements BlockFiles {
    private final BlockChecker checker = new BlockChecker(new Interpolation(System.getenv(), System.getProperties()));

    @Override
    public Result read(Path file, BlockSchema schema) {
        return checker.check(TextFile.read(file, file.getFileName().toString()), Optional.of(schema));
    }
}
