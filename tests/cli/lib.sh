# Helpers of the command-line tests; sourced. Each test runs in a folder of its own that is removed at the end.
set -u
: "${ZSC:?}" "${ZSC_SRCDIR:?}"
name=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/zsc-$name-XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' INT TERM
cd "$work" || exit 99
failures=0

fail() {
    echo "FAIL: $*" >&2
    failures=$((failures + 1))
}

# finish: call last
finish() {
    if [ "$failures" -gt 0 ]; then
        echo "$name: $failures failed" >&2
        exit 1
    fi
    exit 0
}

skip() {
    echo "SKIP: $*" >&2
    exit 77
}

# run COMMAND...: stdout to out, stderr to err, status to $status
run() {
    "$@" >out 2>err
    status=$?
}

# expect STATUS WORDS COMMAND...: the exit status, and the last line on stderr holds WORDS; one line where it is a refusal
expect() {
    wanted=$1 words=$2
    shift 2
    run "$@"
    if [ "$status" -ne "$wanted" ]; then
        fail "status $status, not $wanted: $* ($(tail -n 1 err))"
        return
    fi
    expect_said=
    while IFS= read -r expect_line || [ -n "$expect_line" ]; do expect_said=$expect_line; done <err # the last line
    case $expect_said in
        *"$words"*) ;;
        *) fail "no '$words' in: $expect_said ($*)" ;;
    esac
}

# nothing_left PATTERN: no file matches, temporary ones included
nothing_left() {
    for f in "$1" "$1".tmp-* "$1"/*.tmp-*; do
        if [ -f "$f" ]; then fail "left behind: $f"; fi
    done
}

# scores_of FOLDER: every run's settings and scores, without what differs from one computation to the next
scores_of() {
    "$ZSC" collect "$1" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i != "path" && $i !~ /^(seconds|peak_rss|stages)$/) keep[i] = 1 }
        { line = ""; for (i = 1; i <= 37; i++) if (i in keep) line = line "," $i; print line }'
}

# rows_of RESULT: the checksum over ids, labels, clusters, linkage that a result keeps (an HDF5 attribute's text)
rows_of() {
    tr -c '[:print:]' '\n' <"$1" | awk '/checksum_rows/ { seen = 1 } seen && match($0, /[0-9a-f]+/) && length($0) >= 32 && $0 !~ /checksum_rows/ { print substr($0, 1, 32); exit }'
}
