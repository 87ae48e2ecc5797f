package org.dvs.kernel.internal.ipc;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.SimulationLedger.Kind;
import org.dvs.kernel.internal.ipc.SimulationLedger.Sent;

/** A handler that answers every request, at once where it can. */
final class SimulationServer implements DvsHandler {
    private final SimulationWorld world;

    SimulationServer(SimulationWorld world) {
        this.world = world;
    }

    @Override
    public void message(Message message, AsyncEndpoint self) {
        world.watched(() -> handle(message, (LoopEndpoint) self));
    }

    private void handle(Message message, LoopEndpoint self) {
        world.trace(self, "handles " + message);
        if (message.type() >= Message.NOTIFY) {
            world.ledger.told(message.source(), self.number(), message.getInt(Message.M9_I1));
            return;
        }
        Sent request = world.ledger.received(message, self);
        if (request.kind != Kind.REQUEST) {
            return;
        }
        Sent reply = world.ledger.send(Kind.REPLY, self, request.source, request.id);
        Message answer = world.ledger.message(reply);
        int result = self.reply(request.source, answer);
        if (result == ErrorCode.RMTPROC.rcode()) {
            self.reply(request.source, answer, Endpoint.FOREVER, rcode -> world.watched(() -> ended(reply, rcode)));
        } else {
            ended(reply, result);
        }
    }

    private void ended(Sent reply, int rcode) {
        world.ended(Operation.REPLY, rcode);
        world.ledger.ended(reply, rcode, rcode != ErrorCode.PROCSTS.rcode());
    }
}
