package org.dvs.monitor.internal.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import org.dvs.api.Caller;

/**
 * Somebody logged in at one browser.
 *
 * @param key    what tells it from others; no secret
 * @param caller who, with the roles that were held at login and still are
 * @param csrf   a word that only pages of ours can know; must come with everything that may change something
 */
public record Session(String key, Caller caller, String csrf) {

    /** Takes the same time wherever the words differ. */
    public boolean proves(String word) {
        return word != null && MessageDigest.isEqual(csrf.getBytes(StandardCharsets.UTF_8),
                word.getBytes(StandardCharsets.UTF_8));
    }
}
