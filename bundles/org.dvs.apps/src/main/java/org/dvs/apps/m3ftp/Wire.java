package org.dvs.apps.m3ftp;

/**
 * Messages of <em>m3ftp</em>. A request's type is the operation; an answer's is 0 or an EDVS number. The union of both:
 *
 * <pre>
 *  0        4        8                16       20       24
 *  +--------+--------+----------------+--------+--------+
 *  | handle | length |    position    | address| flags  |
 *  +--------+--------+----------------+--------+--------+
 * </pre>
 *
 * {@code address} is where the client has exposed its block: the server copies a name or a block from there, or a block or a
 * digest to there, while the client waits for the answer.
 */
final class Wire {
    /** Open to read: length and address of the name. Answer: handle, position is the file's size. */
    static final int GET = 1;
    /** Open to write: as GET, position is the size to come. Answer: handle, position is how much of it is there already. */
    static final int PUT = 2;
    /** Block at a position. Answer: its length, shorter only at the end of the file. */
    static final int READ = 3;
    /** Block at a position. Answer: its length. */
    static final int WRITE = 4;
    /**
     * Digest of the file up to a position. Answer: position reached so far; when it is the one asked for, the digest is copied.
     */
    static final int DIGEST = 5;
    /** Ends a handle. */
    static final int CLOSE = 6;

    /** Of PUT: what an earlier attempt has left is kept. */
    static final int RESUME = 1;
    /** Of CLOSE: the file is whole and gets its name. */
    static final int COMMIT = 1;

    static final int HANDLE = 0;
    static final int LENGTH = 4;
    static final int POSITION = 8;
    static final int ADDRESS = 16;
    static final int FLAGS = 20;

    /** Most bytes of a name, UTF-8. */
    static final int MAX_NAME = 1024;
    /** Most bytes of a block, as the kernel's max_copylen is by default. */
    static final int MAX_BLOCK = 1024 * 1024;

    private Wire() {
    }
}
