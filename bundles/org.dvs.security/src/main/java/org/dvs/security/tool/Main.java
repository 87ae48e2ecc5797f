package org.dvs.security.tool;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeCertificate;
import org.dvs.security.internal.keys.NodeName;

/**
 * Keys of a cluster without a running node: the script {@code dvs} calls it. Needs this jar and BouncyCastle, no OSGi.
 * What exists and is valid is kept, so every call may be repeated. Prints what it made, never a secret.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 not understood.
 */
public final class Main {
    static final String USAGE = """
            usage: init   --dir DIR --name CLUSTER
                   node   --dir DIR --id N --name NODE --out KEYS [--address HOST]...
                   layout --dir DIR --name CLUSTER --node ID:NODE:KEYS[:HOST,HOST...]...
                   renew  --dir DIR --out KEYS...                 a new certificate for the same node and addresses
                   show   --dir KEYS
                   user   --dir DIR --name USER --roles ROLE,ROLE... [--out KEYS]...    password: one line of standard input
                   token  --dir DIR --name NAME --roles ROLE,ROLE... [--out KEYS]...    makes DIR/NAME.token
            DIR is the folder of the cluster's authority, KEYS the folder keys of a node; a lone node's keys are both.
            user and token hand all accounts of DIR to each KEYS. Roles: viewer, operator, admin, auditor; ssh lets in by SSH.""";

    /** Those of DVS, the right to log in by SSH, and those that Karaf's own commands ask for. */
    private static final List<String> ROLES = List.of("viewer", "operator", "admin", "auditor", "ssh", "manager", "group",
            "systembundles");

    private final Clock clock;
    private final SecureRandom random;
    private final InputStream in;
    private final PrintStream out;

    Main(Clock clock, SecureRandom random, InputStream in, PrintStream out) {
        this.clock = clock;
        this.random = random;
        this.in = in;
        this.out = out;
    }

    /** @param args as in the usage text */
    public static void main(String[] args) {
        System.exit(new Main(Clock.systemUTC(), new SecureRandom(), System.in, System.out).run(List.of(args), System.err));
    }

    int run(List<String> words, PrintStream err) {
        try {
            execute(words);
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("dvs keys: " + e.getMessage());
            err.println(USAGE);
            return 2;
        } catch (NoSuchFileException e) {
            err.println("dvs keys: " + e.getFile() + " is not there");
            return 1;
        } catch (IOException e) {
            // Of a file system exception the message alone is the bare path.
            err.println("dvs keys: " + e.getClass().getSimpleName() + ": " + e.getMessage());
            return 1;
        } catch (GeneralSecurityException e) {
            err.println("dvs keys: " + e.getMessage());
            return 1;
        }
    }

