package org.dvs.security.internal.login;

import java.io.IOException;
import java.security.Principal;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AccountLockedException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;

import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * Karaf's way to this node's passwords: SSH and every other login by name and password comes here. Made by JAAS, one per login.
 * Too many failures give {@link AccountLockedException}.
 */
public final class DvsLoginModule implements LoginModule {
    /** Option: the {@link Logins}. */
    static final String LOGINS = "org.dvs.security.logins";

    private Subject subject;
    private CallbackHandler handler;
    private Logins logins;
    private Account account;
    private final Set<Principal> principals = new LinkedHashSet<>();

    @Override
    public void initialize(Subject newSubject, CallbackHandler newHandler, Map<String, ?> sharedState, Map<String, ?> options) {
        subject = newSubject;
        handler = newHandler;
        logins = (Logins) options.get(LOGINS);
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("user: ");
        PasswordCallback password = new PasswordCallback("password: ", false);
        try {
            handler.handle(new Callback[] {name, password});
        } catch (IOException | UnsupportedCallbackException e) {
            // A login by public key has no password: that is for another module.
            throw new LoginException("no name and password given: " + e.getMessage());
        }
        char[] given = password.getPassword();
        if (name.getName() == null || given == null) {
            throw new FailedLoginException("no name or password given");
        }
        try {
            Account known = logins.password(name.getName(), given, channel(), source());
            if (channel().equals(Logins.SSH)) {
                logins.ssh(known, source());
            }
            account = known;
            return true;
        } catch (DvsException e) {
            throw e.code() == ErrorCode.LOGINRATE ? new AccountLockedException(e.getMessage())
                    : new FailedLoginException(e.getMessage());
        } finally {
            Arrays.fill(given, ' ');
            password.clearPassword();
        }
    }

    private String channel() {
        return subject.getPrincipals(ClientPrincipal.class).stream().findFirst().map(ClientPrincipal::getMethod).orElse("shell");
    }

    /** The address that the face has put into the subject, without the port: each connection has another one. */
    private String source() {
        return subject.getPrincipals(ClientPrincipal.class).stream().findFirst().map(ClientPrincipal::getAddress)
                .map(DvsLoginModule::withoutPort).orElse("local");
    }

    static String withoutPort(String address) {
        String plain = address.substring(address.indexOf('/') + 1);
        int colon = plain.lastIndexOf(':');
        boolean port = colon > 0 && (plain.indexOf(':') == colon || plain.charAt(colon - 1) == ']');
        return port ? plain.substring(0, colon) : plain;
    }

    @Override
    public boolean commit() {
        if (account == null) {
            return false;
        }
        principals.add(new UserPrincipal(account.name()));
        account.roles().forEach(role -> principals.add(new RolePrincipal(role)));
        subject.getPrincipals().addAll(principals);
        return true;
    }

    @Override
    public boolean abort() {
        boolean known = account != null;
        logout();
        return known;
    }

    @Override
    public boolean logout() {
        subject.getPrincipals().removeAll(principals);
        principals.clear();
        account = null;
        return true;
    }
}
