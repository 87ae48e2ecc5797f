package org.dvs.security.internal.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.LogField;
import org.dvs.api.security.Identity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Keeps a node's identity equal to its certificate on disk. The first certificate in order makes the identity; each later one of
 * the same node replaces the one before. One that is not in order changes nothing and is an error in the log, once: at the first
 * look at once, later after two looks in a row saw the same, as certificate and password are two files that are not replaced
 * together.
 *
 * <p>Used by one thread at a time.
 */
final class IdentityKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityKeeper.class);
    private static final List<String> FILES = List.of(KeyFolder.AUTHORITY_PEM, KeyFolder.NODE_STORE, KeyFolder.NODE_STORE
            + ".pass");

    private final KeyFolder keys;
    private final Consumer<Identity> found;
    private NodeIdentity identity;
    /** Files of the last look, and those that were judged: times, sizes and inodes, which are compared and mean nothing else. */
    private List<Object> last = List.of();
    private List<Object> judged = List.of();

    /** @param found hears the identity once, when there is one */
    IdentityKeeper(KeyFolder keys, Consumer<Identity> found) {
        this.keys = keys;
        this.found = found;
    }

    /** Looks at the files, and acts if they have changed. */
    void look() {
        List<Object> now = FILES.stream().map(name -> stamp(keys.files().path(name))).toList();
        if (now.equals(judged)) {
            return;
        }
        boolean settled = judged.isEmpty() || now.equals(last);
        last = now;
        try {
            take();
            judged = now;
        } catch (DvsException e) {
            if (settled) {
                judged = now;
                try (MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, e.code().code())) {
                    LOG.error("{}: {} {}. {}{}", e.code().code(), e.code().sentence(), e.getMessage(), e.code().nextStep(),
                            identity == null ? "" : " The certificate before stays in use.");
                }
            }
        }
    }

    private void take() throws DvsException {
        if (identity == null) {
            identity = NodeIdentity.of(keys);
            LOG.info("This is node {}, {} of {}", identity.nodeId(), identity.nodeName(), identity.clusterName());
            found.accept(identity);
            return;
        }
        NodeCertificate next;
        try {
            next = keys.node();
        } catch (IOException | GeneralSecurityException e) {
            throw new DvsException(ErrorCode.BADCERT, "the certificate in " + keys.files().folder()
                    + " was replaced by one that cannot"
                    + " be used: " + e.getMessage(), e);
        }
        if (identity.replace(next)) {
            LOG.info("The certificate was replaced: new connections show one that is valid until {}",
                    next.chain().get(0).getNotAfter().toInstant());
        }
    }

    private static Object stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            List<Object> stamp = new ArrayList<>(List.of(attributes.lastModifiedTime(), attributes.size()));
            stamp.add(Objects.toString(attributes.fileKey()));
            return stamp;
        } catch (IOException e) {
            return "not there";
        }
    }
}
