package org.dvs.cli.internal.shell;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Accounts;

/** Accounts that have the roles they are told to have. */
final class FakeAccounts implements Accounts {
    /** Roles by user; who is not in it has no account. */
    final Map<String, Set<String>> roles = new ConcurrentHashMap<>();
    /** What must have been shown, by user; who is not in it may have shown anything. */
    final Map<String, String> proofs = new ConcurrentHashMap<>();

    @Override
    public void confirm(Caller caller) {
        throw new IllegalStateException("the shell executes no request of another node");
    }

    @Override
    public Set<String> roles(Caller caller) throws DvsException {
        Set<String> now = roles.get(caller.user());
        if (now == null) {
            throw new DvsException(ErrorCode.NOLOGIN, "the account of '" + caller.user() + "' has been removed from this node");
        }
        if (!caller.proof().equals(proofs.getOrDefault(caller.user(), caller.proof()))) {
            throw new DvsException(ErrorCode.NOLOGIN, "'" + caller.user() + "' has another password");
        }
        return now;
    }
}
