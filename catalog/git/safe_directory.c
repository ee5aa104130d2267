#include "catalog/git/safe_directory.h"

#include "schema/base/alloc.h"
#include "schema/base/text.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_VARIABLES = 1000 };

static const char key[] = "safe.directory";

/* "*", the folder itself, or, since git 2.46, "<a folder above it>/\*". */
static bool covers(const char *value, const char *folder)
{
	size_t length = strlen(value);

	if (!strcmp(value, "*") || !strcmp(value, folder))
		return true;
	return length > 2 && !strcmp(value + length - 2, "/*") &&
	       !strncmp(value, folder, length - 1);
}

/* One value; an empty one takes back all that came before. */
static void hear(bool *trusted, const char *value, const char *folder)
{
	const char *home = getenv("HOME");
	AUTO(text) expanded = TEXT_INIT;

	if (!*value) {
		*trusted = false;
		return;
	}
	if (!strncmp(value, "~/", 2) && home)
		text_format(&expanded, "%s%s", home, value + 1);
	else
		text_append(&expanded, value);
	*trusted = *trusted || covers(expanded.data, folder);
}

static void read_config(bool *trusted, const char *file, const char *folder)
{
	git_config *config = NULL;
	git_config_iterator *iterator = NULL;
	git_config_entry *entry;

	if (!git_config_open_ondisk(&config, file) &&
		!git_config_multivar_iterator_new(&iterator, config, key, NULL))
		while (!git_config_next(&entry, iterator))
			hear(trusted, entry->value ? entry->value : "", folder);
	git_config_iterator_free(iterator);
	git_config_free(config);
}

static void read_found(
	bool *trusted, int (*find)(git_buf *out), const char *folder)
{
	git_buf file = {.ptr = NULL};

	if (!find(&file))
		read_config(trusted, file.ptr, folder);
	git_buf_dispose(&file);
}

static const char *variable(const char *name, long number)
{
	AUTO(text) whole = TEXT_INIT;

	text_format(&whole, "%s_%ld", name, number);
	return getenv(whole.data);
}

static void read_environment(bool *trusted, const char *folder)
{
	const char *text = getenv("GIT_CONFIG_COUNT");
	long count = text ? strtol(text, NULL, 10) : 0;

	for (long i = 0; i < count && i < MAX_VARIABLES; i++) {
		const char *name = variable("GIT_CONFIG_KEY", i);
		const char *value = variable("GIT_CONFIG_VALUE", i);

		if (name && value && !strcasecmp(name, key))
			hear(trusted, value, folder);
	}
}

bool safe_directory_trusts(const char *folder)
{
	const char *system = getenv("GIT_CONFIG_SYSTEM");
	const char *global = getenv("GIT_CONFIG_GLOBAL");
	bool trusted = false;

	if (getenv("GIT_CONFIG_NOSYSTEM"))
		system = NULL;
	else if (!system)
		read_found(&trusted, git_config_find_system, folder);
	if (system)
		read_config(&trusted, system, folder);
	if (global) {
		read_config(&trusted, global, folder);
	} else {
		read_found(&trusted, git_config_find_xdg, folder);
		read_found(&trusted, git_config_find_global, folder);
	}
	read_environment(&trusted, folder);
	return trusted;
}
