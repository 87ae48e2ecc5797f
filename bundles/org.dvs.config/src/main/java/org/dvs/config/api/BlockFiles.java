package org.dvs.config.api;

import java.nio.file.Path;
import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/** Reads block files. An OSGi service; thread-safe. */
@ProviderType
public interface BlockFiles {

    /**
     * What reading came to.
     *
     * @param blocks   in the order of the file, variables replaced; they count only if there are no problems
     * @param problems all of them, in {@link Problem#ORDER}
     */
    record Result(List<Block> blocks, List<Problem> problems) {

        public Result {
            blocks = List.copyOf(blocks);
            problems = problems.stream().sorted(Problem.ORDER).toList();
        }

        public boolean good() {
            return problems.isEmpty();
        }
    }

    /** Never fails: also what keeps the file from being read is a problem. */
    Result read(Path file, BlockSchema schema);
}
