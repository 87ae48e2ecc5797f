package org.dvs.cli.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where a command's lines go. Used by one thread at a time. No method throws when the client has gone: it then drops what
 * it gets, and {@link #closed()} says so.
 */
@ConsumerType
public interface Output {

    /** @param line for standard output, without the line's end; holds no control character but ESC of our own colours */
    void out(String line);

    /** @param line for standard error: progress, warnings, errors; as {@link #out} */
    void err(String line);

    /**
     * Asks for confirmation. The command ends with exit code 7 after it; a face with somebody to answer runs it again with
     * {@code --yes} added if the answer is yes. Only called where {@link Invocation#terminal()}.
     */
    void ask(String question);

    /** Makes what was written so far visible now. */
    void flush();

    /** @return true once nobody reads any more; the command then stops */
    boolean closed();
}
