package org.dvs.security.internal.login;

import java.util.Arrays;

import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.FailedLoginException;

import org.dvs.api.DvsException;

/** Karaf's way to this node's passwords: SSH and every other login by name and password comes here. */
public final class DvsLoginModule extends AccountModule {
    private final PasswordCallback password = new PasswordCallback("password: ", false);

    @Override
    Callback asks() {
        return password;
    }

    @Override
    Account check(Logins among, String user, String channel, String source) throws DvsException, FailedLoginException {
        char[] given = password.getPassword();
        if (given == null) {
            throw new FailedLoginException("no password given");
        }
        try {
            return among.password(user, given, channel, source);
        } finally {
            Arrays.fill(given, ' ');
        }
    }

    @Override
    void forget() {
        password.clearPassword();
    }
}
