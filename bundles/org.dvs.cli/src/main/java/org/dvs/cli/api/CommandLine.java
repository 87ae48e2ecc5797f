package org.dvs.cli.api;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/**
 * DVS's command line: understands the words, asks the dispatcher, renders the answer. Thread-safe; an OSGi service.
 *
 * <p>Source: conventions 1 and 2.
 */
@ProviderType
public interface CommandLine {

    /**
     * Runs one command and returns when it has ended. Blocks for as long as the command's {@code --timeout} allows, with
     * {@code --watch} until the client goes. Ends early, cancelling what it started, once {@link Output#closed()}.
     *
     * @return the exit code of conventions 2; whatever goes wrong is told on {@code out}, never thrown
     * @throws InterruptedException when the calling thread is interrupted; what was started has been cancelled then, and the
     *                              exit code is 130
     */
    int run(Invocation invocation, Output out) throws InterruptedException;

    /**
     * Candidates for the last word.
     *
     * @param words what stands on the command line, without the program's name; the last one is still being typed and may be
     *              empty
     * @return whole words that begin with the last one, in the order to show them; empty if nothing is known
     */
    List<String> complete(List<String> words);
}
