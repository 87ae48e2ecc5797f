package org.dvs.security.internal.login;

import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import javax.security.auth.login.FailedLoginException;

import org.apache.karaf.jaas.modules.publickey.PublickeyLoginModule;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.PasswordHash;
import org.dvs.security.internal.keys.PrivateFiles;
import org.dvs.security.internal.keys.Secrets;

/** Checks passwords, tokens and SSH keys against this node's files, and limits tries. Thread-safe. */
final class Logins {
    /** bcrypt is work for a whole core; more at once would only take the cores from the requests. */
    private static final int AT_ONCE = 2;
    private static final long PATIENCE_MS = 5_000;
    static final String SSH = "ssh";
    /** As sshRole in etc/org.apache.karaf.shell.cfg, which refuses such a login without a word in any log. */
    private static final String SSH_ROLE = "viewer";
    private static final String TOKEN_USER = "token";
    /** Of all names from one address together, as many times more failures than of one: several people may share it. */
    private static final int OF_AN_ADDRESS = 10;
    /** Of a random password that was thrown away, at the cost of ours: unknown users take the same time as known ones. */
    private static final String NOBODY = "$2y$10$pm/WD9jeH5RsziPcAMdgWe7ymhrd5xM.myG3XarGFdcYu15tABxnW";

    private final AccountFile users;
    private final AccountFile tokens;
    private final SshKeys keys;
    private final FailureLimit limit;
    private final FailureLimit addresses;
    /** By itself: a wrong token costs no bcrypt, so that in one table with them it would push failures of passwords out. */
    private final FailureLimit tokenLimit;
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final Refusals refusals = new Refusals();

    Logins(PrivateFiles files, SshKeys keys, int failuresPerMinute, LongSupplier nanoTime) {
        this.keys = keys;
        this.users = new AccountFile(files, KeyFolder.USERS);
        this.tokens = new AccountFile(files, KeyFolder.TOKENS);
        this.limit = new FailureLimit(failuresPerMinute, nanoTime);
        this.addresses = new FailureLimit(OF_AN_ADDRESS * failuresPerMinute, nanoTime);
        this.tokenLimit = new FailureLimit(failuresPerMinute, nanoTime);
    }

    /**
     * @param channel by which face: {@code ssh}, {@code rest}
     * @param source  address of the client, without a port
     * @throws DvsException {@code NOLOGIN} or {@code LOGINRATE}
     */
    Account password(String user, char[] password, String channel, String source) throws DvsException {
        try {
            return password(user, password, source);
        } catch (DvsException e) {
            refusals.login(e.code(), Refusals.Cause.PASSWORD, channel, source, printable(user));
            throw e;
        }
    }

    /**
     * Takes a public key. Tries are not limited: as little as a token can a key be guessed, and a client shows all it has.
     *
     * @throws DvsException {@code NOLOGIN} if it is not the user's
     */
    Account key(String user, PublicKey key, String channel, String source) throws DvsException {
        Optional<Account> account = keys.of(user).filter(each -> matches(key, each.hash()));
        if (account.isEmpty()) {
            refusals.login(ErrorCode.NOLOGIN, Refusals.Cause.KEY, channel, source, printable(user));
            throw new DvsException(ErrorCode.NOLOGIN, "wrong name or key for '" + printable(user) + "'");
        }
        return account.get();
    }

    private static boolean matches(PublicKey key, String base64) {
        try {
            return PublickeyLoginModule.equals(key, base64);
        } catch (FailedLoginException | RuntimeException e) {
            // A line that holds no key, or one of a kind that Karaf does not know.
            return false;
        }
    }

    /**
     * Lets an account in by SSH.
     *
     * @throws DvsException {@code PRIVILEGES} unless it has the role that the shell asks for
     */
    void ssh(Account account, String source) throws DvsException {
        if (!account.roles().contains(SSH_ROLE)) {
            refusals.login(ErrorCode.PRIVILEGES, Refusals.Cause.ROLE, SSH, source, account.name());
            throw new DvsException(ErrorCode.PRIVILEGES, "a login by SSH needs role " + SSH_ROLE);
        }
    }

    private Account password(String user, char[] password, String source) throws DvsException {
        if (user.length() > Account.MAX_NAME) {
            // Nobody's, so nothing is guessed by it; kept as a key it would be as long as its sender likes.
            throw wrong(user);
        }
        String from = Sources.limited(source);
        String key = user + '\n' + from;
        permit(user);
        try {
            // Looked at inside the permit: tries made at the same moment do not slip by together.
            if (limit.exceeded(key)) {
                throw tooMany("failed logins of '" + printable(user) + "'", from);
            }
            if (addresses.exceeded(from)) {
                throw tooMany("failed logins", from + ", whatever the names; that of '" + printable(user)
                        + "' was not looked at");
            }
            Optional<Account> account = users.accounts().stream().filter(each -> each.name().equals(user)).findFirst();
            boolean right = PasswordHash.matches(password, account.map(Account::hash).orElse(NOBODY));
            if (account.isEmpty() || !right) {
                limit.failed(key);
                if (!Sources.ofThisMachine(source)) {
                    addresses.failed(from);
                }
                throw wrong(user);
            }
            limit.succeeded(key);
            return account.get();
        } finally {
            permits.release();
        }
    }

    private void permit(String user) throws DvsException {
        try {
            if (!permits.tryAcquire(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                throw new DvsException(ErrorCode.LOGINRATE, "too many logins at once, '" + printable(user)
                        + "' was not looked at");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DvsException(ErrorCode.NOLOGIN, "interrupted", e);
        }
    }

    /** A right token always gets in: it cannot be guessed, so wrong ones before it prove nothing. */
    Account token(String token, String channel, String source) throws DvsException {
        try {
            return token(token, source);
        } catch (DvsException e) {
            // Whose token it was meant to be nobody knows.
            refusals.login(e.code(), Refusals.Cause.TOKEN, channel, source, TOKEN_USER);
            throw e;
        }
    }

    private Account token(String token, String source) throws DvsException {
        byte[] digest = Secrets.digest(token);
        Account found = null;
        for (Account account : tokens.accounts()) {
            if (MessageDigest.isEqual(digest, digestOf(account))) {
                found = account;
            }
        }
        if (found != null) {
            return found;
        }
        String from = Sources.limited(source);
        if (tokenLimit.exceeded(from)) {
            throw tooMany("wrong tokens", from);
        }
        tokenLimit.failed(from);
        throw new DvsException(ErrorCode.NOLOGIN, "the token is not known here");
    }

    private static byte[] digestOf(Account account) {
        try {
            return HexFormat.of().parseHex(account.hash().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    Refusals refusals() {
        return refusals;
    }

    List<Account> users() {
        return users.accounts();
    }

    SshKeys keys() {
        return keys;
    }

    List<Account> tokens() {
        return tokens.accounts();
    }

    private static DvsException wrong(String user) {
        return new DvsException(ErrorCode.NOLOGIN, "wrong name or password for '" + printable(user) + "'");
    }

    private static DvsException tooMany(String what, String from) {
        return new DvsException(ErrorCode.LOGINRATE, "too many " + what + " from " + from);
    }

    private static String printable(String text) {
        String cut = text.length() > 64 ? text.substring(0, 64) + "…" : text;
        return cut.replaceAll("[^\\p{Graph}… ]", "?");
    }
}
