package org.dvs.kernel.internal.ipc;

import java.nio.ByteBuffer;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessInfo;

/** A program whose calls a test begins one by one, on its own thread. Without a time-out given, calls wait without limit. */
final class Program {
    private final Kernel kernel;
    final AsyncEndpoint self;

    Program(Kernel kernel, AsyncEndpoint self) {
        this.kernel = kernel;
        this.self = self;
    }

    static Program bind(Kernel kernel, int dcid, int endpoint, BindKind kind, int node) throws DvsException {
        return new Program(kernel, kernel.bindAsync(dcid, endpoint, "p" + endpoint, kind, node));
    }

    int number() {
        return self.number();
    }

    private Heard heard(String call, Message message) {
        return new Heard(call + " by " + self.number(), message);
    }

    Heard send(int to, int number) {
        return send(to, number, Endpoint.FOREVER);
    }

    Heard send(int to, int number, long timeoutMs) {
        Heard heard = heard("send", TestKernels.message(number));
        self.send(to, heard.message, timeoutMs, heard);
        return heard;
    }

    Heard receive() {
        return receive(EndpointNumbers.ANY);
    }

    Heard receive(int source) {
        return receive(source, Endpoint.FOREVER);
    }

    Heard receive(int source, long timeoutMs) {
        Heard heard = heard("receive", new Message());
        self.receive(source, heard.message, timeoutMs, heard);
        return heard;
    }

    Heard sendrec(int peer, int number) {
        return sendrec(peer, number, Endpoint.FOREVER);
    }

    Heard sendrec(int peer, int number, long timeoutMs) {
        Heard heard = heard("sendrec", TestKernels.message(number));
        self.sendrec(peer, heard.message, timeoutMs, heard);
        return heard;
    }

    Heard rcvrqst() {
        return rcvrqst(Endpoint.FOREVER);
    }

    Heard rcvrqst(long timeoutMs) {
        Heard heard = heard("rcvrqst", new Message());
        self.rcvrqst(heard.message, timeoutMs, heard);
        return heard;
    }

    Heard reply(int to, int number) {
        return reply(to, number, Endpoint.FOREVER);
    }

    Heard reply(int to, int number, long timeoutMs) {
        Heard heard = heard("reply", TestKernels.message(number));
        self.reply(to, heard.message, timeoutMs, heard);
        return heard;
    }

    Heard tell(int to) {
        Heard heard = heard("notify", null);
        self.notify(to, Endpoint.FOREVER, heard);
        return heard;
    }

    Heard tell(int to, int value) {
        Heard heard = heard("notify", null);
        self.notifyValue(to, value, Endpoint.FOREVER, heard);
        return heard;
    }

    Heard vcopy(int source, long from, int destination, long to, int bytes) {
        Heard heard = heard("vcopy", null);
        self.vcopy(source, from, destination, to, bytes, heard);
        return heard;
    }

    Heard wait4bind(int endpoint, long timeoutMs) {
        Heard heard = heard("wait4bind", null);
        self.wait4bind(endpoint, timeoutMs, heard);
        return heard;
    }

    Heard wait4unbind(int endpoint, long timeoutMs) {
        Heard heard = heard("wait4unbind", null);
        self.wait4unbind(endpoint, timeoutMs, heard);
        return heard;
    }

    Heard unbind(int endpoint, long timeoutMs) {
        Heard heard = heard("unbind", null);
        self.unbind(endpoint, timeoutMs, heard);
        return heard;
    }

    long expose(ByteBuffer buffer) {
        return self.memory().expose(buffer);
    }

    /** Its descriptor on its own node. */
    ProcessInfo info() throws DvsException {
        return infoAt(kernel);
    }

    /** Its descriptor at some node. */
    ProcessInfo infoAt(Kernel node) throws DvsException {
        return node.processes(self.dcid()).stream().filter(info -> info.endpoint() == self.number()).findFirst().orElseThrow();
    }

    void close() {
        self.close();
    }
}
