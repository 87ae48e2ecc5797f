/**
 * The keys tool of the script {@code dvs}, run outside any container.
 */
package org.dvs.security.tool;
