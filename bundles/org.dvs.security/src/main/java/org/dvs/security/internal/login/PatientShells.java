package org.dvs.security.internal.login;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;

import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.shell.ShellFactory;

/**
 * Shells whose last words arrive. Karaf's says that it has ended and cuts the connection in the same moment, and what is not on
 * the wire by then is lost: mostly just why it ended. Here it is held at the former until the client has closed its side too,
 * which it does when it has read all before; a client that does not answer is waited for two seconds.
 */
final class PatientShells implements ShellFactory {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ShellFactory wrapped;

    PatientShells(ShellFactory wrapped) {
        this.wrapped = wrapped;
    }

    ShellFactory wrapped() {
        return wrapped;
    }

    @Override
    public Command createShell(ChannelSession channel) throws IOException {
        return new PatientShell(wrapped.createShell(channel), channel);
    }

    private record PatientShell(Command shell, ChannelSession channel) implements Command {

        @Override
        public void setExitCallback(ExitCallback callback) {
            shell.setExitCallback((code, message, immediately) -> {
                // Who comes here because the channel is being closed may be the one who closes it.
                boolean closing = channel.isClosing();
                callback.onExit(code, message, immediately);
                if (!closing) {
                    awaitClosed();
                }
            });
        }

        private void awaitClosed() {
            try {
                channel.close(false).await(PATIENCE);
            } catch (InterruptedIOException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new IllegalStateException("nothing else ends this wait", e);
            }
        }

        @Override
        public void setInputStream(InputStream in) {
            shell.setInputStream(in);
        }

        @Override
        public void setOutputStream(OutputStream out) {
            shell.setOutputStream(out);
        }

        @Override
        public void setErrorStream(OutputStream err) {
            shell.setErrorStream(err);
        }

        @Override
        public void start(ChannelSession ignored, Environment environment) throws IOException {
            shell.start(channel, environment);
        }

        @Override
        public void destroy(ChannelSession ignored) throws Exception {
            shell.destroy(channel);
        }
    }
}
