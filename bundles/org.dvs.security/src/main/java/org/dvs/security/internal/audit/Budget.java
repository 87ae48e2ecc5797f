package org.dvs.security.internal.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many lines of refusals and of reads each user may have in an hour. What is beyond is counted and told once a minute, so
 * that
 * nobody who may change nothing pushes out what was written of those who did. Thread-safe.
 */
final class Budget {
    /** Users told apart; all others share one budget, as names that other nodes pass on are without end. */
    static final int MOST_USERS = 1_000;
    static final String OTHERS = "(others)";
    private static final long HOUR_NANOS = 3_600_000_000_000L;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** Lines of one user that were only counted. */
    record Sum(String user, long refusals, long reads) {
    }

    private static final class Account {
        private long since;
        private long refusals;
        private long reads;
        private long firstExcess;
        private long moreRefusals;
        private long moreReads;

        private boolean exceeded() {
            return moreRefusals + moreReads > 0;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<String, Account> accounts = new LinkedHashMap<>();

    Budget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * @param most lines of a kind in an hour
     * @return whether a line may be written; if not, it is counted
     */
    synchronized boolean take(String user, boolean refusal, int most) {
        long now = nanoTime.getAsLong();
        Account account = account(user, now);
        if (now - account.since >= HOUR_NANOS) {
            account.since = now;
            account.refusals = 0;
            account.reads = 0;
        }
        if ((refusal ? account.refusals : account.reads) < most) {
            account.refusals += refusal ? 1 : 0;
            account.reads += refusal ? 0 : 1;
            return true;
        }
        if (!account.exceeded()) {
            account.firstExcess = now;
        }
        account.moreRefusals += refusal ? 1 : 0;
        account.moreReads += refusal ? 0 : 1;
        return false;
    }

    private Account account(String user, long now) {
        Account account = accounts.get(user);
        if (account == null && accounts.size() >= MOST_USERS) {
            accounts.values().removeIf(each -> !each.exceeded() && now - each.since >= HOUR_NANOS);
        }
        String name = account != null || accounts.size() < MOST_USERS ? user : OTHERS;
        return accounts.computeIfAbsent(name, key -> {
            Account made = new Account();
            made.since = now;
            return made;
        });
    }

    /** Whether there is something to be told, now or later. */
    synchronized boolean exceeded() {
        return accounts.values().stream().anyMatch(Account::exceeded);
    }

    /** What has been counted for a minute, or at all, and is to be told now; it is counted from nothing again. */
    synchronized List<Sum> due(boolean all) {
        List<Sum> sums = new ArrayList<>();
        long now = nanoTime.getAsLong();
        for (Map.Entry<String, Account> entry : accounts.entrySet()) {
            Account account = entry.getValue();
            if (account.exceeded() && (all || now - account.firstExcess >= MINUTE_NANOS)) {
                sums.add(new Sum(entry.getKey(), account.moreRefusals, account.moreReads));
                account.moreRefusals = 0;
                account.moreReads = 0;
            }
        }
        return sums;
    }
}
