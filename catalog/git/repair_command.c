#include "catalog/git/repair_command.h"

#include "catalog/git/shell_quote.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ALTERNATES = 64 * 1024 };

/* Without the slash at its end. */
static void append_trimmed(struct text *out, const char *path)
{
	size_t length = strlen(path);
	AUTO_FREE char *folder = own_strndup(
		path, length - (length > 1 && path[length - 1] == '/'));

	shell_quote(out, folder);
}

void repair_command_git(struct text *out, git_repository *repository)
{
	const char *top = git_repository_workdir(repository);

	text_append(out, "git -C ");
	append_trimmed(out, top ? top : git_repository_path(repository));
	text_append_char(out, ' ');
}

struct remotes {
	char *promisor; /* of a partial clone */
	char *any;
};

/*
 * The name in "remote.<name>.<key>", malloc'd; NULL for other entries. One
 * with a dash in front would be an option of the command that names it.
 */
static char *remote_name(const char *entry, const char *key)
{
	static const char start[] = "remote.";
	const char *name = entry + strlen(start);
	const char *dot = strrchr(entry, '.');

	if (strncmp(entry, start, strlen(start)) || dot <= name ||
		*name == '-' || strcmp(dot + 1, key))
		return NULL;
	return own_strndup(name, (size_t)(dot - name));
}

/* Of several the first counts, but "origin" before any other. */
static void prefer(char **kept, char *name)
{
	if (!name)
		return;
	if (!*kept || !strcmp(name, "origin")) {
		free(*kept);
		*kept = name;
		return;
	}
	free(name);
}

static void find_remotes(git_repository *repository, struct remotes *remotes)
{
	git_config *config = NULL;
	git_config_iterator *iterator = NULL;
	git_config_entry *entry;

	if (!git_repository_config(&config, repository) &&
		!git_config_iterator_new(&iterator, config))
		while (!git_config_next(&entry, iterator)) {
			prefer(&remotes->any, remote_name(entry->name, "url"));
			prefer(&remotes->promisor,
				remote_name(entry->name, "promisor"));
		}
	git_config_iterator_free(iterator);
	git_config_free(config);
}

/* Every object again, also those that the repository thinks it has. */
static void append_fetch(
	struct text *out, git_repository *repository, const char *before)
{
	struct remotes remotes = {.any = NULL};

	find_remotes(repository, &remotes);
	if (remotes.promisor)
		text_append(out, "this is a partial clone: ");
	text_format(out, "run %s", before);
	repair_command_git(out, repository);
	text_append(out, "fetch --refetch ");
	/* The filter is remembered: without this it leaves out the same. */
	if (remotes.promisor)
		text_append(out, "--no-filter ");
	if (remotes.promisor || remotes.any)
		shell_quote(
			out, remotes.promisor ? remotes.promisor : remotes.any);
	else
		text_append(out, "CLONE, another clone that has it");
	free(remotes.promisor);
	free(remotes.any);
}

/* The first alternate of the repository that is not there; malloc'd. */
static char *lost_alternate(const char *objects, const char *file)
{
	AUTO_CLOSE int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	AUTO(text) list = TEXT_INIT;
	char *rest;

	if (fd < 0 || !text_read(&list, fd, MAX_ALTERNATES))
		return NULL;
	rest = list.data;
	for (char *line; (line = strsep(&rest, "\n"));) {
		AUTO(text) folder = TEXT_INIT;

		/* One in quotes has escapes, too. */
		if (!*line || *line == '#' || *line == '"')
			continue;
		if (*line != '/')
			text_append(&folder, objects);
		text_append(&folder, line);
		if (access(folder.data, F_OK))
			return text_detach(&folder);
	}
	return NULL;
}

void repair_command_missing(struct text *out, git_repository *repository)
{
	AUTO(text) objects = TEXT_INIT;
	AUTO(text) file = TEXT_INIT;
	AUTO_FREE char *alternate = NULL;

	text_format(
		&objects, "%sobjects/", git_repository_commondir(repository));
	text_format(&file, "%sinfo/alternates", objects.data);
	alternate = lost_alternate(objects.data, file.data);
	if (alternate)
		text_format(out,
			"its alternate '%s' is not there: put it back, or "
			"write its new place into '%s'",
			alternate, file.data);
	else
		append_fetch(out, repository, "");
}

/* Git fetches nothing in the place of a loose file that is there. */
void repair_command_damaged(
	struct text *out, git_repository *repository, const char *hex)
{
	AUTO(text) file = TEXT_INIT;
	AUTO(text) removal = TEXT_INIT;

	text_format(&file, "%sobjects/%.2s/%s",
		git_repository_commondir(repository), hex, *hex ? hex + 2 : "");
	if (!*hex || access(file.data, F_OK)) {
		repair_command_git(out, repository);
		text_append(out, "fsck --full names what is damaged");
		return;
	}
	text_append(&removal, "rm -f ");
	shell_quote(&removal, file.data);
	text_append(&removal, " && ");
	append_fetch(out, repository, removal.data);
}
