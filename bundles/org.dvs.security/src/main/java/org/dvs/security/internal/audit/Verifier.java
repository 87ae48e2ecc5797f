package org.dvs.security.internal.audit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * Follows the digests from the first line to the last and stops at the first that is wrong: changed, missing, moved or added.
 * One use; not thread-safe.
 */
final class Verifier {
    private static final int LOOK_UP = 1024;

    /**
     * What was found.
     *
     * @param lines   that are in order
     * @param torn    lines among them that a kill has torn and that are declared
     * @param problem what is wrong first; empty if nothing is
     * @param file    where; empty if nothing is wrong or the file is missing
     * @param line    in that file, from 1; 0 if it is not there
     * @param seq     number that the line has or should have; 0 if nothing is wrong
     */
    record Finding(long lines, long torn, String problem, String file, long line, long seq) {
        /** In front of the problem: {@code FILE:LINE: }; empty if there is none. */
        String place() {
            return file.isEmpty() ? "" : file + (line == 0 ? "" : ":" + line) + ": ";
        }
    }

    private final Folder folder;
    private final Head head;
    private boolean started;
    private long expected;
    private String prev;
    private long lines;
    private long torn;
    private byte[] unread;
    private Place last = new Place("", 0);
    private Place unreadAt = last;

    private record Place(String file, long line) {
    }

    /**
     * @param head as it is at this moment; what is written later is not looked at
     * @param from number of the line to begin with; up to the first one that is kept: from there
     */
    Verifier(Folder folder, Head head, long from) {
        this.folder = folder;
        this.head = head;
        this.started = from <= head.first();
        this.expected = started ? head.first() : from;
        this.prev = started ? head.firstPrev() : "";
    }

    /** @throws InterruptedException when the thread is interrupted */
    Finding verify() throws IOException, InterruptedException {
        NavigableMap<Long, Path> files = folder.files();
        for (Path file : files.values()) {
            Long next = files.higherKey(number(files, file));
            if (next != null && next <= (started ? head.first() : expected)) {
                continue;
            }
            Optional<Finding> bad = file(file);
            if (bad.isPresent()) {
                return bad.get();
            }
        }
        if (unread != null) {
            return bad(unreadAt, "this is no line of the audit: changed, added or torn by something else than DVS", expected);
        }
        if (expected <= head.seq()) {
            return bad(new Place(last.file, 0), missing(expected, head.seq()) + " at the end", expected);
        }
        if (lines > 0 && !prev.equals(head.digest())) {
            return bad(last, "the line was changed after it was written", expected - 1);
        }
        return new Finding(lines, torn, "", "", 0, 0);
    }

    private static long number(NavigableMap<Long, Path> files, Path file) {
        return files.entrySet().stream().filter(entry -> entry.getValue().equals(file)).findFirst().orElseThrow().getKey();
    }

    private Optional<Finding> file(Path file) throws IOException, InterruptedException {
        try (Lines text = new Lines(file)) {
            for (byte[] bytes = text.next(); bytes != null && expected <= head.seq(); bytes = text.next()) {
                if (text.number() % LOOK_UP == 0 && Thread.interrupted()) {
                    throw new InterruptedException();
                }
                Place place = new Place(file.getFileName().toString(), text.number());
                Optional<Finding> bad = line(bytes, place);
                if (bad.isPresent()) {
                    return bad;
                }
            }
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.of(bad(new Place(file.getFileName().toString(), 0), "the file was removed meanwhile", expected));
        }
    }

    private Optional<Finding> line(byte[] bytes, Place place) throws IOException {
        Optional<Line> parsed = Line.parse(bytes);
        if (!started) {
            if (parsed.isEmpty() || parsed.get().seq() != expected) {
                return Optional.empty();
            }
            started = true;
            prev = parsed.get().prev();
        }
        if (parsed.isEmpty()) {
            if (unread != null) {
                return Optional.of(bad(unreadAt, "this is no line of the audit: changed or added", expected));
            }
            unread = bytes;
            unreadAt = place;
            return Optional.empty();
        }
        Line line = parsed.get();
        if (unread != null) {
            boolean declared = line.field(Line.STEP).equals(Line.TORN) && line.seq() == expected
                    && line.prev().equals(Line.digest(unread));
            if (!declared) {
                return Optional.of(bad(unreadAt, "this is no line of the audit: changed or added", expected));
            }
            unread = null;
            torn++;
        } else if (line.seq() != expected) {
            return Optional.of(outOfOrder(line, place));
        } else if (!line.prev().equals(prev)) {
            return Optional.of(last.line == 0 ? bad(place, "the line does not carry on from the one before", line.seq())
                    : bad(last, "the line was changed after it was written, or the digest in the next one", line.seq() - 1));
        }
        prev = Line.digest(bytes);
        expected++;
        lines++;
        last = place;
        return Optional.empty();
    }

    private Finding outOfOrder(Line line, Place place) throws IOException {
        if (line.seq() < expected) {
            return bad(place, "line " + line.seq() + " stands where line " + expected + " should: added or moved", expected);
        }
        boolean elsewhere = false;
        for (Path file : folder.files().values()) {
            elsewhere |= holds(file, expected);
        }
        return bad(place, elsewhere ? "line " + line.seq() + " stands where line " + expected
                + " should, which comes later: moved"
                : missing(expected, line.seq() - 1) + " before this line", expected);
    }

    private static boolean holds(Path file, long seq) throws IOException {
        try (Lines text = new Lines(file)) {
            for (byte[] bytes = text.next(); bytes != null; bytes = text.next()) {
                if (Line.parse(bytes).filter(line -> line.seq() == seq).isPresent()) {
                    return true;
                }
            }
            return false;
        }
    }

    private static String missing(long from, long to) {
        return from == to ? "line " + from + " is missing" : "lines " + from + " to " + to + " are missing";
    }

    private Finding bad(Place place, String problem, long seq) {
        return new Finding(lines, torn, problem, place.file, place.line, seq);
    }
}
