#!/bin/sh
# Example of a script for membership events. To use it:
#   chmod +x membership.sh
#   and in ../org.dvs.registry.cfg:  joinScript = membership.sh   (likewise disconnectScript, partitionScript, mergeScript)
#
# It only says what happened; what it prints goes into the node's log. It changes nothing.
# Given: DVS_EVENT (JOIN, DISCONNECT, PARTITION or MERGE), DVS_LOCAL_NODE, DVS_NODES_OLD, DVS_NODES_NEW, DVS_NODES_CHANGED,
# DVS_VIEW_ID, DVS_PRIMARY (yes or no). Past its deadline it is ended, with all it started; an exit code other than 0 is
# logged as a failure. What it leaves running in its process group is ended when it ends.

echo "$DVS_EVENT of $DVS_NODES_CHANGED seen by $DVS_LOCAL_NODE: now $DVS_NODES_NEW in view $DVS_VIEW_ID, majority: $DVS_PRIMARY"

# Examples of what one might do here:
#   [ "$DVS_PRIMARY" = no ] && logger -t dvs "this side has no majority"
#   [ "$DVS_EVENT" = JOIN ] && mount /srv/shared
