package org.dvs.security.internal.audit;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends lines, each with the digest of the one before, over all files and starts. Not thread-safe.
 *
 * <p><b>Killed in between.</b> A line is written in one piece, then the head. At the next start a line without an end stays where
 * it is and the next one says so; a line that the head does not know yet is taken if it carries on from the head.
 * <p><b>Changed by others.</b> If the file is not the one, or not as long, as it was left, a new file is begun, whose first line
 * says what was done to the old one; what is done to the files before it is said in a line too. {@link Verifier} finds what is
 * missing. Nothing is ever written over.
 */
final class Chain implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Chain.class);
    /** A line at the end is looked for in so many bytes. */
    private static final int TAIL = 2 * Line.MAX_BYTES;
    private static final int MOST_UNTOLD = 100;

    private final Folder folder;
    private final Clock clock;
    private final Traces traces = new Traces();
    /** What others did to the files and no line says yet. */
    private final List<String> untold = new ArrayList<>();
    private RandomAccessFile headFile;
    private Head head;
    private String trouble = "";
    private Path file;
    private RandomAccessFile out;
    private long position;
    /** A piece of a line that failed stands behind {@link #position}. */
    private boolean spoilt;
    /** As many files are there at the most; 0 if that is to be looked at. */
    private int kept;

    /** Bytes at which a file is full, and how many files are kept. */
    record Limits(long fileBytes, int files) {
    }

    Chain(Folder folder, Clock clock) throws IOException {
        this.folder = folder;
        this.clock = clock;
        folder.make();
        Optional<Head> known = folder.head();
        NavigableMap<Long, Path> files = folder.files();
        head = known.orElse(Head.EMPTY);
        headFile = folder.openHead();
        try {
            for (Path each : files.values()) {
                traces.closed(each);
            }
            if (!files.isEmpty()) {
                carryOn(files, known.isPresent());
            }
            Folder.write(headFile, head);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void carryOn(NavigableMap<Long, Path> files, boolean headKnown) throws IOException {
        file = files.lastEntry().getValue();
        out = folder.open(file);
        traces.opened(file);
        position = out.length();
        byte[] tail = tail();
        int end = lastIndex(tail, tail.length);
        byte[] piece = Arrays.copyOfRange(tail, end + 1, tail.length);
        byte[] text = Arrays.copyOfRange(tail, lastIndex(tail, Math.max(end, 0)) + 1, Math.max(end, 0));
        Optional<Line> last = Line.parse(text);
        String problem = "";
        if (!headKnown) {
            problem = "the file 'head' was missing or could not be read";
            headOf(files, last.map(line -> line.seq()).orElse(files.lastKey() - 1), Line.digest(text));
        } else if (last.isPresent() && last.get().seq() == head.seq() + 1 && last.get().prev().equals(head.digest())) {
            head = head.after(head.seq() + 1, Line.digest(text));
        } else if (text.length > 0 && !Line.digest(text).equals(head.digest()) || text.length == 0
                && head.seq() >= files.lastKey()) {
            problem = "the last line is not the one that was written last, number " + head.seq();
        }
        if (piece.length > 0) {
            write(new byte[1]);
            head = head.after(head.seq(), Line.digest(piece));
            note(Line.TORN, "the node ended while it wrote the line above, of which " + piece.length + " bytes are there");
            LOG.warn("The audit's last line in {} is torn: the node ended while it wrote it", file);
        }
        if (!problem.isEmpty()) {
            notice(problem);
            tell();
        }
    }

    private void headOf(NavigableMap<Long, Path> files, long seq, String digest) throws IOException {
        try (Lines lines = new Lines(files.firstEntry().getValue())) {
            byte[] line = lines.next();
            Optional<Line> first = line == null ? Optional.empty() : Line.parse(line);
            head = new Head(first.map(Line::seq).orElse(files.firstKey()), first.map(Line::prev).orElse(Line.NO_DIGEST), seq,
                    digest);
        }
    }

    private byte[] tail() throws IOException {
        byte[] bytes = new byte[(int) Math.min(position, TAIL)];
        out.seek(position - bytes.length);
        out.readFully(bytes);
        return bytes;
    }

    private static int lastIndex(byte[] bytes, int before) {
        int at = before - 1;
        while (at >= 0 && bytes[at] != '\n') {
            at--;
        }
        return at;
    }

    private void notice(String problem) {
        LOG.error("The audit in {} is not as it was written: {}; see 'dvs audit verify'", folder.path(), problem);
        trouble = clock.instant().truncatedTo(ChronoUnit.SECONDS) + ": " + problem;
        if (untold.size() < MOST_UNTOLD) {
            untold.add(problem);
        }
    }

    /** Says in lines of the audit what was noticed. */
    private void tell() throws IOException {
        while (!untold.isEmpty()) {
            note(Line.NOTE, untold.get(0));
            untold.remove(0);
        }
    }

    /** @return what somebody else did last to the files while this node ran or before, and when; empty if nothing */
    String trouble() {
        return trouble;
    }

    private void note(String step, String text) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(Line.STEP, step);
        fields.put(Line.RESULT, text);
        write(line(fields));
    }

    /**
     * @param fields printable; the time is added in front
     * @param force  true to return only when it is on the disk
     * @throws IOException if the line is not there, or may not be there after the machine loses its power
     */
    void append(Map<String, String> fields, boolean force, Limits limits) throws IOException {
        mend();
        if (out == null || position >= limits.fileBytes()) {
            begin();
        }
        tell();
        if (limits.files() != kept) {
            deleteOldest(limits.files());
            kept = limits.files();
        }
        write(line(fields));
        if (force) {
            try {
                out.getFD().sync();
            } catch (IOException e) {
                // What a failed force leaves on the disk nobody knows: this file is not written to again.
                abandon();
                throw e;
            }
        }
    }

    private byte[] line(Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(Line.TIME, clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        all.putAll(fields);
        return new Line(head.seq() + 1, head.digest(), all).bytes();
    }

    /** Takes back what is left of a line that failed, and gives up a file that somebody else has changed. */
    private void mend() throws IOException {
        if (out == null) {
            return;
        }
        if (spoilt) {
            out.setLength(position);
            spoilt = false;
        }
        Optional<String> change = traces.change(file);
        if (change.isPresent()) {
            notice(change.get());
            abandon();
        }
    }

    /**
     * Looks at all files, those that are full and the head too, and says in lines what somebody else did to them. Costs a look
     * at each file, so it is for now and then; {@link #append} looks at the one it writes to.
     */
    void look(Limits limits) throws IOException {
        mend();
        traces.changes().forEach(this::notice);
        if (!folder.head().equals(Optional.of(head))) {
            RandomAccessFile old = headFile;
            headFile = folder.openHead();
            old.close();
            notice("the file 'head' was changed or removed by something else than this node");
            headFile.setLength(0);
            Folder.write(headFile, head);
        }
        if (!untold.isEmpty()) {
            if (out == null || position >= limits.fileBytes()) {
                begin();
            }
            tell();
        }
    }

    /** Says in a line what was found in those before. */
    void damaged(String problem, Limits limits) throws IOException {
        notice(problem);
        look(limits);
    }

    private void abandon() {
        traces.forget(file);
        RandomAccessFile old = out;
        out = null;
        spoilt = false;
        try {
            old.close();
        } catch (IOException e) {
            LOG.debug("{} could not be closed: {}", file, e.toString());
        }
    }

    private void begin() throws IOException {
        Path next = folder.file(head.seq() + 1);
        if (out != null) {
            // Full: on the disk before the next one carries on from it.
            out.getFD().sync();
        }
        RandomAccessFile opened = folder.create(next);
        if (out != null) {
            Path full = file;
            abandon();
            traces.closed(full);
        }
        file = next;
        traces.opened(file);
        out = opened;
        position = 0;
        // One more than before: to be looked at.
        kept = 0;
    }

    /** The head says what is kept before anything is deleted: else deleted lines would be missing ones. */
    private void deleteOldest(int most) throws IOException {
        NavigableMap<Long, Path> files = folder.files();
        if (files.size() <= most) {
            return;
        }
        while (files.size() > most) {
            files.pollFirstEntry();
        }
        try (Lines lines = new Lines(files.firstEntry().getValue())) {
            byte[] line = lines.next();
            head = line == null ? new Head(head.seq() + 1, head.digest(), head.seq(), head.digest())
                    : Line.parse(line).map(head::from).orElse(new Head(files.firstKey(), Line.NO_DIGEST, head.seq(),
                            head.digest()));
        }
        Folder.write(headFile, head);
        folder.deleteBefore(head.first()).forEach(traces::forget);
    }

    /** @param bytes a line; one byte for the line end alone, behind a torn one */
    private void write(byte[] bytes) throws IOException {
        boolean whole = bytes.length > 1;
        byte[] text = whole ? Arrays.copyOf(bytes, bytes.length + 1) : bytes;
        text[text.length - 1] = '\n';
        spoilt = true;
        out.seek(position);
        out.write(text);
        spoilt = false;
        position += text.length;
        traces.grown(file, position);
        if (whole) {
            head = head.after(head.seq() + 1, Line.digest(bytes));
            Folder.write(headFile, head);
        }
    }

    Head head() {
        return head;
    }

    @Override
    public void close() throws IOException {
        try (RandomAccessFile lines = out; RandomAccessFile its = headFile) {
            LOG.trace("closing {} and {}", lines, its);
        }
    }
}
