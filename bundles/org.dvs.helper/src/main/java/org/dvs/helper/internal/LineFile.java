package org.dvs.helper.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A small file of lines that a helper which is killed leaves to the next one: whole, as it was before or as it is now. */
final class LineFile {
    private LineFile() {
    }

    /** Replaces it; makes its folder if there is none. */
    static void replace(Path file, List<String> lines) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.getParent());
        Files.write(next, lines);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
