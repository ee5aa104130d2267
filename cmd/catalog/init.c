/*
 * A new catalog, whole or not at all: it is written into a temporary folder
 * first, and only then put in its place. A folder that is not there yet gets
 * it in one rename. In one that is, which may be somebody's current folder or
 * a mount point, the temporary folder stands inside, and each entry is moved.
 */
#include "cmd/catalog/init_files.h"
#include "cmd/context/command.h"
#include "cmd/ui/output.h"
#include "schema/base/alloc.h"
#include "schema/base/write_all.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folders above a file below `root`, which is there. */
static bool make_folders(const char *root, const char *path)
{
	for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
		AUTO(text) folder = TEXT_INIT;

		text_format(
			&folder, "%s/%.*s", root, (int)(slash - path), path);
		if (mkdir(folder.data, 0777) && errno != EEXIST)
			return false;
	}
	return true;
}

/* Some file systems tell only on closing that they are full. */
static bool write_one(const char *root, const struct init_file *file)
{
	AUTO(text) path = TEXT_INIT;
	bool fine;
	int fd;

	if (!make_folders(root, file->path))
		return false;
	text_format(&path, "%s/%s", root, file->path);
	fd = open(path.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return false;
	fine = write_all(fd, file->bytes, (size_t)(file->end - file->bytes));
	return !close(fd) && fine;
}

static bool write_files(const char *root)
{
	for (size_t i = 0; i < init_file_count; i++)
		if (!write_one(root, &init_files[i]))
			return false;
	return true;
}

static int remove_one(
	const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void remove_tree(const char *root)
{
	int error = errno;

	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	errno = error;
}

/* Never over anything. Not every file system can say so in one step. */
static bool move(const char *from, const char *to)
{
	struct stat status;

	if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	if (!lstat(to, &status)) {
		errno = EEXIST;
		return false;
	}
	return !rename(from, to);
}

/* The first parts of the files' paths, each once. */
static const char *entry(size_t index, int *length)
{
	const char *path = init_files[index].path;

	*length = (int)strcspn(path, "/");
	for (size_t i = 0; i < index; i++)
		if (!strncmp(init_files[i].path, path, (size_t)*length) &&
			init_files[i].path[*length] == path[*length])
			return NULL;
	return path;
}

/* Move the first `count` files' entries from one folder to another. */
static bool move_entries(
	const char *from, const char *to, size_t count, size_t *moved)
{
	for (size_t i = 0; i < count; i++) {
		int length;
		const char *name = entry(i, &length);
		AUTO(text) source = TEXT_INIT;
		AUTO(text) place = TEXT_INIT;

		*moved = i;
		if (!name)
			continue;
		text_format(&source, "%s/%.*s", from, length, name);
		text_format(&place, "%s/%.*s", to, length, name);
		if (!move(source.data, place.data))
			return false;
	}
	*moved = count;
	return true;
}

static bool put_inside(const char *temporary, const char *folder)
{
	size_t moved;
	size_t back;
	int error;

	if (move_entries(temporary, folder, init_file_count, &moved)) {
		rmdir(temporary);
		return true;
	}
	error = errno;
	move_entries(folder, temporary, moved, &back);
	errno = error;
	return false;
}

/* mkdtemp() lets nobody else in; what becomes the catalog is as usual. */
static bool open_to_others(const char *folder)
{
	mode_t mask = umask(0);

	umask(mask);
	return !chmod(folder, 0777 & ~mask);
}

static bool make(const char *folder, bool is_there, struct diags *diags)
{
	AUTO(text) temporary = TEXT_INIT;

	text_format(&temporary,
		is_there ? "%s/.bridge-init-XXXXXX" : "%s.init-XXXXXX", folder);
	if (!mkdtemp(temporary.data))
		return diag_errno(diags, NULL, RULE_IO_WRITE,
			"cannot make a folder beside or in '%s'", folder);
	if (write_files(temporary.data) && open_to_others(temporary.data) &&
		(is_there ? put_inside(temporary.data, folder)
			  : move(temporary.data, folder)))
		return true;
	diag_errno(diags, NULL, RULE_IO_WRITE,
		"cannot make the catalog '%s'; nothing was changed", folder);
	remove_tree(temporary.data);
	return false;
}

/* A repository that was just made counts as empty. */
static bool is_empty(DIR *folder)
{
	const struct dirent *found;

	while ((found = readdir(folder)))
		if (strcmp(found->d_name, ".") && strcmp(found->d_name, "..") &&
			strcmp(found->d_name, ".git"))
			return false;
	return true;
}

static enum exit_status look_and_make(const char *folder, struct diags *diags)
{
	DIR *open = opendir(folder);
	bool is_there = open || errno != ENOENT;
	bool is_file = !open && errno == ENOTDIR;
	bool empty = open && is_empty(open);

	if (open)
		closedir(open);
	else if (is_there) {
		diag_errno(diags, NULL, RULE_IO_WRITE,
			"cannot make the catalog '%s'", folder);
		return is_file ? EXIT_NO : EXIT_UNABLE;
	}
	if (is_there && !empty) {
		diag_error(diags, NULL, RULE_IO_WRITE,
			"'%s' is not empty; name a new folder, or an empty one",
			folder);
		return EXIT_NO;
	}
	return make(folder, is_there, diags) ? EXIT_YES : EXIT_UNABLE;
}

static void print_json(const char *folder)
{
	json_t *files = json_array();

	for (size_t i = 0; i < init_file_count; i++)
		json_array_append_new(files, json_string(init_files[i].path));
	output_json(json_pack("{s:s, s:o}", "catalog", folder, "files", files));
}

static void print_next(const char *folder)
{
	AUTO_FREE char *full = realpath(folder, NULL);
	AUTO(text) path = TEXT_INIT;
	const char *quote;

	text_append_visible(
		&path, full ? full : folder, strlen(full ? full : folder));
	quote = strpbrk(path.data, " \"\\$`&|;<>()*?[]{}~#!") ? "'" : "";
	printf("made %s:\n", path.data);
	for (size_t i = 0; i < init_file_count; i++)
		printf("    %s\n", init_files[i].path);
	printf("\nNext:\n"
	       "    cd %s%s%s\n"
	       "    $EDITOR domains/edge/targets/gateway.yaml\n"
	       "    bridge catalog validate --rev WORKTREE\n"
	       "    git init && git add -A && git commit -m 'The catalog'\n"
	       "    bridge catalog show state-hub\n"
	       "\nOn the machine that runs the bridges, say where it is in\n"
	       "~/.config/bridge/tunnels.yaml (tunnels.yaml.example has more):\n"
	       "    catalog_path: %s%s%s\n",
		quote, path.data, quote, quote, path.data, quote);
}

enum exit_status command_catalog_init(const struct options *options)
{
	AUTO_FREE char *folder = own_strdup(options->arguments[0]);
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status;
	size_t length = strlen(folder);

	/* "ops/" is "ops": the temporary folder's name is made from it. */
	while (length > 1 && folder[length - 1] == '/')
		folder[--length] = '\0';
	if (!length) {
		output_error("an empty text is no folder");
		return EXIT_USAGE;
	}
	status = look_and_make(folder, &diags);
	output_diags(&diags, options->verbose);
	if (status == EXIT_YES && options->json)
		print_json(folder);
	else if (status == EXIT_YES && !options->quiet)
		print_next(folder);
	return status;
}
