#!/bin/sh
# Includes point down: from a folder to those that its row names. catalog/ and
# tunnel/ never include each other; cmd/ includes their public headers alone;
# the libraries of one layer are not used in another; no circle of folders.
set -eu

# A folder, and what it may include beside itself.
arrows='
schema/base
schema/diag		schema/base
schema/yaml		schema/base schema/diag
schema/bridge		schema/base schema/diag
schema			schema/base schema/diag
schema/jsonschema/regex	schema/base
schema/jsonschema/format	schema/base schema/jsonschema/regex
schema/jsonschema	schema/base schema/diag schema/yaml schema/jsonschema/format schema/jsonschema/regex
catalog/libgit2		SCHEMA
catalog/git		SCHEMA catalog/libgit2
catalog/document	SCHEMA catalog/git
catalog/store		SCHEMA catalog/git catalog/document
catalog/resolve		SCHEMA catalog/git catalog/document catalog/store
catalog/rules		SCHEMA catalog/git catalog/document catalog/store catalog/resolve
catalog/history		SCHEMA catalog/git catalog/document catalog/store catalog/resolve catalog/rules
tunnel/state		SCHEMA
tunnel/ssh		SCHEMA tunnel/state
tunnel/health		SCHEMA tunnel/state tunnel/ssh
tunnel/control		SCHEMA tunnel/state tunnel/ssh tunnel/health
tunnel/supervisor	SCHEMA tunnel/state tunnel/ssh tunnel/health tunnel/control
cmd/ui			SCHEMA PUBLIC
cmd/context		SCHEMA PUBLIC cmd/ui
cmd/report		SCHEMA PUBLIC cmd/ui cmd/context
cmd/catalog		SCHEMA PUBLIC cmd/ui cmd/context cmd/report
cmd/bridges		SCHEMA PUBLIC cmd/ui cmd/context
cmd/doctor		SCHEMA PUBLIC cmd/ui cmd/context
cmd/mcp			SCHEMA PUBLIC cmd/ui cmd/context
cmd			SCHEMA PUBLIC cmd/ui cmd/context cmd/report cmd/catalog cmd/bridges cmd/doctor cmd/mcp
'
schema='schema schema/base schema/diag schema/yaml schema/bridge schema/jsonschema'

# What cmd/ may include of catalog/ and tunnel/.
public='
catalog/git/missing_object.h catalog/git/revision_names.h
catalog/history/baseline.h catalog/history/diff.h catalog/history/log.h
catalog/resolve/layers.h catalog/resolve/resolve.h catalog/resolve/resolve_all.h
catalog/rules/check_ports.h catalog/rules/check_references.h
catalog/rules/validate.h
catalog/store/catalog.h catalog/store/document.h catalog/store/list.h
catalog/store/load.h catalog/store/reference.h catalog/store/watch.h
catalog/store/worktree_status.h
tunnel/control/client.h tunnel/control/launch.h tunnel/control/protocol.h
tunnel/health/health.h
tunnel/ssh/argv.h tunnel/ssh/cause.h tunnel/ssh/known_hosts.h tunnel/ssh/options.h
tunnel/state/audit_log.h tunnel/state/state_dir.h tunnel/state/state_status.h
tunnel/supervisor/main.h
'

# A layer, and the libraries that it does not use.
libraries='
schema	git2|uv|curl
catalog	uv|curl|yaml|idn2|pcre2
tunnel	git2|yaml|pcre2|idn2
cmd	git2|yaml|pcre2|uv|curl|idn2
'

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT

grep -rnE '^#include' schema catalog tunnel cmd --include='*.[ch]' >"$found/includes"

awk -v arrows="$arrows" -v schema="$schema" -v public="$public" \
	-v libraries="$libraries" -v pairs="$found/pairs" '
function folder(path) {
	sub(/\/[^\/]*$/, "", path)
	return path
}
BEGIN {
	count = split(arrows, rows, "\n")
	for (i = 1; i <= count; i++) {
		words = split(rows[i], word, /[ \t]+/)
		if (!word[1])
			continue
		known[word[1]] = 1
		for (j = 2; j <= words; j++) {
			if (word[j] == "SCHEMA") {
				n = split(schema, each, " ")
				for (k = 1; k <= n; k++)
					may[word[1], each[k]] = 1
			} else {
				may[word[1], word[j]] = 1
			}
		}
	}
	count = split(public, rows, /[ \t\n]+/)
	for (i = 1; i <= count; i++)
		is_public[rows[i]] = 1
	count = split(libraries, rows, "\n")
	for (i = 1; i <= count; i++) {
		split(rows[i], word, "\t")
		unused[word[1]] = word[2]
	}
}
function complain(why) {
	print $0 "	(" why ")"
}
{
	split($0, part, ":")
	from = folder(part[1])
	split(part[1], names, "/")
	if (!(from in known))
		complain("tests/layers.sh has no row for " from)
	if (match($0, /#include <[^>]*>/)) {
		library = substr($0, RSTART + 10, RLENGTH - 11)
		if (names[1] in unused && library ~ "^(" unused[names[1]] ")([./]|$)")
			complain("not a library of " names[1] "/")
		next
	}
	match($0, /#include "[^"]*"/)
	header = substr($0, RSTART + 10, RLENGTH - 11)
	to = folder(header)
	if (to == from)
		next
	print from, to >pairs
	if (names[1] == "cmd" && header ~ /^(catalog|tunnel)\//) {
		if (!((from, "PUBLIC") in may) || !(header in is_public))
			complain("not a public header")
	} else if (!((from, to) in may)) {
		complain(from " does not stand on " to)
	}
}' "$found/includes" >"$found/bad"

if [ -s "$found/bad" ]; then
	echo "includes that point the wrong way:" >&2
	cat "$found/bad" >&2
	exit 1
fi
if ! tsort "$found/pairs" >/dev/null 2>"$found/circle"; then
	echo "a circle of folders:" >&2
	cat "$found/circle" >&2
	exit 1
fi
