#!/bin/sh
# revision.sh SOURCES [--plain]: the commit of the sources, as a C header or plain: 12 digits, "+" where files of the
# commit have changed. Without a .git folder it is what the file REVISION of a tarball says, and else nothing.
set -u
revision=
if [ -e "$1/.git" ]; then
    revision=$(git -C "$1" rev-parse --short=12 HEAD 2>/dev/null) || revision=
    if [ -n "$revision" ] && [ -n "$(git -C "$1" --no-optional-locks status --porcelain --untracked-files=no 2>/dev/null)" ]; then
        revision=$revision+
    fi
elif [ -f "$1/REVISION" ]; then
    revision=$(head -n 1 "$1/REVISION" | tr -cd '0-9a-f+')
fi
if [ "${2-}" = --plain ]; then
    [ -z "$revision" ] || echo "$revision"
else
    printf '#define ZSC_REVISION "%s"\n' "$revision"
fi
