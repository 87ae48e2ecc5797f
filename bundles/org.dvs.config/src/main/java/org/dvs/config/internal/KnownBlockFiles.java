package org.dvs.config.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

import org.dvs.api.ErrorCode;
import org.dvs.config.api.Block;
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
        TextFile text = TextFile.read(file, file.getFileName().toString());
        return discreet(text, checker.check(text, Optional.of(schema)), schema);
    }

    /**
     * A setting may name any file that this node can read, a list of passwords too, while problems are shown to every viewer and
     * stand in the log. So words are quoted only from a file in which at least one block of a known kind begins.
     */
    private static BlockFiles.Result discreet(TextFile text, BlockFiles.Result result, BlockSchema schema) {
        List<String> kinds = schema.kinds().stream().map(BlockSchema.Kind::name).toList();
        // That a block is missing quotes nothing, and is all there is to say of an empty file.
        Optional<Problem> first = result.problems().stream().filter(each -> each.code() != ErrorCode.MISSINGKEY).findFirst();
        boolean known = result.blocks().stream().map(Block::kind).anyMatch(kinds::contains);
        if (known || first.isEmpty() || text.problem().isPresent()) {
            return result;
        }
        return new BlockFiles.Result(List.of(), List.of(new Problem(text.name(), first.get().place(), first.get().code(),
                "no block of " + schema.name() + " begins in this file, so nothing of it is shown;"
                + " a block begins with KIND NAME {, where KIND is one of " + String.join(", ", kinds))));
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
