/*
 * The shared supervisor's own program. `bridge up` starts it; people don't.
 * It is a program of its own because it neither parses YAML nor opens a
 * repository, and because a command that only reads a catalog should not pay
 * for loading libcurl.
 */
#include "schema/version.h"
#include "tunnel/handover.h"
#include "tunnel/start.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A descriptor; -1 for what is none. */
static int descriptor(const char *text)
{
	char *end;
	long fd = strtol(text, &end, 10);

	return *text && !*end && fd >= 0 && fd <= 1 << 20 ? (int)fd : -1;
}

int main(int argc, char **argv)
{
	/* `bridge supervise --upgrade` asks before it trusts. */
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("bridge-supervisor %s handover %d\n", bridge_version,
			HANDOVER_FORMAT);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], HANDOVER_ARGUMENT) &&
		descriptor(argv[2]) >= 0)
		return supervisor_go_on(descriptor(argv[2]));
	if (argc == 2 && argv[1][0] == '/')
		return supervisor_main(argv[1], -1);
	if (argc == 3 && argv[1][0] == '/' && descriptor(argv[2]) >= 0)
		return supervisor_main(argv[1], descriptor(argv[2]));
	fputs("bridge-supervisor is started by `bridge up`\n", stderr);
	return 2;
}
