package org.dvs.api.config;

/** What the text of a setting stands for. Of a setting with several values each is meant; the default is always taken. */
public enum Kind {
    /** Whatever its type and range take. */
    ANY("any"),
    /** Of a node or a cluster: a letter, then up to 62 of {@code A-Z a-z 0-9 . _ -}; of several none may stand twice. */
    NAME("name"),
    /** To listen at: an IP address, or a host name that has one; on a node it must be the machine's own. */
    ADDRESS("address"),
    /** {@code host:port}, an IPv6 address in brackets; the host is an IP address or a name that has one. */
    ENDPOINT("host:port"),
    /** As {@link NodeGroups} reads them. */
    GROUPS("NAME: NODESET; ..."),
    /** That is there, absolute or below the node's base folder, the one that {@code etc} is in. */
    FOLDER("folder"),
    /** Absolute, or below {@code etc/scripts}; empty for none. It may come later than the setting. */
    SCRIPT("program"),
    /** Permissions of a file: three octal digits, perhaps with a 0 in front. */
    MODE("permissions");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    /** For people. */
    public String word() {
        return word;
    }
}
