/**
 * The checks, each of one cause, each with the next step in its text. They stand here and not with what they look at: what must
 * be there and is not could not say so itself. All are immediate components: the executor gets and returns them for each run,
 * so that a delayed one, and what it refers to, would be made anew every second, also while what it refers to is being
 * replaced.
 */
package org.dvs.health.internal.check;
