package org.dvs.registry.internal.migration;

import java.util.Locale;

/**
 * How far a migration has come.
 *
 * <pre>
 * START ──all have──▶ STARTED ──commit──▶ TAKE ──the new node has──▶ COMMIT ──all have──▶ ended
 *   └────────┬───────────┘                 │
 *   refused, lost, asked          refused, new node lost
 *            ▼                             ▼
 *            └─────────▶ ROLLBACK ◀────────┘ ──all have──▶ ended
 * </pre>
 */
enum Phase {
    /** All nodes start it in their kernels. */
    START,
    /** All have; the state of the process may be moved. */
    STARTED,
    /** The new node takes over. */
    TAKE,
    /** It has; all others follow. */
    COMMIT,
    /** All go back to what was before. */
    ROLLBACK;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
