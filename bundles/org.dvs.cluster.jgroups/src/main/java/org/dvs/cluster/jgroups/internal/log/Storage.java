package org.dvs.cluster.jgroups.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One flat folder of files, as the log sees it. What is written or renamed is safe from a loss of power only after the matching
 * {@code force}. Used by one thread at a time.
 */
public interface Storage extends Closeable {

    /** Names of all files, sorted. */
    List<String> list() throws IOException;

    /** Makes an empty file, or empties the one that is there. */
    File create(String name) throws IOException;

    /** Opens a file that is there. */
    File open(String name) throws IOException;

    /** Takes the place of {@code to} in one step, if there is one. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes all creations, renames and deletions durable. */
    void forceFolder() throws IOException;

    /** Where this is, for messages. */
    String describe();

    /** An open file. */
    interface File extends Closeable {

        long size() throws IOException;

        /** Fills {@code target} from {@code position} on. @throws java.io.EOFException if the file ends before that */
        void read(long position, ByteBuffer target) throws IOException;

        /** Writes all of {@code source} or throws; after a throw any part of it may be there. */
        void write(long position, ByteBuffer source) throws IOException;

        /** Makes the content durable, and the size if it has changed. */
        void force() throws IOException;
    }
}
