#!/bin/sh
# Makes libraries.js, the bundle of the libraries from npm that the page of zsc atlas draws with, and its checksum. Needs node,
# npm and the network; the build of zsc needs none of them, since the bundle is kept here.
#
#   sh bundle.sh           makes libraries.js and libraries.sha256 again
#   sh bundle.sh --check   makes the bundle in a temporary folder, and says whether it is the one that is kept
#
# Versions and their digests are those of package.json and package-lock.json.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$here/libraries_entry.js" "$work"
cd "$work"
npm ci --no-audit --no-fund --silent
{
    echo '// Bundled by share/atlas/bundle.sh; not to be edited. Licences:'
    for package in $(sed -n 's/^ *"node_modules\/\([^"]*\)".*/\1/p' package-lock.json); do
        case $package in
            twgl.js | kdbush | d3-*)
                echo "// --- $package $(sed -n 's/^ *"version": "\(.*\)",*$/\1/p' "node_modules/$package/package.json" | head -n 1)"
                sed 's,^,// ,; s, *$,,' "node_modules/$package"/LICENSE*
                ;;
        esac
    done
    node_modules/.bin/esbuild libraries_entry.js --bundle --minify --format=iife --global-name=zscAtlasLibraries \
        --charset=ascii --legal-comments=none --log-level=warning
} > libraries.js
if [ "${1-}" = --check ]; then
    cmp libraries.js "$here/libraries.js" && echo 'share/atlas/libraries.js is what bundle.sh makes'
else
    cp libraries.js "$here/libraries.js"
    cd "$here" && sha256sum libraries.js > libraries.sha256
fi
