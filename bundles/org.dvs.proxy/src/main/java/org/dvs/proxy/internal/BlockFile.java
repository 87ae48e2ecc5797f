package org.dvs.proxy.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.dvs.config.api.Block;
import org.dvs.config.api.BlockFiles;
import org.dvs.proxy.internal.config.ProxyBlocks;
import org.dvs.proxy.internal.config.ProxySchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The block file, read again when it changes. What cannot be read leaves in force what was read before. Used by one thread. */
final class BlockFile {
    private static final Logger LOG = LoggerFactory.getLogger(BlockFile.class);

    private final BlockFiles files;
    private final Path file;
    private final Function<List<Block>, ProxyBlocks> meaning;
    private ProxyBlocks blocks;
    private Object seen = "nothing yet";

    /** @param meaning what good blocks mean for this node */
    BlockFile(BlockFiles files, Path file, Function<List<Block>, ProxyBlocks> meaning) {
        this.files = files;
        this.file = file;
        this.meaning = meaning;
        blocks = meaning.apply(List.of());
    }

    /** The same as the last time while the file is. */
    ProxyBlocks blocks() {
        Object now = state();
        if (!Objects.equals(now, seen)) {
            seen = now;
            read(now != null);
        }
        return blocks;
    }

    private void read(boolean exists) {
        if (!exists) {
            blocks = meaning.apply(List.of());
            return;
        }
        BlockFiles.Result result = files.read(file, new ProxySchema());
        if (result.good()) {
            blocks = meaning.apply(result.blocks());
        } else {
            result.problems().forEach(problem -> LOG.error("{}", problem));
            LOG.error("{} is not taken: what counted before counts on", file);
        }
    }

    /** Differs when the file does; null if there is none. */
    private Object state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return null;
        }
    }
}
