package org.dvs.security.internal.login;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AccountLockedException;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.security.Authenticator;
import org.dvs.api.security.Proof;

/** Passwords go to Karaf's realm, whatever modules stand there; tokens to this node's file. */
final class NodeAuthenticator implements Authenticator {
    /** Logs a subject in; JAAS, but for tests. */
    interface Realm {
        void login(Subject subject, CallbackHandler handler) throws LoginException;
    }

    private final Logins logins;
    private final Realm realm;

    NodeAuthenticator(Logins logins, Realm realm) {
        this.logins = logins;
        this.realm = realm;
    }

    /** JAAS loads its modules by the thread's class loader, and the threads of a server have any. */
    static void jaasLogin(Subject subject, CallbackHandler handler) throws LoginException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(NodeAuthenticator.class.getClassLoader());
        try {
            new LoginContext(DvsRealm.KARAF, subject, handler).login();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public Caller password(String user, char[] password, String channel, String source) throws DvsException {
        Subject subject = new Subject();
        subject.getPrincipals().add(new ClientPrincipal(channel, source));
        try {
            realm.login(subject, callbacks -> answer(callbacks, user, password));
        } catch (AccountLockedException e) {
            throw new DvsException(ErrorCode.LOGINRATE, e.getMessage(), e);
        } catch (LoginException e) {
            throw new DvsException(ErrorCode.NOLOGIN, e.getMessage() == null ? "refused" : e.getMessage(), e);
        }
        List<String> roles = subject.getPrincipals(RolePrincipal.class).stream().map(RolePrincipal::getName).toList();
        return new Caller(user, roles(roles), channel, source, Proof.of(subject));
    }

    private static void answer(Callback[] callbacks, String user, char[] password) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(user);
            } else if (callback instanceof PasswordCallback secret) {
                secret.setPassword(password);
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public Caller token(String token, String channel, String source) throws DvsException {
        Account account = logins.token(token, channel, source);
        return new Caller(account.name(), roles(account.roles()), channel, source, account.proof());
    }

    /** The roles of DVS among all; Karaf has more. */
    private static Set<Role> roles(List<String> words) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : Role.values()) {
            if (words.contains(role.word())) {
                roles.add(role);
            }
        }
        return roles;
    }
}
