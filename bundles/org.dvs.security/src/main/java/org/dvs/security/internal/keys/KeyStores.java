package org.dvs.security.internal.keys;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** Keys with their chains in PKCS12 files, each with its password in a file beside it, and certificates as PEM. */
final class KeyStores {
    private static final String TYPE = "PKCS12";

    private KeyStores() {
    }

    /** A private key and the certificates that vouch for it, its own first. */
    record KeyAndChain(PrivateKey key, List<X509Certificate> chain) {
        X509Certificate certificate() {
            return chain.get(0);
        }
    }

    /** Writes {@code name} and, before it, {@code name.pass}. */
    static void write(PrivateFiles files, String name, KeyAndChain entry, SecureRandom random)
            throws IOException, GeneralSecurityException {
        String password = Secrets.random(random);
        KeyStore store = KeyStore.getInstance(TYPE);
        store.load(null, null);
        store.setKeyEntry("key", entry.key(), password.toCharArray(), entry.chain().toArray(Certificate[]::new));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, password.toCharArray());
        files.writeText(name + ".pass", password);
        files.write(name, bytes.toByteArray());
    }

    /** @throws GeneralSecurityException naming the file, if it does not hold exactly one key with its chain */
    static KeyAndChain read(PrivateFiles files, String name) throws IOException, GeneralSecurityException {
        char[] password = files.readText(name + ".pass").toCharArray();
        KeyStore store = KeyStore.getInstance(TYPE);
        try {
            store.load(new ByteArrayInputStream(files.read(name)), password);
        } catch (IOException e) {
            // A wrong password and a damaged file come as IOException too.
            throw new GeneralSecurityException(files.path(name) + " cannot be opened: " + e.getMessage(), e);
        }
        List<String> keys = Collections.list(store.aliases()).stream().filter(alias -> isKey(store, alias)).toList();
        if (keys.size() != 1) {
            throw new GeneralSecurityException(files.path(name) + " holds " + keys.size() + " keys instead of one");
        }
        PrivateKey key = (PrivateKey) store.getKey(keys.get(0), password);
        List<X509Certificate> chain = Arrays.stream(store.getCertificateChain(keys.get(0))).map(X509Certificate.class::cast)
                .toList();
        return new KeyAndChain(key, chain);
    }

    private static boolean isKey(KeyStore store, String alias) {
        try {
            return store.isKeyEntry(alias);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the store was loaded before", e);
        }
    }

    static String pem(X509Certificate certificate) throws GeneralSecurityException {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN CERTIFICATE-----\n" + lines.encodeToString(certificate.getEncoded()) + "\n-----END CERTIFICATE-----";
    }

    static X509Certificate readPem(PrivateFiles files, String name) throws IOException, GeneralSecurityException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(files.readText(name).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(files.path(name) + " is not a certificate: " + e.getMessage(), e);
        }
    }
}
