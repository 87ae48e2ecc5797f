package org.dvs.apps;

import java.io.PrintStream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;

/** Runs a program whose endpoint is there already. */
public final class Running {
    /** Most milliseconds that a server which was started at the same time is waited for. */
    public static final long SERVER_MS = 5_000;

    private Running() {
    }

    /** On the calling thread, until it ends. */
    public static void run(DvsProgram program, Endpoint self) throws DvsException {
        try {
            program.run(self);
        } catch (DvsException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** On the calling thread, until its endpoint is closed; how it ended does not matter. */
    public static void quietly(DvsProgram program, Endpoint self) {
        try (self) {
            run(program, self);
        } catch (DvsException e) {
            // Closed: its call has ended.
            return;
        }
    }

    /**
     * Says that a server is there, once it can receive: user endpoints cannot.
     *
     * @throws IpcException {@code BADCALL}, and what ends the server
     */
    public static void announce(Endpoint self, PrintStream out, String does) throws IpcException {
        try {
            // From itself nothing ever comes; whether it may receive at all is told first.
            self.receive(self.number(), new Message(), Endpoint.NOWAIT);
        } catch (IpcException e) {
            if (e.endsProgram() || e.code() == ErrorCode.BADCALL) {
                throw e;
            }
        }
        out.println("endpoint " + self.number() + " of dc" + self.dcid() + " " + does);
        out.flush();
    }

    /**
     * Gives a server that was started at the same time a moment to be there; without it, the first call says what is wrong.
     *
     * @param mostMs at most {@link #SERVER_MS}
     */
    public static void await(Endpoint self, int server, long mostMs) throws IpcException {
        try {
            self.wait4bind(server, mostMs);
        } catch (IpcException e) {
            if (e.endsProgram()) {
                throw e;
            }
        }
    }

    /**
     * A server's answer. Where it cannot be given, that is one client's matter, whatever is wrong with it, its node or the way
     * there.
     *
     * @throws IpcException what ends the server itself
     */
    public static void answer(Endpoint self, Message message, long timeoutMs) throws IpcException {
        try {
            self.reply(message.source(), message, timeoutMs);
        } catch (IpcException e) {
            if (e.endsProgram()) {
                throw e;
            }
        }
    }
}
