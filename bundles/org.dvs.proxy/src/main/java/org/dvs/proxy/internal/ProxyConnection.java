package org.dvs.proxy.internal;

import java.nio.ByteBuffer;
import java.util.Optional;

import org.dvs.api.security.CertifiedNode;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.frame.FrameEncoder;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.link.Wire;
import org.dvs.proxy.internal.pair.Codec;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Connection;
import org.dvs.transport.api.Handler;

/** One connection: cuts what comes into what its peer, or before that the node, is told. All on the one loop. */
final class ProxyConnection implements Handler, Wire {
    /** Longest frame but those with commands. */
    private static final int SMALL_BYTES = FrameLayout.HEADER + Hello.MAX_BYTES;

    private final Proxies proxies;
    private final Connection connection;
    /** Whose connection this is; null before the peer has said who it is. */
    private Peer peer;
    private boolean ended;

    ProxyConnection(Proxies proxies, Connection connection) {
        this.proxies = proxies;
        this.connection = connection;
    }

    void belongsTo(Peer one) {
        peer = one;
    }

    boolean isEnded() {
        return ended;
    }

    Connection connection() {
        return connection;
    }

    /** Whether this may be that node, as far as it is proven. */
    boolean mayBe(int node) {
        Optional<CertifiedNode> proven = connection.peer().node();
        return proven.isEmpty() || proven.get().id() == node;
    }

    // ---- what comes

    @Override
    public void frame(Connection same, ByteBuffer frame) {
        if (ended) {
            return;
        }
        Codec codec = proxies.codec();
        Fault fault = codec.decoder.header(frame, codec.header);
        if (fault == null) {
            fault = switch (codec.header.type) {
                case FrameLayout.HELLO, FrameLayout.WELCOME -> greeting(codec, frame);
                case FrameLayout.END -> {
                    ended(FrameDecoder.why(frame));
                    yield null;
                }
                default -> peer == null ? Fault.ORDER : peer.frame(this, frame);
            };
        }
        if (fault != null) {
            fault(fault);
        }
    }

    private Fault greeting(Codec codec, ByteBuffer frame) {
        boolean hello = codec.header.type == FrameLayout.HELLO;
        // Over a connection that this node has made the peer must not say it, nor before this is known whose it is.
        if (hello != (peer == null) || hello && connection.outgoing()) {
            return Fault.ORDER;
        }
        Hello said = FrameDecoder.hello(frame, codec.header);
        if (said == null) {
            return Fault.HELLO;
        }
        if (!mayBe(said.node())) {
            return Fault.IDENTITY;
        }
        return hello ? proxies.hello(this, said) : peer.link().welcome(this, said);
    }

    private void fault(Fault fault) {
        proxies.count(peer, fault, connection.peer().address());
        if (peer != null && peer.link().wire() == this) {
            peer.link().give(fault);
        } else {
            end(fault);
        }
    }

    @Override
    public void framesEnd(Connection same) {
        if (peer != null && !ended) {
            peer.pump(this);
        }
        connection.flush();
    }

    @Override
    public void writable(Connection same) {
        framesEnd(same);
    }

    /** Without a word before it: the peer has gone, or is about to. */
    @Override
    public void inputEnded(Connection same) {
        cut();
    }

    /** At once: a peer that says that it goes takes nothing any more, and what waits for it would keep the socket for minutes. */
    private void cut() {
        connection.close(CloseReason.PEER, "");
    }

    @Override
    public void closed(Connection same, CloseReason reason, String detail) {
        proxies.forget(connection);
        Fault why = switch (reason) {
            case IDLE, READ_TIMEOUT, FIRST_FRAME_TIMEOUT -> Fault.SILENT;
            case WRITE_TIMEOUT -> Fault.UNSENT;
            case BAD_FRAME, TOO_LONG, TRUNCATED -> Fault.LENGTH;
            default -> Fault.LOST;
        };
        if (!ended) {
            proxies.count(peer, why, connection.peer().address());
        }
        ended(why);
    }

    private void ended(Fault why) {
        if (!ended) {
            ended = true;
            if (peer != null) {
                peer.link().ended(this, why);
            }
            cut();
        }
    }

    @Override
    public ByteBuffer park(Connection same) {
        return ended || peer == null || peer.link().wire() != this || !peer.link().isUp() ? null : peer.park();
    }

    // ---- what goes

    @Override
    public void hello(Hello hello) {
        greet(FrameLayout.HELLO, hello);
    }

    @Override
    public void welcome(Hello hello) {
        greet(FrameLayout.WELCOME, hello);
    }

    private void greet(int type, Hello hello) {
        ByteBuffer out = connection.begin(SMALL_BYTES);
        if (out != null) {
            encoder().hello(out, type, hello, hello.sent());
            connection.end(out);
            connection.flush();
        }
    }

    private FrameEncoder encoder() {
        FrameEncoder encoder = proxies.codec().encoder;
        encoder.state(0, proxies.cut());
        return encoder;
    }

    @Override
    public void end(Fault why) {
        if (ended) {
            return;
        }
        ended = true;
        if (why == Fault.UNSENT) {
            // It would not take that word either.
            connection.close(CloseReason.WRITE_TIMEOUT, why.sentence());
            return;
        }
        if (connection.isOpen()) {
            ByteBuffer out = connection.begin(FrameLayout.HEADER + FrameLayout.END_BYTES);
            if (out != null) {
                encoder().end(out, why == Fault.DISCONNECTED ? Fault.DRAINED : why, 0);
                connection.end(out);
            }
        }
        connection.close();
    }

    @Override
    public String where() {
        return connection.peer().address();
    }
}
