package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;

import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.FrameEncoder;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.transport.api.Handler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may say what first. Names finish the sentence "a node …". */
@Tag("R-PXY-05")
class GreetingTest {

    /** It comes between the connection and the task that says whose it is: taken for a HELLO, the link would stay up without it. */
    @Test
    void takesNoHelloOverAConnectionThatItHasMade() throws Exception {
        SimulatedDvs world = new SimulatedDvs(1);
        SimulatedDvsNode node = world.nodes[0];
        SimulatedConnection made = new SimulatedConnection(world, node, world.nodes[1], true);
        made.join(new SimulatedConnection(world, world.nodes[1], node, false));
        Handler handler = node.proxies.opened(made);
        made.serve(handler);
        FrameEncoder encoder = new FrameEncoder();
        encoder.agreed(DigestKind.NONE, true, FrameLayout.VERSION);
        ByteBuffer hello = RawPeer.bytes(to -> encoder.hello(to, FrameLayout.HELLO, RawPeer.hello(1, 77, 1), 0));
        handler.frame(made, hello);
        assertFalse(node.link().link().isUp());
        assertFalse(made.isOpen());
    }
}
