#!/bin/sh
# The commit that zsc was built from: what share/revision.sh says of sources with and without git, and that provenance has what zsc version prints.
. "${ZSC_SRCDIR:?}/tests/cli/lib.sh"

script=$ZSC_SRCDIR/share/revision.sh
mkdir sources
[ "$(sh "$script" sources)" = '#define ZSC_REVISION ""' ] && [ -z "$(sh "$script" sources --plain)" ] || fail "without git"
echo 0123456789ab >sources/REVISION
[ "$(sh "$script" sources)" = '#define ZSC_REVISION "0123456789ab"' ] && [ "$(sh "$script" sources --plain)" = 0123456789ab ] || fail "of a tarball"
if command -v git >/dev/null && git init -q sources 2>/dev/null; then
    [ "$(sh "$script" sources)" = '#define ZSC_REVISION ""' ] || fail "of a repository without a commit"
    git -C sources add REVISION && git -C sources -c user.name=a -c user.email=a@b commit -q -m x || fail commit
    head=$(git -C sources rev-parse --short=12 HEAD)
    [ "$(sh "$script" sources --plain)" = "$head" ] || fail "of a commit: $(sh "$script" sources --plain), expected $head"
    echo other >sources/REVISION
    [ "$(sh "$script" sources --plain)" = "$head+" ] || fail "of changed files: $(sh "$script" sources --plain), expected $head+"
fi

printed=$("$ZSC" version | sed -n 's/^revision  *//p')
case $printed in '' | [0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*) ;; *) fail "zsc version: revision '$printed'" ;; esac
"$ZSC" simulate -q --rows 60 --seed 2 -o s.h5 && "$ZSC" run -q -e s.h5:sim_dna --reduce none -o r >/dev/null || fail run
if /usr/bin/python3 -c 'import h5py' 2>/dev/null; then
    stored=$(/usr/bin/python3 -c 'import glob, h5py, json; p = h5py.File(glob.glob("r/*.h5")[0]).attrs["provenance"]; print(json.loads(p).get("revision", ""))')
    [ "$stored" = "$printed" ] || fail "provenance says '$stored', zsc version '$printed'"
fi
finish
