package org.dvs.agent.host.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The allow-list on disk, read again when it changed. A file that is missing, damaged, or that somebody else could have
 * written permits nothing: unlike other settings, an older and perhaps wider list does not stay in force. Thread-safe.
 */
final class AllowListFile {
    private static final Logger LOG = LoggerFactory.getLogger(AllowListFile.class);
    private static final String ATTRIBUTES = "unix:size,mode,uid,ino,dev,ctime,lastModifiedTime,isRegularFile";
    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;
    private static final long MAX_BYTES = 1024 * 1024;
    /** A second change within the clock's grain would look like none. */
    private static final long GRAIN_MS = 1_000;

    private final Path file;
    private final int ownUid;
    private final LongSupplier timeMs;
    private Map<String, Object> readFrom = Map.of();
    private long readAtMs;
    private AllowList list;
    private String trouble;

    /**
     * @param ownUid the user this JVM runs as
     * @param timeMs milliseconds since the epoch
     */
    AllowListFile(Path file, int ownUid, LongSupplier timeMs) {
        this.file = file;
        this.ownUid = ownUid;
        this.timeMs = timeMs;
    }

    /** @throws DvsException {@code CALLDENIED} if the file cannot be used, with the reason */
    synchronized AllowList current() throws DvsException {
        try {
            Map<String, Object> now = Files.readAttributes(file, ATTRIBUTES);
            if (!now.equals(readFrom) || Math.abs(readAtMs - Files.getLastModifiedTime(file).toMillis()) < GRAIN_MS) {
                reload(now);
            }
        } catch (NoSuchFileException e) {
            refuse("it is missing");
        } catch (IOException e) {
            refuse("it cannot be read: " + Shown.cause(e));
        }
        if (list == null) {
            throw new DvsException(ErrorCode.CALLDENIED, "nothing may run here: the allow-list " + file + " is not usable: "
                    + trouble);
        }
        return list;
    }

    private void reload(Map<String, Object> attributes) throws IOException {
        readAtMs = timeMs.getAsLong();
        readFrom = attributes;
        try {
            checkOwner(attributes);
            AllowList read = AllowListParser.parse(Files.readString(file, StandardCharsets.UTF_8));
            if (!attributes.equals(Files.readAttributes(file, ATTRIBUTES))) {
                throw new BadAllowListException("it changed while it was read");
            }
            if (!read.equals(list)) {
                LOG.info("allow-list {}: {} rules", file, read.rules().size());
            }
            list = read;
            trouble = null;
        } catch (BadAllowListException e) {
            refuse(e.getMessage());
        }
    }

    private void checkOwner(Map<String, Object> attributes) throws BadAllowListException, IOException {
        if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
            throw new BadAllowListException("it is not a file");
        }
        if ((Long) attributes.get("size") > MAX_BYTES) {
            throw new BadAllowListException("it is larger than " + MAX_BYTES + " bytes");
        }
        int uid = (Integer) attributes.get("uid");
        if (uid != 0 && uid != ownUid) {
            throw new BadAllowListException("it belongs to user " + Integer.toUnsignedLong(uid)
                    + ", not to root or to the node's own user");
        }
        if (((Integer) attributes.get("mode") & GROUP_OR_OTHERS_WRITE) != 0) {
            throw new BadAllowListException("its group or others may write it; chmod go-w it");
        }
        int folder = (Integer) Files.getAttribute(file.toRealPath().getParent(), "unix:mode");
        if ((folder & OTHERS_WRITE) != 0 && (folder & STICKY) == 0) {
            throw new BadAllowListException("others may replace it: its folder is writable by everybody");
        }
    }

    private void refuse(String why) {
        if (!why.equals(trouble)) {
            LOG.warn("allow-list {}: {}; nothing may run", file, why);
        }
        list = null;
        trouble = why;
        readFrom = Map.of();
    }
}
