/**
 * The checks, each of one cause, each with the next step in its text. They stand here and not with what they look at: what must
 * be there and is not could not say so itself.
 */
package org.dvs.health.internal.check;
