package org.dvs.security.internal.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the audit's files were when this node had last to do with them, so that what anybody else does to them shows while the
 * node runs. Not thread-safe. What is written in place, byte by byte, into the file that is being written is not seen here but by
 * {@link Verifier}.
 */
final class Traces {
    private static final String ELSE = " by something else than this node";

    private final Map<Path, Trace> traces = new LinkedHashMap<>();

    /**
     * One file.
     *
     * @param key      another file of the same name has another one
     * @param size     bytes
     * @param modified null for one that this node still writes to
     */
    private record Trace(Object key, long size, FileTime modified) {
    }

    /** Takes a file as it is now: it is not written to any more. */
    void closed(Path file) throws IOException {
        BasicFileAttributes now = attributes(file);
        traces.put(file, new Trace(now.fileKey(), now.size(), now.lastModifiedTime()));
    }

    /** Takes a file that is open for writing. */
    void opened(Path file) throws IOException {
        BasicFileAttributes now = attributes(file);
        traces.put(file, new Trace(now.fileKey(), now.size(), null));
    }

    /** This node has written to an open file. */
    void grown(Path file, long size) {
        traces.computeIfPresent(file, (path, trace) -> new Trace(trace.key(), size, null));
    }

    /** This node has deleted a file, or gives it up. */
    void forget(Path file) {
        traces.remove(file);
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** @return what was done to any of the files since, a sentence for each; told once */
    List<String> changes() throws IOException {
        List<String> changes = new ArrayList<>();
        for (Path file : List.copyOf(traces.keySet())) {
            Optional<String> change = change(file);
            if (change.isPresent()) {
                changes.add(change.get());
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    closed(file);
                } else {
                    forget(file);
                }
            }
        }
        return changes;
    }

    /** @return what was done to one file since; empty if nothing was, or it is not known here */
    Optional<String> change(Path file) throws IOException {
        Trace was = traces.get(file);
        if (was == null) {
            return Optional.empty();
        }
        BasicFileAttributes now;
        try {
            now = attributes(file);
        } catch (NoSuchFileException e) {
            return Optional.of(file.getFileName() + " was removed" + ELSE);
        }
        String what = "";
        if (!now.isRegularFile() || !was.key().equals(now.fileKey())) {
            what = " was replaced";
        } else if (now.size() != was.size()) {
            what = (now.size() < was.size() ? " was shortened from " : " was lengthened from ") + was.size() + " to " + now.size()
                    + " bytes";
        } else if (was.modified() != null && !was.modified().equals(now.lastModifiedTime())) {
            what = " was written to";
        }
        return what.isEmpty() ? Optional.empty() : Optional.of(file.getFileName() + what + ELSE);
    }
}
