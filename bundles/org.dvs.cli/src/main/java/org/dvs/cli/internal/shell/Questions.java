package org.dvs.cli.internal.shell;

import java.io.IOException;

import org.apache.karaf.shell.api.console.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the person at a session's terminal. */
final class Questions {
    private static final Logger LOG = LoggerFactory.getLogger(Questions.class);

    private Questions() {
    }

    /** @return true only for a clear yes; end of input or Ctrl-C is a no */
    static boolean yes(Session session, String question) {
        try {
            String answer = session.readLine(question + " [y/N] ", null);
            return answer != null && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
        } catch (IOException | RuntimeException e) {
            // The line reader tells Ctrl-C and the end of input by exceptions of its own library.
            LOG.debug("No answer to a question: {}", e.toString());
            return false;
        }
    }
}
