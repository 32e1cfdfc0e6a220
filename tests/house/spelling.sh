#!/bin/sh
# No misspelling that codespell knows in documents, comments and messages. Skipped, with the reason, where codespell is
# not installed.
set -u
cd "$ZSC_SRCDIR" || exit 1
if ! command -v codespell > /dev/null; then
  echo "codespell is not installed (Debian package codespell)"
  exit 77
fi
# fo, te, idae and nd are variables, parts of names of taxa, and a number of dimensions.
codespell --ignore-words-list=fo,te,idae,nd \
  README.md CHANGELOG.md CONTRIBUTING.md CITATION.cff Makefile.am configure.ac quickstart \
  $(find src include doc plots examples tests debian python r -type f \( -name '*.[ch]' -o -name '*.def' -o -name '*.md' -o \
    -name '*.sh' -o -name '*.pl' -o -name '*.py' -o -name '*.gp' -o -name '*.yaml' -o -name '*.mk' \))
