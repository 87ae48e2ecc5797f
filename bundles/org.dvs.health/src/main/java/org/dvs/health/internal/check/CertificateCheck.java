package org.dvs.health.internal.check;

import java.time.Duration;
import java.time.Instant;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.dvs.api.security.Identity;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * How long this node's certificate is good. An advice: a node with five days left does its work, and to take it out of use would
 * help nobody.
 */
@Component(immediate = true, property = {HealthCheck.NAME + "=certificate", HealthCheck.TAGS + "=advice",
        HealthCheck.RESULT_CACHE_TTL_IN_MS + ":Long=60000"})
public final class CertificateCheck implements HealthCheck {
    private static final long WARN_DAYS = 30;
    private static final long CRITICAL_DAYS = 7;

    private final Identity identity;

    @Activate
    public CertificateCheck(@Reference Identity identity) {
        this.identity = identity;
    }

    @Override
    public Result execute() {
        return of(identity.chain().get(0).getNotAfter().toInstant(), Instant.now());
    }

    static Result of(Instant until, Instant now) {
        long days = Duration.between(now, until).toDays();
        String detail = "good until " + until;
        String next = detail + ". Make a new one with 'dvs keys renew'";
        if (days < CRITICAL_DAYS) {
            return new Result(Result.Status.CRITICAL, next);
        }
        return days < WARN_DAYS ? new Result(Result.Status.WARN, next) : new Result(Result.Status.OK, detail);
    }
}
