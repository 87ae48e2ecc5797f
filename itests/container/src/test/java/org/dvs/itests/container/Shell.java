package org.dvs.itests.container;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.List;

import javax.security.auth.Subject;

import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;

/** Karaf's shell as somebody with given roles has it. Uses no class of DVS, so that it outlives any bundle of it. */
final class Shell {
    /** What the account that a node makes at its first start may do. */
    private static final List<String> ADMIN = List.of("admin", "operator", "viewer", "manager", "group", "systembundles", "ssh");

    private final SessionFactory sessions;
    private final Subject subject = new Subject();

    private Shell(SessionFactory sessions, List<String> roles) {
        this.sessions = sessions;
        subject.getPrincipals().add(new UserPrincipal("tester"));
        roles.forEach(role -> subject.getPrincipals().add(new RolePrincipal(role)));
    }

    static Shell asAdmin(SessionFactory sessions) {
        return new Shell(sessions, ADMIN);
    }

    static Shell asOperator(SessionFactory sessions) {
        return new Shell(sessions, List.of("operator"));
    }

    /**
     * @return what the command line printed
     * @throws Exception what it ended with
     */
    String run(String line) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, out);
        try {
            Subject.doAs(subject, (PrivilegedExceptionAction<Object>) () -> session.execute(line));
        } catch (PrivilegedActionException e) {
            throw e.getException();
        } finally {
            session.close();
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
