package org.dvs.security.internal.login;

import java.io.IOException;
import java.security.Principal;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
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
import org.dvs.api.security.Proof;

/**
 * Karaf's way to this node's accounts, whatever they are proved with. Made by JAAS, one per login: who it was, with which roles,
 * and what he has shown goes into the subject. Too many failures give {@link AccountLockedException}.
 */
abstract class AccountModule implements LoginModule {
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

    /**
     * Looks at what was shown.
     *
     * @param user    as it was given
     * @param channel by which face
     * @param source  the client's address, without the port: each connection has another one
     * @throws DvsException         if the account is not to get in
     * @throws FailedLoginException if nothing was shown
     */
    abstract Account check(Logins among, String user, String channel, String source) throws DvsException, FailedLoginException;

    /** Asks for what is to be shown. */
    abstract Callback asks();

    /** Forgets what was shown. */
    void forget() {
        // Who asks for nothing secret has nothing to forget.
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("user: ");
        try {
            handler.handle(new Callback[] {name, asks()});
        } catch (IOException | UnsupportedCallbackException e) {
            // A login by public key has no password, and the other way round: that is for another module.
            throw new LoginException("not given: " + e.getMessage());
        }
        if (name.getName() == null) {
            throw new FailedLoginException("no name given");
        }
        try {
            Account known = check(logins, name.getName(), channel(), source());
            if (channel().equals(Logins.SSH)) {
                logins.ssh(known, source());
            }
            account = known;
            return true;
        } catch (DvsException e) {
            throw e.code() == ErrorCode.LOGINRATE ? new AccountLockedException(e.getMessage())
                    : new FailedLoginException(e.getMessage());
        } finally {
            forget();
        }
    }

    private String channel() {
        return subject.getPrincipals(ClientPrincipal.class).stream().findFirst().map(ClientPrincipal::getMethod).orElse("shell");
    }

    private String source() {
        return subject.getPrincipals(ClientPrincipal.class).stream().findFirst().map(ClientPrincipal::getAddress)
                .map(AccountModule::withoutPort).orElse(Sources.LOCAL);
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
        subject.getPublicCredentials().add(new Proof(account.proof()));
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
        if (account != null) {
            subject.getPublicCredentials().remove(new Proof(account.proof()));
        }
        account = null;
        return true;
    }
}
