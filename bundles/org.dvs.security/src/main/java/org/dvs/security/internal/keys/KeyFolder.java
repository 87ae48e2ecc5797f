package org.dvs.security.internal.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;


/**
 * One folder of keys: a cluster's (authority, credentials in clear text for the owner), a node's (certificate, hashes), or
 * both in one where a lone node is its own cluster. What exists is kept; every step may be repeated after a crash.
 */
public final class KeyFolder {
    /** The authority's key; only where nodes are admitted. */
    public static final String AUTHORITY_STORE = "ca.p12";
    /** The authority's certificate; not secret. */
    public static final String AUTHORITY_PEM = "ca.pem";
    /** This node's key and certificate. */
    public static final String NODE_STORE = "node.p12";
    /** The operator's token in clear text. */
    public static final String OPERATOR_TOKEN = "operator.token";
    /** The admin's password in clear text. */
    public static final String ADMIN_PASSWORD = "admin.password";
    /** Digests of tokens: {@code name:role,role:sha256}. */
    public static final String TOKENS = "tokens";
    /** Accounts: {@code name:role,role:bcrypt}. */
    public static final String USERS = "users";

    /**
     * Roles of the account made first: those of DVS, those that Karaf's own commands ask for, and the right to log in by SSH.
     */
    static final String ADMIN_ROLES = "admin,operator,viewer,manager,group,systembundles,ssh";

    private static final Pattern ROLES = Pattern.compile("[a-z]+(,[a-z]+)*");

    private final PrivateFiles files;
    private final Clock clock;
    private final SecureRandom random;

    public KeyFolder(Path folder, Clock clock, SecureRandom random) {
        this.files = new PrivateFiles(folder);
        this.clock = clock;
        this.random = random;
    }

    public PrivateFiles files() {
        return files;
    }

    public boolean hasNode() {
        return files.has(NODE_STORE);
    }

    public boolean hasAuthority() {
        return files.has(AUTHORITY_STORE);
    }

    /** True if somebody else's authority issues certificates here. */
    public boolean belongsToCluster() {
        return files.has(AUTHORITY_PEM) && !hasAuthority();
    }

    /**
     * Makes the authority and the first credentials, as far as they are missing.
     *
     * @param cluster name for a new authority
     */
    public void init(String cluster) throws IOException, GeneralSecurityException {
        files.tighten();
        if (!hasAuthority()) {
            if (files.has(AUTHORITY_PEM)) {
                throw new GeneralSecurityException(files.path(AUTHORITY_STORE) + " is missing, but " + AUTHORITY_PEM
                        + " is there: this is not the folder of the cluster's authority");
            }
            KeyStores.write(files, AUTHORITY_STORE, Authority.create(cluster, clock, random).own(), random);
        }
        if (!files.has(AUTHORITY_PEM)) {
            files.writeText(AUTHORITY_PEM, KeyStores.pem(authority().certificate()));
        }
        credentials();
    }

    private void credentials() throws IOException {
        if (!files.has(OPERATOR_TOKEN)) {
            files.writeText(OPERATOR_TOKEN, Secrets.random(random));
        }
        if (!files.has(TOKENS)) {
            String digest = HexFormat.of().formatHex(Secrets.digest(files.readText(OPERATOR_TOKEN)));
            files.writeText(TOKENS, "operator:operator:" + digest);
        }
        if (!files.has(ADMIN_PASSWORD)) {
            files.writeText(ADMIN_PASSWORD, Secrets.random(random));
        }
        if (!files.has(USERS)) {
            String hash = PasswordHash.of(files.readText(ADMIN_PASSWORD).toCharArray(), random);
            files.writeText(USERS, "admin:" + ADMIN_ROLES + ':' + hash);
        }
    }

    /**
     * Adds an account with a password, or replaces the one of that name.
     *
     * @param roles comma-separated words
     * @throws IllegalArgumentException if name, roles or password are not as an account has them
     */
    public void account(String name, String roles, char[] password) throws IOException {
        replace(USERS, name, roles, PasswordHash.of(password, random));
    }

    /**
     * Adds a token, or replaces the one of that name.
     *
     * @return the token, which is kept nowhere
     * @throws IllegalArgumentException if name or roles are not as a token has them
     */
    public String token(String name, String roles) throws IOException {
        String token = Secrets.random(random);
        replace(TOKENS, name, roles, HexFormat.of().formatHex(Secrets.digest(token)));
        return token;
    }

    private void replace(String file, String name, String roles, String hash) throws IOException {
        NodeName.checkName(name);
        if (!ROLES.matcher(roles).matches()) {
            throw new IllegalArgumentException("'" + roles + "' is not a list of roles such as viewer,ssh");
        }
        List<String> lines = new ArrayList<>(files.readText(file).lines().filter(line -> !line.startsWith(name + ':')).toList());
        lines.add(name + ':' + roles + ':' + hash);
        files.writeText(file, String.join("\n", lines));
    }

    /** Takes accounts and tokens over from another folder of the cluster. */
    public void copyAccounts(KeyFolder from) throws IOException {
        for (String name : List.of(TOKENS, USERS)) {
            files.write(name, from.files.read(name));
        }
    }

    private Authority authority() throws IOException, GeneralSecurityException {
        return new Authority(KeyStores.read(files, AUTHORITY_STORE), clock, random);
    }

    /**
     * Issues a certificate and puts it into the node's folder, with the hashes of the credentials; this folder must hold the
     * authority. The certificate comes last: a folder that has one is complete.
     *
     * @param node   what the certificate says
     * @param target folder of the node's keys, perhaps this one
     */
    public void issue(NodeName node, KeyFolder target) throws IOException, GeneralSecurityException {
        if (!hasAuthority()) {
            throw new GeneralSecurityException("there is no authority in " + files.folder() + ": " + AUTHORITY_STORE
                    + " is missing");
        }
        target.files.tighten();
        if (!target.files.folder().equals(files.folder())) {
            target.files.write(AUTHORITY_PEM, files.read(AUTHORITY_PEM));
            target.copyAccounts(this);
        }
        KeyStores.write(target.files, NODE_STORE, authority().issue(node), random);
    }

    /**
     * Replaces a node's certificate, over or not, by a new one with a new key for the same node and addresses; this folder must
     * hold the authority. A node that runs takes it within seconds.
     *
     * @param target folder of the node's keys, perhaps this one
     * @return the node
     * @throws GeneralSecurityException if what is there is not a certificate of this folder's authority
     */
    public NodeName renew(KeyFolder target) throws IOException, GeneralSecurityException {
        NodeCertificate present = NodeCertificate.readAnyAge(target.files);
        if (!hasAuthority() || !issued(present)) {
            throw new GeneralSecurityException("the authority in " + files.folder() + " has not issued "
                    + target.files.path(NODE_STORE));
        }
        NodeName name = present.name();
        KeyStores.write(target.files, NODE_STORE, authority().issue(name), random);
        return name;
    }

    /** @return true if the certificate is of this folder's authority */
    public boolean issued(NodeCertificate node) throws IOException, GeneralSecurityException {
        return node.authority().equals(KeyStores.readPem(files, AUTHORITY_PEM));
    }

    /** This node's certificate, checked. */
    public NodeCertificate node() throws IOException, GeneralSecurityException {
        return NodeCertificate.read(files, clock.instant());
    }
}
