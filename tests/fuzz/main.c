/*
 * Run a fuzzer's inputs without libFuzzer: `fuzz_yaml FILE...`. A case that
 * takes longer than five seconds ends the program.
 */
#include "tests/fuzz/fuzz.h"

#include "schema/base/alloc.h"
#include "schema/base/text.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT_SECONDS = 60, MAX_BYTES = 16 * 1024 * 1024 };

/* Fuzzers that have nothing to prepare define none of their own. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void run(const char *path)
{
	AUTO(text) content = TEXT_INIT;
	AUTO_FREE uint8_t *exact = NULL;
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || !text_read(&content, fd, MAX_BYTES)) {
		perror(path);
		exit(1);
	}
	/* No byte more, so that sanitizers see what reads behind the end. */
	exact = own_realloc(NULL, content.length, 1);
	memcpy(exact, content.data, content.length);
	fprintf(stderr, "running %s\n", path);
	alarm(LIMIT_SECONDS);
	LLVMFuzzerTestOneInput(exact, content.length);
	alarm(0);
}

int main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		run(argv[i]);
	return 0;
}
