package org.dvs.security.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;

import org.apache.karaf.jaas.boot.principal.ClientPrincipal;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.modules.publickey.PublickeyCallback;
import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.security.Proof;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.PasswordHash;
import org.dvs.security.internal.keys.PrivateFiles;
import org.dvs.security.internal.keys.Secrets;
import org.dvs.testkit.Logged;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A login … */
@Tag("R-CMD-18")
class LoginsTest {
    private static final int TRIES = 5;
    private final AtomicLong seconds = new AtomicLong();
    @TempDir
    Path temp;
    private PrivateFiles files;
    private Logins logins;
    private NodeAuthenticator authenticator;
    private String password;
    private String token;

    @BeforeEach
    void firstStart() throws Exception {
        KeyFolder keys = new KeyFolder(temp.resolve("keys"), Clock.systemUTC(), new SecureRandom());
        keys.init("demo");
        files = keys.files();
        password = files.readText(KeyFolder.ADMIN_PASSWORD);
        token = files.readText(KeyFolder.OPERATOR_TOKEN);
        logins = new Logins(files, new SshKeys(temp.resolve("keys.properties")), TRIES,
                () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        authenticator = new NodeAuthenticator(logins, this::throughModule);
    }

    /** What JAAS does with one module, without its static configuration. */
    private void throughModule(Subject subject, CallbackHandler handler) throws LoginException {
        DvsLoginModule module = new DvsLoginModule();
        module.initialize(subject, handler, Map.of(), Map.of(DvsLoginModule.LOGINS, logins));
        module.login();
        module.commit();
    }

    @Test
    void ofTheAdminGivesAllRolesButTheAuditors() throws DvsException {
        Caller caller = authenticator.password("admin", password.toCharArray(), "rest", "10.0.0.9");

        assertEquals(new Caller("admin", Set.of(Role.ADMIN, Role.OPERATOR, Role.VIEWER), "rest", "10.0.0.9",
                logins.users().get(0).proof()), caller);
    }

    @Test
    void byTheOperatorsTokenGivesTheOperator() throws DvsException {
        assertEquals(new Caller("operator", Set.of(Role.OPERATOR), "cli", "127.0.0.1", logins.tokens().get(0).proof()),
                authenticator.token(token, "cli", "127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({"admin, wrong", "nobody, wrong", "karaf, karaf", "'', x", "admin, ''"})
    void withWrongCredentialsIsRefusedAlikeForKnownAndUnknownUsers(String user, String wrong) {
        assertEquals(ErrorCode.NOLOGIN, refusal(user, wrong));
    }

    @Test
    void withAPasswordLongerThanBcryptTakesIsRefused() {
        assertEquals(ErrorCode.NOLOGIN, refusal("admin", password + "x".repeat(80)));
    }

    @Test
    void bySshNeedsTheViewersRoleAndARefusalIsWrittenDown() throws Exception {
        String admin = files.readText(KeyFolder.USERS).lines().filter(line -> line.startsWith("admin:")).findFirst().orElseThrow();
        files.writeText(KeyFolder.USERS, admin + "\nolga:operator,ssh:" + admin.substring(admin.lastIndexOf(':') + 1));
        authenticator.password("admin", password.toCharArray(), "ssh", "10.0.0.9");
        String logged = Logged.during(() -> {
            DvsException no = assertThrows(DvsException.class,
                    () -> authenticator.password("olga", password.toCharArray(), "ssh", "10.0.0.9"));
            assertTrue(no.getMessage().contains("a login by SSH needs role viewer"), no.getMessage());
        });
        String refusal = "login refused DVS-SEC-0335 by ssh from 10.0.0.9, not the role for it, as 'olga'";
        assertEquals(1, logged.lines().filter(line -> line.contains(refusal)).count(), logged);
        assertEquals(Set.of(Role.OPERATOR), authenticator.password("olga", password.toCharArray(), "rest", "10.0.0.9").roles());
        assertEquals(1, logins.refusals().count(Refusals.Cause.ROLE));
    }

    @Test
    void isRefusedAfterTooManyFailuresEvenWithTheRightPassword() throws DvsException {
        for (int i = 0; i < TRIES; i++) {
            assertEquals(ErrorCode.NOLOGIN, refusal("admin", "wrong"));
        }
        assertEquals(ErrorCode.LOGINRATE, refusal("admin", password));
        // From elsewhere it is another count, and a minute later it is over.
        authenticator.password("admin", password.toCharArray(), "rest", "10.0.0.2");
        seconds.addAndGet(60);
        authenticator.password("admin", password.toCharArray(), "rest", "10.0.0.1");
    }

    @Test
    void ofAnUnknownUserIsLimitedToo() {
        for (int i = 0; i < TRIES; i++) {
            assertEquals(ErrorCode.NOLOGIN, refusal("nobody", "wrong"));
        }
        assertEquals(ErrorCode.LOGINRATE, refusal("nobody", "wrong"));
    }

    @Test
    void byANameThatIsTooLongForAnAccountIsRefusedAndLeavesNothingBehind() {
        for (int i = 0; i < TRIES; i++) {
            refusal("n".repeat(Account.MAX_NAME), "wrong");
        }
        assertEquals(ErrorCode.LOGINRATE, refusal("n".repeat(Account.MAX_NAME), "wrong"));
        for (int i = 0; i <= TRIES; i++) {
            assertEquals(ErrorCode.NOLOGIN, refusal("n".repeat(Account.MAX_NAME + 1), "wrong"));
        }
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.9, LOGINRATE", "2001:db8:0:0:0:0:0:1, LOGINRATE", "127.0.0.1, NOLOGIN", "[0:0:0:0:0:0:0:1], NOLOGIN",
        "local, NOLOGIN"})
    void byEverNewNamesIsLimitedForTheAddressUnlessThatIsThisMachinesOwn(String source, ErrorCode atLast) throws DvsException {
        byEverNewNames(source, atLast);
    }

    @Test
    void byEverNewNamesIsNotLimitedForAnyAddressOfThisMachine() throws Exception {
        Optional<InetAddress> own = Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress()).findFirst();
        assumeTrue(own.isPresent(), "this machine has no other address than loopback");
        byEverNewNames(own.get().getHostAddress(), ErrorCode.NOLOGIN);
    }

    private void byEverNewNames(String source, ErrorCode atLast) throws DvsException {
        logins = new Logins(files, new SshKeys(temp.resolve("keys.properties")), 1,
                () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        for (int i = 0; i < 10; i++) {
            assertEquals(ErrorCode.NOLOGIN, refusal("name" + i, "wrong", source));
        }
        assertEquals(atLast, refusal("name", "wrong", source));
        authenticator.password("admin", password.toCharArray(), "rest", "10.0.0.2");
        seconds.addAndGet(60);
        authenticator.password("admin", password.toCharArray(), "rest", source);
    }

    @Test
    void fromAnyAddressOfANetworkOfIpv6CountsAsFromOne() throws DvsException {
        for (int i = 0; i < TRIES; i++) {
            assertEquals(ErrorCode.NOLOGIN, refusal("admin", "wrong", "2001:db8:0:7:0:0:0:" + i));
        }
        DvsException no = refused("admin", password, "[2001:db8:0:7:1:2:3:4%eth0]");
        assertEquals(ErrorCode.LOGINRATE, no.code());
        assertEquals("too many failed logins of 'admin' from 2001:db8:0:7:0:0:0:0/64", no.getMessage());
        authenticator.password("admin", password.toCharArray(), "rest", "2001:db8:0:8:0:0:0:1");
    }

    @Test
    void ofWhoNeverFailedSaysThatItIsTheAddressWhenThatIsRefused() {
        logins = new Logins(files, new SshKeys(temp.resolve("keys.properties")), 1,
                () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        for (int i = 0; i < 10; i++) {
            assertEquals(ErrorCode.NOLOGIN, refusal("name" + i, "wrong", "203.0.113.9"));
        }
        assertEquals("too many failed logins of 'name3' from 203.0.113.9", refused("name3", "wrong", "203.0.113.9").getMessage());
        assertEquals("too many failed logins from 203.0.113.9, whatever the names; that of 'vera' was not looked at",
                refused("vera", "secret", "203.0.113.9").getMessage());
    }

    @Test
    void byAPasswordIsCountedApartFromTokens() throws DvsException {
        for (int i = 0; i < TRIES; i++) {
            assertEquals(ErrorCode.NOLOGIN, refusal("admin", "wrong"));
        }
        for (int i = 0; i <= FailureLimit.MAX_KEYS; i++) {
            String source = "198.18." + i / 256 + "." + i % 256;
            assertThrows(DvsException.class, () -> authenticator.token("wrong", "cli", source));
        }
        assertEquals(ErrorCode.LOGINRATE, refusal("admin", password));
        for (int i = 0; i < TRIES; i++) {
            assertEquals(ErrorCode.NOLOGIN, tokenRefusal("wrong"));
        }
        assertEquals(ErrorCode.NOLOGIN, refusal("token", "wrong"));
        assertEquals("too many wrong tokens from 10.0.0.1",
                assertThrows(DvsException.class, () -> authenticator.token("wrong", "cli", "10.0.0.1")).getMessage());
    }

    @Test
    void takesAsLongForAnUnknownUserAsForAKnownOne() {
        refusal("warm", "up");
        long known = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        // Processor time, and the least of several: what the machine does beside it only adds. Of more of them where the
        // compiler comes between the two: the least of each stays apart only if one does other work.
        for (int i = 0; i < 4 || i < 40 && !alike(known, unknown); i++) {
            known = Math.min(known, nanos("admin"));
            unknown = Math.min(unknown, nanos("unknown"));
            seconds.addAndGet(60);
        }
        assertTrue(alike(known, unknown), "known " + known + " ns, unknown " + unknown + " ns");
    }

    private static boolean alike(long known, long unknown) {
        return unknown > known / 2 && unknown < known * 2;
    }

    private long nanos(String user) {
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long start = thread.getCurrentThreadCpuTime();
        assertEquals(ErrorCode.NOLOGIN, refusal(user, "wrong"));
        return thread.getCurrentThreadCpuTime() - start;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "operator", " "})
    void byAWrongTokenIsRefusedAndLimitedButTheRightOneStillWorks(String wrong) throws DvsException {
        for (int i = 0; i < TRIES; i++) {
            assertEquals(ErrorCode.NOLOGIN, tokenRefusal(wrong));
        }
        assertEquals(ErrorCode.LOGINRATE, tokenRefusal(wrong));
        assertEquals("operator", authenticator.token(token, "cli", "10.0.0.1").user());
    }

    @Test
    void knowsAccountsThatWereAddedMeanwhile() throws Exception {
        assertEquals(ErrorCode.NOLOGIN, refusal("vera", "secret"));
        files.writeText(KeyFolder.USERS, files.readText(KeyFolder.USERS) + "\n# a viewer\nvera:viewer:"
                + PasswordHash.of("secret".toCharArray(), new SecureRandom()));
        files.writeText(KeyFolder.TOKENS, "ci:viewer,auditor:" + HexFormat.of().formatHex(Secrets.digest("t0ken")));

        assertEquals(Set.of(Role.VIEWER), authenticator.password("vera", "secret".toCharArray(), "rest", "10.0.0.1").roles());
        assertEquals(Set.of(Role.VIEWER, Role.AUDITOR), authenticator.token("t0ken", "cli", "10.0.0.1").roles());
        assertEquals(ErrorCode.NOLOGIN, tokenRefusal(token), "the token taken out of the file");
    }

    @Test
    void isRefusedWhenTheFileIsGoneOrDamaged() throws Exception {
        files.writeText(KeyFolder.USERS, "admin:admin:" + password + ":extra\nadmin\nadmin:admin:nohash");
        assertEquals(ErrorCode.NOLOGIN, refusal("admin", password));
        Files.delete(files.path(KeyFolder.USERS));
        assertEquals(ErrorCode.NOLOGIN, refusal("admin", password));
    }

    @Test
    void leavesNothingInTheSubjectAfterLogoutOrAbort() throws Exception {
        Subject subject = new Subject();
        DvsLoginModule module = new DvsLoginModule();
        module.initialize(subject, callbacks -> {
            ((NameCallback) callbacks[0]).setName("admin");
            ((PasswordCallback) callbacks[1]).setPassword(password.toCharArray());
        }, Map.of(), Map.of(DvsLoginModule.LOGINS, logins));
        assertTrue(module.login());
        assertTrue(module.commit());
        assertTrue(subject.getPrincipals().contains(new RolePrincipal("ssh")));

        assertEquals(logins.users().get(0).proof(), Proof.of(subject));
        module.logout();
        assertEquals(Set.of(), subject.getPrincipals());
        assertEquals("", Proof.of(subject));
        assertFalse(module.commit());
        assertFalse(module.abort());
    }

    private static String base64(RSAPublicKey key) {
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        for (byte[] part : List.of("ssh-rsa".getBytes(StandardCharsets.US_ASCII), key.getPublicExponent().toByteArray(),
                key.getModulus().toByteArray())) {
            bytes.putInt(part.length).put(part);
        }
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private Subject byKey(String user, PublicKey key) throws LoginException {
        Subject subject = new Subject();
        subject.getPrincipals().add(new ClientPrincipal("ssh", "/10.0.0.7:4711"));
        KeyLoginModule module = new KeyLoginModule();
        module.initialize(subject, callbacks -> {
            ((NameCallback) callbacks[0]).setName(user);
            ((PublickeyCallback) callbacks[1]).setPublicKey(key);
        }, Map.of(), Map.of(DvsLoginModule.LOGINS, logins));
        module.login();
        module.commit();
        return subject;
    }

    @Test
    void bySshKeyIsTheAccountOfTheKeyAndARefusalIsWrittenDownWithAddressUserAndReason() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        PublicKey key = generator.generateKeyPair().getPublic();
        PublicKey other = generator.generateKeyPair().getPublic();
        String line = base64((RSAPublicKey) key);
        Files.writeString(temp.resolve("keys.properties"), "sue=" + line + ",operator,_g_:watchers\n_g_\\:watchers=group,viewer\n"
                + "olga=" + line + ",operator\nbroken=not a key,viewer\n");

        Subject sue = byKey("sue", key);
        assertEquals(Set.of("operator", "viewer"),
                sue.getPrincipals(RolePrincipal.class).stream().map(RolePrincipal::getName).collect(Collectors.toSet()));
        assertEquals(Account.proof(line), Proof.of(sue));
        String logged = Logged.during(() -> {
            for (int i = 0; i <= TRIES; i++) {
                assertThrows(FailedLoginException.class, () -> byKey("sue", other));
            }
            assertThrows(FailedLoginException.class, () -> byKey("no\nbody", key));
            assertThrows(FailedLoginException.class, () -> byKey("broken", key));
            assertThrows(FailedLoginException.class, () -> byKey("_g_:watchers", key));
            assertThrows(FailedLoginException.class, () -> byKey("olga", key));
            byKey("sue", key);
        });
        List<String> lines = logged.lines().filter(each -> each.contains("audit.login")).toList();
        assertEquals(TRIES + 5, lines.size(), logged);
        assertTrue(lines.get(0).endsWith("login refused DVS-SEC-1005 by ssh from 10.0.0.7, wrong name or key, as 'sue'"), logged);
        assertTrue(lines.get(TRIES + 1).endsWith("wrong name or key, as 'no?body'"), logged);
        assertTrue(lines.get(TRIES + 4).endsWith("DVS-SEC-0335 by ssh from 10.0.0.7, not the role for it, as 'olga'"), logged);
        assertEquals(TRIES + 4, logins.refusals().count(Refusals.Cause.KEY));
    }

    @Test
    void byPublicKeyIsLeftToOthersAndCountsAsNoFailure() throws DvsException {
        for (int i = 0; i <= TRIES; i++) {
            DvsLoginModule module = new DvsLoginModule();
            module.initialize(new Subject(), callbacks -> {
                throw new UnsupportedCallbackException(callbacks[1]);
            }, Map.of(), Map.of(DvsLoginModule.LOGINS, logins));
            assertThrows(LoginException.class, module::login);
        }
        authenticator.password("admin", password.toCharArray(), "rest", "local");
    }

    @ParameterizedTest
    @CsvSource({"/127.0.0.1:4711, 127.0.0.1", "host/10.0.0.1:22, 10.0.0.1", "/[0:0:0:0:0:0:0:1]:22, [0:0:0:0:0:0:0:1]",
            "::1, ::1",
        "10.0.0.1, 10.0.0.1", "local, local"})
    void isCountedByAddressWithoutThePort(String given, String counted) {
        assertEquals(counted, DvsLoginModule.withoutPort(given));
        assertEquals(given, new ClientPrincipal("ssh", given).getAddress());
    }

    @Test
    void saysNoMoreOfANameThanMayStandInALog() {
        DvsException e = assertThrows(DvsException.class,
                () -> authenticator.password("evil\n\u001b[31m" + "x".repeat(100), "p".toCharArray(), "rest", "10.0.0.1"));
        assertTrue(e.getMessage().matches("[\\p{Print}…]{1,120}"), e.getMessage());
    }

    @Test
    void hasNoPasswordsInTheMessagesOfItsFailures() {
        DvsException e = assertThrows(DvsException.class, () -> authenticator.password("admin", "hunter2".toCharArray(), "rest",
                "x"));
        assertFalse(e.getMessage().contains("hunter2"));
        assertEquals(List.of("admin"), logins.users().stream().map(Account::name).toList());
    }

    @Test
    @Tag("R-CMD-18")
    void thatIsRefusedLeavesOneLineWithoutItsSecretOneThatIsGrantedNone() throws Exception {
        String logged = Logged.during(() -> {
            for (int i = 0; i <= TRIES; i++) {
                refusal("eve as 'admin'\n", "hunter2-" + password);
            }
            tokenRefusal("t0ken-" + token);
            authenticator.password("admin", password.toCharArray(), "rest", "10.0.0.1");
            authenticator.token(token, "cli", "10.0.0.1");
        });
        List<String> lines = logged.lines().filter(line -> line.contains("audit.login")).toList();

        assertEquals(TRIES + 2, lines.size(), logged);
        assertTrue(lines.get(0).endsWith("login refused DVS-SEC-1005 by rest from 10.0.0.1, wrong name or password, as 'eve as "
                + "'admin'?'"), logged);
        assertTrue(lines.get(TRIES).contains("login refused DVS-SEC-1006 by rest from 10.0.0.1, too many tries, as "), logged);
        assertTrue(lines.get(TRIES + 1).endsWith("login refused DVS-SEC-1005 by cli from 10.0.0.1, wrong token, as 'token'"),
                logged);
        assertFalse(logged.contains("hunter2") || logged.contains(password) || logged.contains(token), logged);
    }

    private ErrorCode refusal(String user, String wrong) {
        return refusal(user, wrong, "10.0.0.1");
    }

    private ErrorCode refusal(String user, String wrong, String source) {
        return refused(user, wrong, source).code();
    }

    private DvsException refused(String user, String wrong, String source) {
        return assertThrows(DvsException.class, () -> authenticator.password(user, wrong.toCharArray(), "rest", source));
    }

    private ErrorCode tokenRefusal(String wrong) {
        return assertThrows(DvsException.class, () -> authenticator.token(wrong, "cli", "10.0.0.1")).code();
    }
}
