/*
 * The shared supervisor's own program. `bridge up` starts it; people don't.
 * It is a program of its own because it neither parses YAML nor opens a
 * repository, and because a command that only reads a catalog should not pay
 * for loading libcurl.
 */
#include "tunnel/start.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	char none[] = "";
	char *end = none;
	long ready_fd = argc == 3 ? strtol(argv[2], &end, 10) : -1;

	if (argc < 2 || argc > 3 || argv[1][0] != '/' || *end ||
		ready_fd > 65535) {
		fputs("bridge-supervisor is started by `bridge up`\n", stderr);
		return 2;
	}
	return supervisor_main(argv[1], (int)ready_fd);
}
