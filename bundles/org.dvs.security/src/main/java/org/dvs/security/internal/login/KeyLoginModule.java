package org.dvs.security.internal.login;

import java.security.PublicKey;

import javax.security.auth.callback.Callback;
import javax.security.auth.login.FailedLoginException;

import org.apache.karaf.jaas.modules.publickey.PublickeyCallback;
import org.dvs.api.DvsException;

/**
 * Karaf's way to this node's SSH keys, in place of Karaf's own module, which writes no refusal down and leaves no {@code Proof}.
 * That the client has the private key too is for the server of SSH to see: it asks here before that, and again with the proof.
 */
public final class KeyLoginModule extends AccountModule {
    private final PublickeyCallback key = new PublickeyCallback();

    @Override
    Callback asks() {
        return key;
    }

    @Override
    Account check(Logins among, String user, String channel, String source) throws DvsException, FailedLoginException {
        PublicKey given = key.getPublicKey();
        if (given == null) {
            throw new FailedLoginException("no key given");
        }
        return among.key(user, given, channel, source);
    }
}
