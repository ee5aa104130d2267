/* `bridge completion SHELL`: the shells' functions, to be sourced. */
#include "cmd/context/command.h"
#include "cmd/ui/output.h"
#include "schema/base/suggest.h"

#include <string.h>

#define SHELLS(SHELL) SHELL(bash) SHELL(zsh) SHELL(fish)

/* As schema/embedded.c does it, and why. */
#define EMBED(shell)                                                           \
	__asm__(".pushsection .rodata\n"                                       \
		"completion_" #shell ":\n"                                     \
		".incbin \"cmd/completion/bridge." #shell "\"\n"               \
		".byte 0\n"                                                    \
		".popsection\n");                                              \
	extern const char completion_##shell[];

SHELLS(EMBED)

#define ROW(shell) {#shell, completion_##shell},

static const struct {
	const char *shell;
	const char *script;
} scripts[] = {SHELLS(ROW)};

enum exit_status command_completion(const struct options *options)
{
	const char *shell = options->arguments[0];

	for (size_t i = 0; i < COUNT(scripts); i++)
		if (!strcmp(scripts[i].shell, shell)) {
			fputs(scripts[i].script, stdout);
			return EXIT_YES;
		}
	output_error(
		"completion is for bash, zsh or fish, not for '%s'", shell);
	return EXIT_USAGE;
}
