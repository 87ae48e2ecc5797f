package org.dvs.dispatcher.internal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.security.Accounts;
import org.dvs.api.security.AuditEntry;
import org.dvs.testkit.RecordedAudit;

/** An audit in memory, and accounts that know everybody who is not named otherwise. */
public final class Witnesses extends RecordedAudit implements Accounts {
    /** Users of whom only these roles are known. */
    public final Map<String, Set<Role>> known = new ConcurrentHashMap<>();

    /** Users who have no account any more. */
    public final Set<String> removed = ConcurrentHashMap.newKeySet();

    /** Happens while it is written down what will be done. */
    public Runnable whileWriting = () -> {
    };

    public Witness witness() {
        return new Witness(this, this);
    }

    /** For tests that do not look at it. */
    public static Witness blind() {
        return new Witnesses().witness();
    }

    @Override
    public void before(AuditEntry entry) throws DvsException {
        whileWriting.run();
        super.before(entry);
    }

    @Override
    public Set<String> roles(Caller caller) throws DvsException {
        if (removed.contains(caller.user())) {
            throw new DvsException(ErrorCode.NOLOGIN, "the account of '" + caller.user() + "' has been removed from this node");
        }
        return known.getOrDefault(caller.user(), caller.roles()).stream().map(Role::word).collect(Collectors.toSet());
    }

    @Override
    public void confirm(Caller caller) throws DvsException {
        Set<Role> roles = known.get(caller.user());
        if (roles != null && !roles.containsAll(caller.roles())) {
            throw new DvsException(ErrorCode.PRIVILEGES, caller.user() + " has not these roles here");
        }
    }
}
