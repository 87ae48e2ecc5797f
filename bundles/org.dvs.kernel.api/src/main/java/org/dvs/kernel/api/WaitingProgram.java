package org.dvs.kernel.api;

/**
 * A program outside the container that waits for another one to bind it: {@code wait4bind(SELF)}.
 *
 * <p>Source: dvs-kernel reference 9.5.
 *
 * @param pid  as the operating system has it
 * @param name that it will have in listings
 */
public record WaitingProgram(int pid, String name) {
}
