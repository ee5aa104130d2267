#!/bin/bash
# Run fault tests, those that take a minute, too, and print their table.
table=$(mktemp)
trap 'rm -f "$table"' EXIT

SLOW=1 FAULT_TABLE=$table bash "$(dirname "$0")/../run.sh" "$@"
status=$?
echo
{
	echo 'FAULT|SEEN|RECOVERED IN|LOST'
	sort "$table"
} | column -t -s '|'
exit $status
