#!/bin/sh
# The program and the library carry what m4/zsc_compiler.m4 asks for: PIE, full RELRO, no executable stack, stack
# protector, FORTIFY_SOURCE.
set -u
[ "${ZSC_HARDENED:-no}" = yes ] || { echo "skipped: configured with --disable-hardening, sanitizers or coverage, or without optimisation"; exit 77; }
command -v readelf > /dev/null || { echo "skipped: no readelf"; exit 77; }
file=$ZSC_BUILDDIR/.libs/zsc
[ -e "$file" ] || file=$ZSC
library=$(find "$ZSC_BUILDDIR/.libs" -name 'libzsc.so.*' -type f | head -1)
status=0
want() { # WHAT FILE PATTERN ARGUMENTS-OF-READELF
    readelf -W $4 "$2" | grep -Eq "$3" || { echo "$2: no $1"; status=1; }
}
want "position-independent code" "$file" 'Type: +DYN' -h
for f in "$file" ${library:+"$library"}; do
    want "RELRO" "$f" GNU_RELRO -l
    want "immediate binding" "$f" '(BIND_NOW|FLAGS.*NOW)' -d
    want "stack protector" "$f" '__stack_chk_fail' --dyn-syms
    want "FORTIFY_SOURCE" "$f" '__(sn|vsn|f|vf)printf_chk|__memcpy_chk|__read_chk' --dyn-syms
    readelf -W -l "$f" | grep -E 'GNU_STACK.* RWE ' && { echo "$f: the stack may hold code"; status=1; }
done
exit $status