    private void execute(List<String> words) throws IOException, GeneralSecurityException {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("say what to do");
        }
        Options options = new Options(words.subList(1, words.size()));
        switch (words.get(0)) {
            case "init" -> init(options.only("dir", "name"));
            case "node" -> node(options.only("dir", "id", "name", "out", "address"));
            case "layout" -> layout(options.only("dir", "name", "node"));
            case "renew" -> renew(options.only("dir", "out"));
            case "show" -> show(options.only("dir"));
            case "user" -> user(options.only("dir", "name", "roles", "out"));
            case "token" -> token(options.only("dir", "name", "roles", "out"));
            default -> throw new IllegalArgumentException("'" + words.get(0)
                    + "' is not init, node, layout, renew, show, user or token");
        }
    }

    private void init(Options options) throws IOException, GeneralSecurityException {
        KeyFolder cluster = folder(options.one("dir"));
        cluster.init(options.one("name"));
        out.println("authority in " + cluster.files().folder());
    }

    private void node(Options options) throws IOException, GeneralSecurityException {
        NodeName node = new NodeName(number(options.one("id")), options.one("name"), options.all("address"));
        issue(folder(options.one("dir")), node, folder(options.one("out")));
    }

    private void layout(Options options) throws IOException, GeneralSecurityException {
        // All are read before anything is written: a mistake in the last one leaves nothing behind.
        Map<NodeName, KeyFolder> nodes = new LinkedHashMap<>();
        for (String text : options.all("node")) {
            String[] parts = text.split(":", 4);
            if (parts.length < 3) {
                throw new IllegalArgumentException("'" + text + "' is not ID:NODE:KEYS[:HOST,HOST...]");
            }
            List<String> addresses = parts.length == 4 && !parts[3].isEmpty() ? List.of(parts[3].split(",")) : List.of();
            nodes.put(new NodeName(number(parts[0]), parts[1], addresses), folder(parts[2]));
        }
        if (nodes.keySet().stream().map(NodeName::id).distinct().count() < nodes.size()) {
            throw new IllegalArgumentException("a node id is given twice");
        }
        init(options);
        KeyFolder cluster = folder(options.one("dir"));
        for (Map.Entry<NodeName, KeyFolder> entry : nodes.entrySet()) {
            issue(cluster, entry.getKey(), entry.getValue());
        }
    }

    private void issue(KeyFolder cluster, NodeName node, KeyFolder target) throws IOException, GeneralSecurityException {
        if (target.hasNode()) {
            NodeCertificate present = target.node();
            if (present.nodeId() != node.id() || !present.nodeName().equals(node.name()) || !cluster.issued(present)) {
                throw new GeneralSecurityException(target.files().path(KeyFolder.NODE_STORE)
                        + " is there already and belongs to node "
                        + present.nodeId() + ", " + present.nodeName() + " of " + present.clusterName() + "; remove it first");
            }
            out.println(node.name() + " has its certificate in " + target.files().folder());
        } else {
            cluster.issue(node, target);
            out.println(node.name() + " got its certificate in " + target.files().folder());
        }
    }

    private void renew(Options options) throws IOException, GeneralSecurityException {
        KeyFolder cluster = folder(options.one("dir"));
        if (options.all("out").isEmpty()) {
            throw new IllegalArgumentException("--out must be given");
        }
        for (String target : options.all("out")) {
            NodeName node = cluster.renew(folder(target));
            out.println(node.name() + " got a new certificate in " + folder(target).files().folder());
        }
    }

    private void show(Options options) throws IOException, GeneralSecurityException {
        NodeCertificate node = folder(options.one("dir")).node();
        out.println("node " + node.nodeId() + ", " + node.nodeName() + " of " + node.clusterName() + ", valid until "
                + node.chain().get(0).getNotAfter().toInstant());
    }

    private void user(Options options) throws IOException {
        KeyFolder cluster = folder(options.one("dir"));
        String roles = roles(options);
        String password = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        if (password == null) {
            throw new IllegalArgumentException("no password came from standard input");
        }
        cluster.account(options.one("name"), roles, password.toCharArray());
        handOut(cluster, options);
        out.println(options.one("name") + " may log in");
    }

    private void token(Options options) throws IOException {
        KeyFolder cluster = folder(options.one("dir"));
        String file = options.one("name") + ".token";
        cluster.files().writeText(file, cluster.token(options.one("name"), roles(options)));
        handOut(cluster, options);
        out.println("token in " + cluster.files().path(file));
    }

    /** A misspelt role would make an account that may do nothing, and nobody would say why. */
    private static String roles(Options options) {
        String roles = options.one("roles");
        for (String role : roles.split(",", -1)) {
            if (!ROLES.contains(role)) {
                throw new IllegalArgumentException("'" + role + "' is not a role; there are " + String.join(", ", ROLES));
            }
        }
        return roles;
    }

    private void handOut(KeyFolder cluster, Options options) throws IOException {
        for (String target : options.all("out")) {
            folder(target).copyAccounts(cluster);
        }
    }

    private KeyFolder folder(String path) {
        return new KeyFolder(Path.of(path), clock, random);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a node id", e);
        }
    }

    /** Pairs of {@code --option value}. */
    private static final class Options {
        private final Map<String, List<String>> values = new LinkedHashMap<>();

        Options(List<String> words) {
            for (int i = 0; i < words.size(); i += 2) {
                if (!words.get(i).startsWith("--") || i + 1 == words.size()) {
                    throw new IllegalArgumentException("'" + words.get(i) + "' is not an option with a value");
                }
                values.computeIfAbsent(words.get(i).substring(2), name -> new ArrayList<>()).add(words.get(i + 1));
            }
        }

        Options only(String... known) {
            values.keySet().stream().filter(name -> !List.of(known).contains(name)).findFirst().ifPresent(bad -> {
                throw new IllegalArgumentException("there is no option --" + bad + " here");
            });
            return this;
        }

        List<String> all(String name) {
            return values.getOrDefault(name, List.of());
        }

        String one(String name) {
            List<String> all = all(name);
            if (all.size() != 1) {
                throw new IllegalArgumentException("--" + name + " must be given once");
            }
            return all.get(0);
        }
    }
}
