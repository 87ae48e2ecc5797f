package org.dvs.apps.m3ftp;

import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;

/** What a server means by the number with which it refuses, in the words of whoever asked for a file. */
final class Refusal {
    private static final String AGAIN = "Begin again; --resume goes on with what is there.";
    private static final String ITS_DISK = "Look at the disk of the server's folder, then begin again with --resume.";

    private Refusal() {
    }

    /**
     * @param type  of the answer, not 0: an EDVS number, or anything at all of what is no server of files
     * @param about the file and the server
     */
    static AdvisedException of(int type, String about) {
        ErrorCode code = type > 0 ? ErrorCode.NOSYS : ErrorCode.ofRcode(type).orElse(ErrorCode.GENERIC);
        return switch (code) {
            case NOENT -> refused(code, about, "its folder has no such file or folder",
                    "Check the spelling: names are relative to the server's folder.");
            case ACCES -> refused(code, about, "it leads out of its folder or goes by a link, or the server has no right to it",
                    "Name a file within the server's folder, or have its rights mended there.");
            case ISDIR -> refused(code, about, "that is a folder there", "Name a file.");
            case NOTDIR -> refused(code, about, "a part of the path is no folder there",
                    "Check the path in the server's folder.");
            case INVAL -> refused(code, about, "that is no plain file there, has more bytes than its size says, or has the name"
                    + " of one that is not whole yet", "Name a plain file, and none of the kind .NAME.part.");
            case ROFS -> refused(code, about, "it only gives files, or its disk can only be read",
                    "Have it started without --read-only, or with writable = true in etc/org.dvs.apps.m3ftp.cfg;"
                            + " or take another one.");
            case NAMETOOLONG -> refused(code, about, "a part of the path is too long for its file system: most take 255 bytes, of"
                    + " a file that is put " + Part.MAX_NAME + ", as it is .NAME.part until it is whole",
                    "Choose a shorter name.");
            case BUSY -> refused(code, about, "another client is writing it, or it was written while it was read",
                    "Wait until that has ended, then begin again.");
            case NFILE -> refused(code, about, OpenFiles.MAX + " files are open there",
                    "Try again in a minute: what clients that are gone have left open is closed then.");
            case NOSPC -> refused(code, about, "the disk of its folder has no room for it",
                    "Free space on that disk, then go on with --resume.");
            case FBIG -> refused(code, about, "its file system or its limits allow no file of that size", "Split the file.");
            case IO -> refused(code, about, "it could not read or write it", ITS_DISK);
            case BADF -> refused(code, about, "it has it open no more: it was started anew, or heard nothing for too long",
                    AGAIN);
            case RANGE -> refused(code, about, "the file there is shorter than it was", AGAIN);
            case PACKSIZE -> refused(code, about, "not all bytes of it are there", AGAIN);
            case TOOBIG -> refused(code, about, "the DVS copies fewer bytes at once than the smallest block has",
                    "Give the DVS a larger max_copylen: 'dvs dvs init'.");
            case TIMEDOUT -> refused(code, about, "the memory of this program could not be reached: it, or its node, stood still",
                    AGAIN);
            case NOSYS -> refused(ErrorCode.BADSRCDST, about, "another program serves there: it does not know what was asked,"
                    + " so it is no server of m3ftp, or of another version",
                    "Check the server's endpoint with 'dvs proc list DCID'.");
            default -> refused(code, about, "result " + type, code.nextStep());
        };
    }

    private static AdvisedException refused(ErrorCode code, String about, String why, String nextStep) {
        return new AdvisedException(code, about + ": " + why, nextStep);
    }
}
