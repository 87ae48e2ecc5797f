/** The newest events of this node's log, for who looks from afar. */
package org.dvs.monitor.internal.log;
