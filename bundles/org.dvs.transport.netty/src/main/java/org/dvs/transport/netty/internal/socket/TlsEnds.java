package org.dvs.transport.netty.internal.socket;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.CertifiedNode;
import org.dvs.api.security.Identity;
import org.dvs.transport.api.CloseReason;
import org.dvs.transport.api.Tls;

import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;

/**
 * Makes the TLS ends of this node. The identity is asked for at each, so that a new certificate counts from the next
 * connection on.
 */
public final class TlsEnds {
    private static final String[] NODES = {"TLSv1.3"};
    private static final String[] CLIENTS = {"TLSv1.3", "TLSv1.2"};
    private static final List<String> AUTHENTICATED = List.of("TLS_AES_", "TLS_CHACHA20_", "_GCM_", "_CHACHA20_POLY1305_");

    private final Supplier<Identity> identity;
    private final Executor helpers;

    /** @param helpers run the slow parts of a handshake, so that they hold up nobody's frames */
    public TlsEnds(Supplier<Identity> identity, Executor helpers) {
        this.identity = identity;
        this.helpers = helpers;
    }

    /** @throws DvsException {@code NOTREADY} if this node has no identity yet */
    public void check() throws DvsException {
        current();
    }

    private Identity current() throws DvsException {
        Identity now = identity.get();
        if (now == null) {
            throw new DvsException(ErrorCode.NOTREADY, "this node has no certificate yet");
        }
        return now;
    }

    /**
     * One end of a connection.
     *
     * @param client whether this side connected
     * @throws DvsException as {@link #check}
     */
    public SslHandler end(Tls kind, boolean client, int handshakeMs) throws DvsException {
        Identity self = current();
        SSLContext context = kind == Tls.CLUSTER ? self.clusterTls() : self.serverTls();
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(client);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(kind == Tls.CLUSTER ? NODES : CLIENTS);
        parameters.setCipherSuites(authenticated(parameters.getCipherSuites()));
        if (!client) {
            parameters.setNeedClientAuth(kind == Tls.CLUSTER);
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine, helpers);
        handler.setHandshakeTimeoutMillis(handshakeMs);
        return handler;
    }

    private static String[] authenticated(String[] suites) {
        return List.of(suites).stream().filter(suite -> AUTHENTICATED.stream().anyMatch(suite::contains)).toArray(String[]::new);
    }

    /**
     * Who is at the other end of a handshake that has ended well.
     *
     * @param expected the id it must have
     * @throws DvsException {@code BADCERT}
     */
    public static CertifiedNode peer(SslHandler handler, OptionalInt expected) throws DvsException {
        try {
            CertifiedNode node =
                    CertifiedNode.of((X509Certificate) handler.engine().getSession().getPeerCertificates()[0]);
            if (expected.isPresent() && expected.getAsInt() != node.id()) {
                throw new DvsException(ErrorCode.BADCERT, "node " + expected.getAsInt() + " was expected, and " + node.name()
                        + " with id " + node.id() + " is there");
            }
            return node;
        } catch (SSLPeerUnverifiedException e) {
            throw new DvsException(ErrorCode.BADCERT, "the other side showed no certificate", e);
        }
    }

    /** How a connection ends whose handshake failed: a peer that only says nothing may be a node that is paused, and no stranger. */
    public static CloseReason closeReason(Throwable failure) {
        if (failure instanceof SslHandshakeTimeoutException) {
            return CloseReason.HANDSHAKE_TIMEOUT;
        }
        return failure instanceof SSLException ? CloseReason.HANDSHAKE : CloseReason.RESET;
    }

    /** Why a handshake failed, for people. */
    public static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "its certificate has expired";
            }
            if (cause instanceof GeneralSecurityException) {
                return "its certificate is not of this cluster";
            }
        }
        return String.valueOf(failure.getMessage());
    }
}
