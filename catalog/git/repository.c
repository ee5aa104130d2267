#include "catalog/git/repository.h"

#include "catalog/git/libgit2_init.h"
#include "catalog/git/open_error.h"
#include "catalog/git/repository_path.h"
#include "catalog/git/safe_directory.h"
#include "catalog/git/shell_quote.h"
#include "catalog/libgit2/loose_object.h"
#include "catalog/libgit2/mapped_file.h"
#include "catalog/libgit2/pack_index.h"
#include "catalog/libgit2/version.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * With GIT_WORK_TREE set, libgit2 refuses GIT_REPOSITORY_OPEN_FROM_ENV up to
 * 1.6; b41c3dfce changed that for 1.7.0. Git never sets it together with the
 * quarantine's variables, so the plain way is enough then.
 */
static int open_environment(git_repository **repository)
{
	const char *worktree = LIBGIT2_VERSION_CHECK(1, 7, 0)
				       ? NULL
				       : getenv("GIT_WORK_TREE");
	int code;

	if (!worktree)
		return git_repository_open_ext(
			repository, NULL, GIT_REPOSITORY_OPEN_FROM_ENV, NULL);
	code = git_repository_open_ext(repository, getenv("GIT_DIR"),
		GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
	return code ? code
		    : git_repository_set_workdir(*repository, worktree, 0);
}

/* How much of the path the folder is, or -1 when the path is elsewhere. */
static ssize_t length_inside(const char *folder, const char *real_path)
{
	AUTO_FREE char *real = folder ? realpath(folder, NULL) : NULL;
	size_t length = real ? strlen(real) : 0;

	if (!real || strncmp(real_path, real, length))
		return -1;
	if (length == 1)
		return 0; /* "/" */
	return strchr("/", real_path[length]) ? (ssize_t)length : -1;
}

/*
 * The innermost of the working tree and the repository's own folders counts:
 * a linked working tree may lie inside a bare repository. Below the
 * repository's own folder stand no documents, so a path there means one
 * inside the tree: "/srv/ops.git/opscatalog".
 */
static bool append_prefix(
	git_repository *repository, struct text *prefix, const char *real_path)
{
	const char *const folders[] = {
		git_repository_workdir(repository),
		git_repository_path(repository),
		git_repository_commondir(repository),
	};
	ssize_t longest = -1;

	for (size_t i = 0; i < COUNT(folders); i++) {
		ssize_t length = length_inside(folders[i], real_path);

		if (length > longest)
			longest = length;
	}
	if (longest < 0)
		return false;
	real_path += longest;
	real_path += strspn(real_path, "/");
	if (*real_path)
		text_format(prefix, "%s/", real_path);
	return true;
}

bool repository_index_fits(const char *path)
{
	/* gitformat-index(5): each has 62 bytes in front of its name. */
	enum { LEAST_ENTRY = 62 };
	unsigned char header[12];
	struct stat status;
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &status) ||
		read(fd, header, sizeof(header)) != sizeof(header))
		return true;
	return mapped_file_number(header + 8, 4) * LEAST_ENTRY <=
	       (uint64_t)status.st_size;
}

/*
 * A hook's variables are about one repository; a catalog that lies elsewhere
 * is none of their business.
 */
static bool open_for_hook(git_repository **repository, const char *real_path)
{
	AUTO(text) unused = TEXT_INIT;

	if (!getenv("GIT_DIR") || open_environment(repository))
		return false;
	if (append_prefix(*repository, &unused, real_path))
		return true;
	git_repository_free(*repository);
	*repository = NULL;
	return false;
}

static int open_once(
	git_repository **repository, const char *folder, const char *real_path)
{
	if (open_for_hook(repository, real_path))
		return 0;
	return git_repository_open_ext(
		repository, folder, 0, getenv("GIT_CEILING_DIRECTORIES"));
}

/*
 * libgit2 looks at the owner, or not, for the whole process: no other thread
 * opens anything meanwhile.
 */
static int open_trusted(
	git_repository **repository, const char *folder, const char *real_path)
{
	int code;

	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	code = open_once(repository, folder, real_path);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
	return code;
}

static int open_any(
	git_repository **repository, const char *folder, const char *real_path)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	AUTO_FREE char *owned = NULL;
	int code;

	pthread_mutex_lock(&lock);
	code = open_once(repository, folder, real_path);
	if (code && open_error_is_foreign(code)) {
		owned = repository_path_owned_folder(folder);
		code = safe_directory_trusts(owned)
			       ? open_trusted(repository, folder, real_path)
			       : GIT_EOWNER;
	}
	pthread_mutex_unlock(&lock);
	return code;
}

static bool open_at(git_repository **repository, struct text *prefix,
	const char *real_path, struct diags *diags)
{
	AUTO_FREE char *folder = repository_path_existing(real_path);
	int code = open_any(repository, folder, real_path);

	if (code)
		return open_error_explain(folder, real_path, code, diags);
	if (!open_error_format(*repository, folder, diags))
		return false;
	if (append_prefix(*repository, prefix, real_path))
		return true;
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"'%s' is outside the working tree of its repository '%s'",
		real_path, git_repository_path(*repository));
}

/* "pack-1.idx" is made anew from "pack-1.pack"; Git needs no multi-pack-index.
 */
static bool damaged_index(const char *index, struct diags *diags)
{
	const char *dot = strrchr(index, '.');
	bool of_one = dot && !strcmp(dot, ".idx");
	AUTO(text) pack = TEXT_INIT;
	AUTO(text) command = TEXT_INIT;

	text_append(&command, "rm -f ");
	shell_quote(&command, index);
	if (of_one) {
		text_format(&pack, "%.*s.pack", (int)(dot - index), index);
		text_append(&command, " && git index-pack ");
		shell_quote(&command, pack.data);
	}
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"'%s' does not fit %s; to %s run %s", index,
		of_one ? "its pack" : "its packs",
		of_one ? "make it anew" : "do without it", command.data);
}

bool repository_open(git_repository **repository, struct text *prefix,
	const char *real_path, bool strict, struct diags *diags)
{
	AUTO(text) wrong = TEXT_INIT;

	if (!libgit2_init(strict, diags) ||
		!open_at(repository, prefix, real_path, diags))
		return false;
	if (!pack_indexes_fit(*repository, &wrong))
		return damaged_index(wrong.data, diags);
	if (!loose_object_make_safe(*repository))
		return true;
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"cannot read the objects of '%s': %s", real_path,
		libgit2_error());
}
