#!/bin/sh
# Prints C: the files of the page of zsc atlas as arrays of bytes, and their table, for src/atlas/page_assets.c.
# Usage: embed.sh FOLDER FILE..., in the order in which the page has them. Files are ASCII.
set -eu
folder=$1
shift
number=0
table=
for file in "$@"; do
    path=$folder/$file
    if LC_ALL=C grep -n '[^ -~	]' "$path" >&2; then
        echo "$path: letters beyond ASCII; write them as escapes" >&2
        exit 1
    fi
    echo "static const unsigned char zsc_asset_$number[] = {"
    od -An -v -tu1 "$path" | sed 's/  */,/g; s/^,//; s/$/,/'
    echo '0};'
    case $file in
        *.css) kind=STYLE ;;
        *.html) kind=BODY ;;
        *.js) kind=SCRIPT ;;
        *) echo "$path: expected .css, .html or .js" >&2; exit 1 ;;
    esac
    table="$table    {\"$file\", ZSC_ASSET_$kind, zsc_asset_$number},
"
    number=$((number + 1))
done
echo 'const zsc_asset zsc_atlas_assets[] = {'
printf '%s' "$table"
echo '};'
