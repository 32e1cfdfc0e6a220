# Sourced by tests of figures: is a file a whole picture of the size that was asked for?

failures=0
fail() { echo "FAIL: $*"; failures=$((failures + 1)); }
finish() { test "$failures" -eq 0 || { echo "$failures failures"; exit 1; }; exit 0; }

needs_gnuplot() {
    command -v gnuplot >/dev/null 2>&1 || { echo "skipped: gnuplot is not installed (Debian package gnuplot-nox)"; exit 77; }
}

# picture FILE WIDTH HEIGHT: in inches; PNG at 100 dpi. Cairo rounds to whole points, hence a tolerance of one.
picture() {
    test -s "$1" || { fail "$1 is missing or empty"; return; }
    w=$(awk "BEGIN { print $2 * 72 }") h=$(awk "BEGIN { print $3 * 72 }")
    case $1 in
    *.pdf)
        head -c 5 "$1" | grep -q '%PDF-' && tail -c 64 "$1" | grep -aq '%%EOF' || fail "$1 is not a whole PDF"
        size=$(grep -a -o 'MediaBox \[[^]]*\]' "$1" | tr -d '[]' | awk '{ print $4, $5; exit }') ;;
    *.eps)
        head -n 1 "$1" | grep -q '^%!PS-Adobe.*EPSF' && grep -aq '^%%EOF' "$1" || fail "$1 is not a whole EPS"
        size=$(awk '/^%%BoundingBox:/ { print $4 - $2, $5 - $3; exit }' "$1") ;;
    *.svg)
        grep -q '</svg>' "$1" || fail "$1 is not a whole SVG"
        size=$(sed -n 's/.*viewBox="0 0 \([0-9]*\) \([0-9]*\)".*/\1 \2/p' "$1" | head -n 1)
        test "$(grep -c '<path' "$1")" -gt 3 || fail "$1 has no curves" ;;
    *.png)
        test "$(od -An -tx1 -N8 "$1" | tr -d ' \n')" = 89504e470d0a1a0a || fail "$1 is not a PNG"
        tail -c 12 "$1" | od -An -tx1 | tr -d ' \n' | grep -q 49454e44 || fail "$1 is cut short"
        size=$(od -An -tu1 -j16 -N8 "$1" | awk '{ print (($1*256+$2)*256+$3)*256+$4, (($5*256+$6)*256+$7)*256+$8 }')
        w=$(awk "BEGIN { print $2 * 100 }") h=$(awk "BEGIN { print $3 * 100 }") ;;
    *.tex)
        size=$(sed -n 's/.*begin{picture}(\([0-9.]*\),\([0-9.]*\)).*/\1 \2/p' "$1" | awk '{ print $1 / 20, $2 / 20 }')
        grep -q 'end{picture}' "$1" || fail "$1 is not a whole picture"
        base=$(basename "$1" .tex)
        grep -q "includegraphics.*{$base}" "$1" || fail "$1 does not include $base"
        picture "${1%.tex}.pdf" "$2" "$3"
        return ;;
    esac
    echo "$size $w $h" | awk '{ exit !(($1 - $3)^2 <= 1.5 && ($2 - $4)^2 <= 1.5) }' || fail "$1: size $size, expected $w $h"
}

# nothing_left FOLDER: no temporary file or folder
nothing_left() {
    left=$(find "$1" -name '*tmp-*' -o -name 'zsc-figure-*')
    test -z "$left" || fail "left behind: $left"
}
