/*
 * Options: one table, one struct. A command names the options it takes; help,
 * parsing and (later) completion and manuals read the same rows.
 */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "schema/diag/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What every command returns and the process exits with. */
enum exit_status {
	EXIT_YES = 0,
	EXIT_NO = 1, /* invalid catalog, did not come up, no such name */
	EXIT_USAGE = 2,
	EXIT_UNABLE = 3, /* no config, unreadable repository, ... */
};

enum option_id {
	OPTION_CONFIG,
	OPTION_CATALOG,
	OPTION_REV,
	OPTION_JSON,
	OPTION_COLOR,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_DOMAIN,
	OPTION_WAIT,
	OPTION_NO_WAIT,
	OPTION_WATCH,
	OPTION_LINES,
	OPTION_FOLLOW,
	OPTION_STRICT,
	OPTION_SINCE,
	OPTION_FORMAT,
	OPTION_PICTURE,
	OPTION_OUTPUT,
	OPTION_ORIGINS,
	OPTION_RESUME,
	OPTION_DRY_RUN,
	OPTION_PRUNE,
	OPTION_REAPPLY,
	OPTION_UPGRADE,
	OPTION_READ_ONLY,
	OPTION_SCOPE,
	OPTION_PRINT,
	OPTION_IDS
};

#define TAKES(id) (UINT32_C(1) << OPTION_##id)

/* Every command takes these. */
#define TAKES_EVERYWHERE                                                       \
	(TAKES(CONFIG) | TAKES(CATALOG) | TAKES(REV) | TAKES(JSON) |           \
		TAKES(COLOR) | TAKES(QUIET) | TAKES(VERBOSE) | TAKES(HELP) |   \
		TAKES(VERSION))

enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char * */
	OPTION_NUMBER, /* unsigned */
	OPTION_CHOICE, /* const char *, one of choices */
	OPTION_TEXTS,  /* struct option_texts; may be given again */
};

struct option_row {
	const char *name; /* without the dashes */
	char letter;      /* or 0 */
	enum option_kind kind;
	const char *argument; /* shown in help; NULL for flags */
	const char *choices;  /* "a|b|c" for OPTION_CHOICE */
	unsigned most;        /* for OPTION_NUMBER */
	const char *help;
	size_t offset; /* in struct options */
};

extern const struct option_row option_rows[OPTION_IDS];

enum { OPTION_MAX_TEXTS = 16 };

struct option_texts {
	const char *list[OPTION_MAX_TEXTS];
	size_t count;
};

/*
 * Who waits for an answer that takes its time. `progress` may be NULL; it is
 * called from the thread that works.
 */
struct waiting {
	int cancel_fd; /* readable: nobody wants to know any more; -1 */
	int hurry_fd;  /* readable: say what is known by now; -1 */
	/* `total` is 0 where it is not known yet. */
	void (*progress)(
		void *data, unsigned done, unsigned total, const char *message);
	void *data;
};

struct options {
	const struct waiting *waiting; /* NULL: nobody in particular */
	const char *config, *catalog, *rev, *color, *domain, *output, *since,
		*picture, *scope;
	struct option_texts formats;
	bool json, quiet, verbose, help, version, no_wait, watch, follow,
		strict, origins, resume, dry_run, prune, reapply, upgrade,
		read_only, print;
	unsigned wait_seconds, lines;
	uint32_t given;   /* TAKES() of every option that was written */
	char **arguments; /* what is no option; NULL-terminated */
	size_t count;
};

/*
 * Read argv (without the command's own words) into options, which hold
 * pointers into it. `takes` is what the command allows. "--" ends options;
 * short flags may be joined; --name=value and --name value are the same.
 * False after a message on stderr.
 */
bool options_parse(
	struct options *options, uint32_t takes, int argc, char **argv);

#endif
