package org.dvs.testkit;

import java.util.Set;
import java.util.stream.Collectors;

import org.dvs.api.Caller;
import org.dvs.api.Role;
import org.dvs.api.security.Accounts;

/** Accounts of which none ever changes. */
public final class EveryAccount implements Accounts {
    @Override
    public void confirm(Caller caller) {
        // All are believed.
    }

    @Override
    public Set<String> roles(Caller caller) {
        return caller.roles().stream().map(Role::word).collect(Collectors.toSet());
    }
}
