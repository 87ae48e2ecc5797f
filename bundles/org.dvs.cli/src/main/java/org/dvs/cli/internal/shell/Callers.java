package org.dvs.cli.internal.shell;

import java.security.AccessController;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import javax.security.auth.Subject;

import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.dvs.api.Caller;
import org.dvs.api.Role;
import org.dvs.api.security.Proof;

/**
 * Who sits at the shell: the JAAS subject under which Karaf runs its commands. Roles of Karaf count where they are called
 * like ours ({@code viewer}, {@code operator}, {@code admin}, {@code auditor}); its groups have been turned into roles by the
 * login. Karaf's local console runs as {@code karaf.local.user} with {@code karaf.local.roles} (Karaf's default has
 * {@code admin} among them): who can type there holds the process anyway. Without a subject nothing is allowed.
 */
final class Callers {
    private static final String CHANNEL = "shell";

    private Callers() {
    }

    /** The caller of the running thread. */
    @SuppressWarnings("removal") // Karaf 4.4 hands the subject over in no other way.
    static Caller current() {
        return of(Subject.getSubject(AccessController.getContext()));
    }

    /** @param subject null for none */
    static Caller of(Subject subject) {
        if (subject == null) {
            return new Caller("nobody", Set.of(), CHANNEL, "local");
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (RolePrincipal principal : subject.getPrincipals(RolePrincipal.class)) {
            Arrays.stream(Role.values()).filter(role -> role.word().equals(principal.getName().toLowerCase(Locale.ROOT)))
                    .forEach(roles::add);
        }
        String user = subject.getPrincipals(UserPrincipal.class).stream().map(UserPrincipal::getName).findFirst()
                .orElse("nobody");
        String source = subject.getPrincipals(ClientPrincipal.class).stream().map(ClientPrincipal::getAddress).findFirst()
                .map(address -> address.startsWith("/") ? address.substring(1) : address).orElse("local");
        return new Caller(user, roles, CHANNEL, source, Proof.of(subject));
    }
}
