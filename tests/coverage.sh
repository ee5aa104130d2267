#!/bin/sh
# coverage.sh BUILD: what the programs run below BUILD, which were built with
# --coverage, have executed of each folder; with FILES=1 of each file, too.
# Lines of headers are not counted; a file that no program has is at 0 %.
set -eu
build=$1

find "$build/schema" "$build/catalog" "$build/tunnel" "$build/cmd" \
	-name '*.gcno' -exec gcov -n {} + 2>/dev/null |
	awk -v files="${FILES:-}" '
	/^File / { file = $0; gsub(/^File .|.$/, "", file) }
	/^Lines executed:/ && file ~ /^(schema|catalog|tunnel|cmd)\/.*\.c$/ {
		split($0, part, /[:%]/)
		lines = $NF
		run = int(part[2] * lines / 100 + 0.5)
		folder = file
		sub(/\/[^\/]*$/, "", folder)
		print folder, 1, lines, run
		if (files)
			print file, 1, lines, run
	}
	/^(Lines|No exec)/ { file = "" }' |
	sort |
	awk '
	function row() {
		if (name != "")
			printf "%-40s %6d %8d %8.1f %%\n", name, count, lines, \
				lines ? 100 * run / lines : 100
	}
	BEGIN { printf "%-40s %6s %8s %10s\n", "folder", "files", "lines", "run" }
	$1 != name { row(); name = $1; count = lines = run = 0 }
	{ count += $2; lines += $3; run += $4 }
	$1 !~ /\.c$/ { all += $2; all_lines += $3; all_run += $4 }
	END {
		row()
		name = "all"; count = all; lines = all_lines; run = all_run
		row()
		exit !all_lines
	}'
