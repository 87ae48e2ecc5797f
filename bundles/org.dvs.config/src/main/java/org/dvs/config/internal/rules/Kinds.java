package org.dvs.config.internal.rules;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.config.Kind;
import org.dvs.api.config.NodeGroups;
import org.dvs.config.internal.schema.Attribute;

/**
 * Holds texts against the {@link Kind} of their setting. Names of hosts are looked up and folders looked for where it runs and
 * when it is asked, so the same text may be good later. Thread-safe.
 */
public final class Kinds {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");
    private static final Pattern ENDPOINT = Pattern.compile("(\\[[^\\]]+]|[^:\\[\\]]+):(\\d{1,5})");
    private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
    private static final int MAX_PORT = 65_535;

    private final Path etc;
    private final Path base;
    private final boolean onNode;

    private Kinds(Path etc, Path base, boolean onNode) {
        this.etc = etc.toAbsolutePath().normalize();
        this.base = base.toAbsolutePath().normalize();
        this.onNode = onNode;
    }

    /** @param base folder of the node that this is */
    public static Kinds ofNode(Path etc, Path base) {
        return new Kinds(etc, base, true);
    }

    /** For files of a node that may be another machine's. The node's base folder is the one above {@code etc}. */
    public static Kinds ofFiles(Path etc) {
        Path above = etc.toAbsolutePath().normalize().getParent();
        return new Kinds(etc, above == null ? etc : above, false);
    }

    /**
     * @param value as {@link Attribute#convert} made it
     * @throws DvsException {@code BADSETTING} for the first text that is not of the attribute's kind
     */
    public void check(Attribute attribute, Object value) throws DvsException {
        Kind kind = attribute.rule().kind();
        if (kind == Kind.ANY || !(value instanceof String || value instanceof Object[] || value instanceof List)) {
            return;
        }
        if (value instanceof String text) {
            if (!attribute.defaultValue().equals(Optional.of(text))) {
                check(attribute, kind, text);
            }
            return;
        }
        Set<String> before = new HashSet<>();
        for (Object each : value instanceof Object[] array ? List.of(array) : (List<?>) value) {
            String text = each.toString().strip();
            // Who takes a list passes over what is empty in it.
            if (!text.isEmpty()) {
                check(attribute, kind, text);
                if (!before.add(text) && kind == Kind.NAME) {
                    throw bad(attribute, text, "stands twice");
                }
            }
        }
    }

    private void check(Attribute attribute, Kind kind, String text) throws DvsException {
        switch (kind) {
            case ANY -> { }
            case NAME -> {
                if (!NAME.matcher(text).matches()) {
                    throw bad(attribute, text, "is not a name: a letter, then up to 62 of A-Z a-z 0-9 . _ -");
                }
            }
            case MODE -> {
                if (!MODE.matcher(text).matches()) {
                    throw bad(attribute, text, "is not three octal digits such as 0600");
                }
            }
            case GROUPS -> {
                List<String> problems = NodeGroups.parse(text).problems();
                if (!problems.isEmpty()) {
                    throw new DvsException(ErrorCode.BADSETTING, attribute.id() + ": " + String.join("; ", problems));
                }
            }
            case ADDRESS -> own(attribute, text, host(attribute, text, text));
            case ENDPOINT -> endpoint(attribute, text);
            case FOLDER -> folder(attribute, text);
            case SCRIPT -> script(attribute, text.strip());
        }
    }

    private static InetAddress host(Attribute attribute, String text, String host) throws DvsException {
        // Of nothing at all Java would make the loopback address.
        if (host.isBlank()) {
            throw bad(attribute, text, "names no host");
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw bad(attribute, text, "has no address that is known here");
        }
    }

    private void own(Attribute attribute, String text, InetAddress address) throws DvsException {
        if (!onNode) {
            return;
        }
        try (Socket probe = new Socket()) {
            probe.bind(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            throw bad(attribute, text, "is no address of this machine");
        }
    }

    private static void endpoint(Attribute attribute, String text) throws DvsException {
        var parts = ENDPOINT.matcher(text);
        int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
        if (port < 1 || port > MAX_PORT) {
            throw bad(attribute, text, "is not host:port with a port of 1.." + MAX_PORT);
        }
        host(attribute, text, parts.group(1).replaceAll("^\\[|]$", ""));
    }

    private void folder(Attribute attribute, String text) throws DvsException {
        Path folder = below(attribute, base, text);
        if (text.isBlank() || !Files.isDirectory(folder)) {
            throw bad(attribute, text, "is not a folder that is there" + (Path.of(text).isAbsolute() ? "" : ", below " + base));
        }
    }

    private void script(Attribute attribute, String text) throws DvsException {
        Path scripts = etc.resolve("scripts");
        if (!text.isEmpty() && !Path.of(text).isAbsolute() && !below(attribute, scripts, text).startsWith(scripts)) {
            throw bad(attribute, text, "is not below " + scripts + "; a program that is elsewhere takes an absolute path");
        }
    }

    private static Path below(Attribute attribute, Path folder, String text) throws DvsException {
        try {
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw bad(attribute, text, "is not a path");
        }
    }

    private static DvsException bad(Attribute attribute, String text, String why) {
        return new DvsException(ErrorCode.BADSETTING, attribute.id() + ": '" + text + "' " + why);
    }
}
