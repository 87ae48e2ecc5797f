package org.dvs.client;

import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;

/**
 * The way from a process to its node's kernel: a Unix-domain socket, by default {@code data/kernel.sock} of the node. Each
 * endpoint is a connection of its own; the kernel knows the process behind it from the operating system, and unbinds it the
 * moment the process ends.
 *
 * <pre>{@code
 * DvsClient dvs = DvsClient.at(Path.of(".dvs/node0/data/kernel.sock"));
 * try (Endpoint self = dvs.bind(0, 10, "hello")) {
 *     Message message = new Message(1);
 *     self.sendrec(11, message, 5_000);
 * }
 * }</pre>
 *
 * Immutable; thread-safe.
 */
public final class DvsClient {
    private final Path socket;

    private DvsClient(Path socket) {
        this.socket = socket;
    }

    /** @param socket of the kernel's gate */
    public static DvsClient at(Path socket) {
        return new DvsClient(Given.argument(socket, "socket"));
    }

    /**
     * Binds this process; its calls wait on the calling thread, one at a time.
     *
     * @throws IpcException {@code CONNREFUSED} if no kernel listens there, {@code PROTONOSUPPORT} if it speaks another version,
     *                      {@code RSCBUSY} if as many programs are connected as it allows, else as
     *                      {@link org.dvs.kernel.api.Kernel#bind}
     */
    public Endpoint bind(int dcid, int endpoint, String name) throws IpcException {
        return bind(dcid, endpoint, name, BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    /** As {@link #bind(int, int, String)}, also as replica or as backup of a process on another node. */
    public Endpoint bind(int dcid, int endpoint, String name, BindKind kind, int node) throws IpcException {
        check(name);
        if (kind == null) {
            throw new IpcException(ErrorCode.BINDTYPE, "bind of " + endpoint + " in dc" + dcid + ": no kind of bind was given");
        }
        return Knocking.at(socket, wire -> new BlockingEndpoint(wire, dcid, wire.bind(dcid, endpoint, name, kind, node), name));
    }

    /**
     * Waits until another program binds this process: {@code wait4bind(SELF)}.
     *
     * @param name      1 to 15 characters, by which whoever binds it knows it
     * @param timeoutMs {@link Endpoint#FOREVER} or above 0
     * @throws IpcException {@code TIMEDOUT}, {@code INVAL} for another time-out, else as {@link #bind(int, int, String)}
     */
    public Endpoint wait4bind(String name, long timeoutMs) throws IpcException {
        if (timeoutMs != Endpoint.FOREVER && timeoutMs <= 0) {
            throw new IpcException(ErrorCode.INVAL, "wait for a bind of " + name + ": time-out " + timeoutMs + " ms");
        }
        check(name);
        return Knocking.at(socket, wire -> {
            GateWire.Place bound = wire.attach(name, timeoutMs);
            return new BlockingEndpoint(wire, bound.dcid(), bound.endpoint(), name);
        });
    }

    private static void check(String name) throws IpcException {
        try {
            DvsParameters.checkName(name);
        } catch (DvsException e) {
            throw new IpcException(e.code(), e.getMessage());
        }
    }

    /** Binds this process; its calls are begun, and their ends told on one thread of the endpoint. It receives for itself. */
    public AsyncEndpoint bindAsync(int dcid, int endpoint, String name) throws IpcException {
        check(name);
        return callbacks(dcid, endpoint, name, null);
    }

    /** Binds this process; the handler is called with each message, on one thread of the endpoint. */
    public AsyncEndpoint bindHandler(int dcid, int endpoint, String name, DvsHandler handler) throws IpcException {
        Given.required(handler, "handler");
        check(name);
        return callbacks(dcid, endpoint, name, handler);
    }

    private AsyncEndpoint callbacks(int dcid, int endpoint, String name, DvsHandler handler) throws IpcException {
        return Knocking.at(socket, wire -> new CallbackEndpoint(wire, dcid,
                wire.bind(dcid, endpoint, name, BindKind.SELF, EndpointNumbers.LOCALNODE), name, handler));
    }

    @Override
    public String toString() {
        return "kernel at " + socket;
    }
}
