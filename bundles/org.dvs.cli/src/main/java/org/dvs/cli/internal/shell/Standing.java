package org.dvs.cli.internal.shell;

import java.security.AccessController;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import javax.security.auth.Subject;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.security.Accounts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Keeps who sits at a shell by SSH to what the account has now: before each line that is typed, and before each command of ours,
 * roles that the account has no longer are taken out of the login, so that Karaf's own commands are refused too. When the
 * account is gone or has another password or key, the session ends. Who sits at the node's own console has no account, and holds
 * the process anyway.
 *
 * <p>Thread-safe: a login is changed on the thread that runs its commands.
 */
@Component(service = {CommandSessionListener.class, Standing.class})
public final class Standing implements CommandSessionListener {
    /** Where Karaf keeps its session in Gogo's. */
    private static final String SESSION = ".session";

    private final Accounts accounts;

    @Activate
    public Standing(@Reference Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * Looks the account of the running thread's login up.
     *
     * @return the sentence to say if the account is gone; then the login has no role any more
     */
    @SuppressWarnings("removal") // Karaf 4.4 hands the subject over in no other way.
    Optional<String> look() {
        return look(Subject.getSubject(AccessController.getContext()));
    }

    Optional<String> look(Subject subject) {
        if (subject == null || subject.getPrincipals(ClientPrincipal.class).isEmpty()) {
            return Optional.empty();
        }
        Caller caller = Callers.of(subject);
        try {
            keep(subject, accounts.roles(caller));
            return Optional.empty();
        } catch (DvsException e) {
            keep(subject, Set.of());
            return Optional.of(e.code().code() + ": " + e.getMessage() + "; the session has ended");
        }
    }

    private static void keep(Subject subject, Set<String> roles) {
        List<RolePrincipal> gone = subject.getPrincipals(RolePrincipal.class).stream()
                .filter(role -> !roles.contains(role.getName())).toList();
        if (!gone.isEmpty()) {
            subject.getPrincipals().removeAll(gone);
        }
    }

    @Override
    public void beforeExecute(CommandSession gogo, CharSequence line) {
        Optional<String> ended = look();
        if (ended.isPresent() && gogo.get(SESSION) instanceof Session session) {
            session.getConsole().println(ended.get());
            session.getConsole().flush();
            session.close();
        }
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Exception failure) {
        // What a line has done is not our business.
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Object result) {
        // What a line has done is not our business.
    }
}
