package org.dvs.api.security;

import java.util.Set;

import javax.security.auth.Subject;

/**
 * Which password, token or key somebody has logged in with: among the public credentials of a JAAS subject, so that whoever
 * finds the subject can make a {@link org.dvs.api.Caller} of it.
 *
 * @param digest gives nothing away of what was shown; another password, token or key has another one
 */
public record Proof(String digest) {

    /** @return the digest, empty if the login left none */
    public static String of(Subject subject) {
        Set<Proof> proofs = subject.getPublicCredentials(Proof.class);
        return proofs.isEmpty() ? "" : proofs.iterator().next().digest();
    }
}
