package org.dvs.proxy.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.dvs.config.api.Block;
import org.dvs.config.api.BlockFiles;
import org.dvs.proxy.internal.config.ProxyBlocks;
import org.dvs.proxy.internal.config.ProxySchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The block file, read again when it changes. What cannot be read leaves in force what was read before, and so does a file that
 * is just being saved: an editor empties it before it writes it, or takes it away before the new one is there, and each of the
 * two would mean that no block names anybody. Used by one thread.
 */
final class BlockFile {
    private static final Logger LOG = LoggerFactory.getLogger(BlockFile.class);
    /** How long a file must have been as it is before it counts. Shorter than the time between two looks. */
    private static final long RESTS_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final String NONE = "there is none";

    private final BlockFiles files;
    private final Path file;
    private final Function<List<Block>, ProxyBlocks> meaning;
    private final LongSupplier nanos;
    private ProxyBlocks blocks;
    /** What the file was like at the last look, and since when; null before the first. */
    private Object seen;
    private long since;
    /** What it was like when it was read; null before it was. */
    private Object taken;
    private boolean good;
    private String unseen = "";

    /**
     * @param meaning what good blocks mean for this node
     * @param nanos   monotonic
     */
    BlockFile(BlockFiles files, Path file, Function<List<Block>, ProxyBlocks> meaning, LongSupplier nanos) {
        this.files = files;
        this.file = file;
        this.meaning = meaning;
        this.nanos = nanos;
        blocks = meaning.apply(List.of());
    }

    /** The same as the last time while the file is. What is there at the first look counts at once, as nothing else does. */
    ProxyBlocks blocks() {
        Object now = state();
        if (now != null && !now.equals(seen)) {
            boolean first = seen == null;
            seen = now;
            since = nanos.getAsLong();
            if (first) {
                take(now);
            }
        } else if (now != null && !now.equals(taken) && rests()) {
            take(now);
        }
        return blocks;
    }

    /** Whether what {@link #blocks} gave last is what the file says, and not only what counts until it can be read. */
    boolean isSure() {
        return good && seen.equals(taken) && rests();
    }

    private boolean rests() {
        return nanos.getAsLong() - since >= RESTS_NANOS;
    }

    private void take(Object state) {
        if (state.equals(NONE)) {
            taken = state;
            good = true;
            blocks = meaning.apply(List.of());
            return;
        }
        BlockFiles.Result result = files.read(file, new ProxySchema());
        if (!state.equals(state())) {
            // It may have been read half before that and half after.
            return;
        }
        taken = state;
        good = result.good();
        if (good) {
            blocks = meaning.apply(result.blocks());
        } else {
            result.problems().forEach(problem -> LOG.error("{}", problem));
            LOG.error("{} is not taken: what counted before counts on", file);
        }
    }

    /** Differs when the file does; null if nobody can tell, which is said once. */
    private Object state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            unseen = "";
            return List.of(attributes.lastModifiedTime(), attributes.size());
        } catch (NoSuchFileException e) {
            unseen = "";
            return NONE;
        } catch (IOException e) {
            if (!unseen.equals(e.toString())) {
                unseen = e.toString();
                LOG.error("{} cannot be looked at: what counted before counts on: {}", file, unseen);
            }
            return null;
        }
    }
}
