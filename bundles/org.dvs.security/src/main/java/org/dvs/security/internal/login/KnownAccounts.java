package org.dvs.security.internal.login;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.api.Role;
import org.dvs.api.security.Accounts;

/**
 * What this node knows of callers: users and tokens of its folder of keys, keys of SSH, and the console of a node, which is
 * whoever started it. All nodes of a cluster are given the same accounts by {@code dvs keys}. Thread-safe.
 */
final class KnownAccounts implements Accounts {
    private static final String SHELL = "shell";

    private final Logins logins;
    private final String consoleUser;
    private final List<String> consoleRoles;

    /**
     * @param consoleUser  name of who sits at a node's own terminal
     * @param consoleRoles what such a user of another node may do here
     */
    KnownAccounts(Logins logins, String consoleUser, Collection<String> consoleRoles) {
        this.logins = logins;
        this.consoleUser = consoleUser;
        this.consoleRoles = List.copyOf(consoleRoles);
    }

    @Override
    public Set<String> roles(Caller caller) throws DvsException {
        List<Account> accounts = accountsOf(caller);
        String user = Printable.quoted(caller.user(), 64);
        if (accounts.isEmpty()) {
            throw new DvsException(ErrorCode.NOLOGIN, "the account of " + user + " has been removed from this node");
        }
        Set<String> words = new TreeSet<>();
        List<Account> shown = accounts.stream().filter(account -> isOf(caller, account)).toList();
        if (shown.isEmpty()) {
            throw new DvsException(ErrorCode.NOLOGIN, "the password, token or key of " + user
                    + " has been changed on this node since this login");
        }
        shown.forEach(account -> words.addAll(account.roles()));
        return words;
    }

    private static boolean isOf(Caller caller, Account account) {
        return caller.proof().isEmpty() || caller.proof().equals(account.proof());
    }

    private List<Account> accountsOf(Caller caller) {
        List<Account> accounts = Stream.concat(logins.users().stream(), logins.tokens().stream())
                .filter(account -> account.name().equals(caller.user())).collect(Collectors.toCollection(ArrayList::new));
        if (caller.channel().equals(SHELL)) {
            logins.keys().of(caller.user()).ifPresent(accounts::add);
            if (caller.source().equals(Sources.LOCAL) && caller.user().equals(consoleUser)) {
                accounts.add(new Account(consoleUser, consoleRoles, ""));
            }
        }
        return accounts;
    }

    @Override
    public void confirm(Caller caller) throws DvsException {
        List<Account> accounts = accountsOf(caller);
        String user = Printable.quoted(caller.user(), 64);
        if (accounts.isEmpty()) {
            throw new DvsException(ErrorCode.PRIVILEGES, user + " has no account on this node");
        }
        Set<Role> known = EnumSet.noneOf(Role.class);
        for (Role role : Role.values()) {
            if (accounts.stream().anyMatch(account -> account.roles().contains(role.word()))) {
                known.add(role);
            }
        }
        if (!known.containsAll(caller.roles())) {
            Set<Role> claimed = EnumSet.copyOf(caller.roles());
            claimed.removeAll(known);
            throw new DvsException(ErrorCode.PRIVILEGES, user + " has not the role " + words(claimed) + " on this node, but "
                    + (known.isEmpty() ? "none" : words(known)));
        }
    }

    private static String words(Set<Role> roles) {
        return String.join(", ", roles.stream().map(Role::word).toList());
    }
}
