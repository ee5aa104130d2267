#!/bin/sh
# Includes point down: schema <- catalog <- cmd and schema <- tunnel <- cmd.
# catalog and tunnel never include each other; the libraries of one layer are
# not used in another.
set -eu

bad=$(mktemp)
trap 'rm -f "$bad"' EXIT

# forbid FOLDER PATTERN WHY
forbid() {
	grep -rnE "^#include [<\"]($2)" "$1" --include='*.[ch]' >"$bad.now" || true
	sed "s|$|	($3)|" "$bad.now" >>"$bad"
	rm -f "$bad.now"
}

forbid schema '(catalog|tunnel|cmd|tests)/' 'schema is the lowest layer'
forbid catalog '(tunnel|cmd|tests)/' 'catalog stands on schema alone'
forbid tunnel '(catalog|cmd|tests)/' 'tunnel stands on schema alone'
forbid cmd 'tests/' 'no program includes tests'
forbid schema '(git2|uv|curl/)' 'schema parses and checks; no git, no loop, no net'
forbid catalog '(uv|curl/|yaml|idn2)' 'catalog reads through libgit2 and schema'
forbid tunnel '(git2|yaml|pcre2|idn2)' 'the supervisor never parses YAML or opens a repository'
forbid cmd '(git2|yaml|pcre2|idn2|uv|curl/)' 'cmd goes through the layers below'

if [ -s "$bad" ]; then
	echo "includes that point the wrong way:" >&2
	cat "$bad" >&2
	exit 1
fi
