package org.dvs.cli.internal.shell;

import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.Optional;

import org.apache.karaf.shell.api.console.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the stream to a session's own standard error. What a command prints on {@code System.err} goes through a channel that
 * cannot be flushed into that stream, and nobody flushes it before a remote command ends: over SSH every error would be lost.
 * The shell has no public way to it, hence the look at its field.
 */
final class SessionStreams {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStreams.class);
    private static final String SHELL_OF_SESSION = ".commandSession";
    private static final String ERROR_STREAM = "perr";

    private SessionStreams() {
    }

    /** @return empty where the shell is not made as expected; its errors belong on standard output then */
    static Optional<PrintStream> error(Session session) {
        Object shell = session.get(SHELL_OF_SESSION);
        for (Class<?> type = shell == null ? null : shell.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(ERROR_STREAM)) {
                    return read(field, shell);
                }
            }
        }
        LOG.debug("The shell has no field {}", ERROR_STREAM);
        return Optional.empty();
    }

    private static Optional<PrintStream> read(Field field, Object shell) {
        try {
            field.setAccessible(true);
            return Optional.ofNullable((PrintStream) field.get(shell));
        } catch (IllegalAccessException | RuntimeException e) {
            LOG.debug("The shell's field {} cannot be read: {}", ERROR_STREAM, e.toString());
            return Optional.empty();
        }
    }
}
