package org.dvs.security.internal.identity;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

import org.dvs.security.internal.keys.NodeCertificate;

/**
 * Shows the newest certificate of a node in each new handshake. A handshake asks for the name of an entry first and for its chain
 * and key by that name later, so each certificate has a name of its own and the one before is kept: a handshake that began before
 * a replacement ends with what it began with. Thread-safe.
 */
final class RotatingKeys extends X509ExtendedKeyManager {
    /** Of the keys in stores that live in memory only. */
    private static final char[] NO_PASSWORD = new char[0];

    private record Entry(int number, X509ExtendedKeyManager keys) {
        boolean has(String alias) {
            return alias.equals(name(number));
        }

        static String name(int number) {
            return "node" + number;
        }
    }

    private record Pair(Entry now, Entry before) {
    }

    private volatile Pair pair;

    RotatingKeys(NodeCertificate first) throws IOException, GeneralSecurityException {
        Entry entry = entry(0, first);
        pair = new Pair(entry, entry);
    }

    /** Shows this one from the next handshake on. */
    synchronized void replace(NodeCertificate next) throws IOException, GeneralSecurityException {
        Entry now = pair.now();
        pair = new Pair(entry(now.number() + 1, next), now);
    }

    private static Entry entry(int number, NodeCertificate certificate) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(Entry.name(number), certificate.key(), NO_PASSWORD, certificate.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        for (KeyManager manager : factory.getKeyManagers()) {
            if (manager instanceof X509ExtendedKeyManager keys) {
                return new Entry(number, keys);
            }
        }
        throw new GeneralSecurityException("this Java offers only " + Arrays.toString(factory.getKeyManagers()));
    }

    private X509ExtendedKeyManager now() {
        return pair.now().keys();
    }

    private X509ExtendedKeyManager of(String alias) {
        Pair both = pair;
        return both.before().has(alias) ? both.before().keys() : both.now().keys();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return now().getClientAliases(keyType, issuers);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return now().chooseClientAlias(keyTypes, issuers, socket);
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return now().chooseEngineClientAlias(keyTypes, issuers, engine);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return now().getServerAliases(keyType, issuers);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return now().chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return now().chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return of(alias).getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return of(alias).getPrivateKey(alias);
    }
}
