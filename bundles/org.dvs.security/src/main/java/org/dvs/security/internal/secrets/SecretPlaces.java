package org.dvs.security.internal.secrets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.SecretReference;
import org.dvs.api.security.Secrets;

/**
 * Reads secrets from the places that references name. A file counts only if others have no rights on it, and in the node's own
 * folder of secrets no group either and no links: a secret that anybody could read is none. Keeps nothing; thread-safe.
 */
public final class SecretPlaces implements Secrets {
    /** Bytes a secret may have. */
    static final int MAX_BYTES = 64 * 1024;

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_AND_GROUP = PosixFilePermissions.fromString("rwxr-x---");

    private final Path folder;
    private final Path base;
    private final UnaryOperator<String> environment;

    /**
     * @param folder      of {@code secret:NAME}
     * @param base        where a relative {@code file:PATH} begins
     * @param environment name to value, null if there is none
     */
    public SecretPlaces(Path folder, Path base, UnaryOperator<String> environment) {
        this.folder = folder;
        this.base = base;
        this.environment = environment;
    }

    @Override
    public char[] read(String text) throws DvsException {
        SecretReference reference = SecretReference.parse(text).orElseThrow(() -> new DvsException(ErrorCode.CLEARSECRET,
                "this is not secret:NAME, file:PATH or env:NAME"));
        char[] secret = switch (reference.kind()) {
            case SECRET -> file(reference, folder.resolve(reference.name()), OWNER, LinkOption.NOFOLLOW_LINKS);
            case FILE -> file(reference, base.resolve(reference.name()), OWNER_AND_GROUP);
            case ENV -> variable(reference);
        };
        if (secret.length == 0) {
            throw refused(reference, "it is empty");
        }
        return secret;
    }

    private char[] variable(SecretReference reference) throws DvsException {
        String value = environment.apply(reference.name());
        if (value == null) {
            throw refused(reference, "the environment of this node has no variable of this name");
        }
        return value.toCharArray();
    }

    private static char[] file(SecretReference reference, Path path, Set<PosixFilePermission> allowed, LinkOption... links)
            throws DvsException {
        byte[] bytes = {};
        try {
            // Before it is opened: opening a named pipe would wait for its writer.
            if (Files.isSymbolicLink(path) && links.length > 0) {
                throw refused(reference, path + " is a link");
            }
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path, links);
            if (!Files.isRegularFile(path, links)) {
                throw refused(reference, path + " is not a regular file");
            }
            if (!allowed.containsAll(rights)) {
                throw refused(reference, path + " has the rights " + PosixFilePermissions.toString(rights)
                        + ", which is more than " + PosixFilePermissions.toString(allowed) + ": chmod 600 mends it");
            }
            try (InputStream in = Files.newInputStream(path, links)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
            if (bytes.length > MAX_BYTES) {
                throw refused(reference, path + " is larger than " + MAX_BYTES + " bytes");
            }
            return text(bytes);
        } catch (NoSuchFileException e) {
            throw refused(reference, path + " is not there");
        } catch (CharacterCodingException e) {
            throw refused(reference, path + " is not UTF-8 text");
        } catch (IOException e) {
            throw refused(reference, path + " cannot be read: " + e.getClass().getSimpleName());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Without the one line end that editors and echo add. Leaves no copy of the text behind. */
    private static char[] text(byte[] bytes) throws CharacterCodingException {
        CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        int length = decoded.length();
        if (length > 0 && decoded.charAt(length - 1) == '\n') {
            length--;
            if (length > 0 && decoded.charAt(length - 1) == '\r') {
                length--;
            }
        }
        char[] text = new char[length];
        decoded.get(text);
        Arrays.fill(decoded.array(), '\0');
        return text;
    }

    private static DvsException refused(SecretReference reference, String why) {
        return new DvsException(ErrorCode.NOSECRET, reference + ": " + why);
    }
}
