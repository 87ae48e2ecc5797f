package org.dvs.security.internal.identity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Collections;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A TLS context that can forget all sessions. A server's tickets for resumption are sealed with keys of its context and kept by
 * the clients, so the only way to take none of them any more is another context: engines and factories asked for after
 * {@link #renew} come from a new one. Factories handed out before go on with the old one. Thread-safe.
 */
final class RenewableContext extends SSLContext {
    private final Delegate delegate;

    private RenewableContext(Delegate delegate) {
        super(delegate, delegate.current.getProvider(), delegate.current.getProtocol());
        this.delegate = delegate;
    }

    static RenewableContext of(KeyManager keys, TrustManager[] trust) throws GeneralSecurityException {
        return new RenewableContext(new Delegate(keys, trust));
    }

    void renew() throws GeneralSecurityException {
        delegate.renew();
    }

    private static final class Delegate extends SSLContextSpi {
        private final KeyManager keys;
        private final TrustManager[] trust;
        private volatile SSLContext current;

        Delegate(KeyManager keys, TrustManager[] trust) throws GeneralSecurityException {
            this.keys = keys;
            this.trust = trust;
            current = fresh();
        }

        private SSLContext fresh() throws GeneralSecurityException {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, trust, null);
            return context;
        }

        private void renew() throws GeneralSecurityException {
            SSLContext before = current;
            current = fresh();
            // What clients made with the old one's factories shall not resume either.
            SSLSessionContext sessions = before.getClientSessionContext();
            for (byte[] id : Collections.list(sessions.getIds())) {
                SSLSession session = sessions.getSession(id);
                if (session != null) {
                    session.invalidate();
                }
            }
        }

        @Override
        protected void engineInit(KeyManager[] others, TrustManager[] trusted, SecureRandom random) {
            throw new IllegalStateException("this context is made with what it needs");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return current.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return current.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return current.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return current.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return current.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return current.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return current.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return current.getSupportedSSLParameters();
        }
    }
}
