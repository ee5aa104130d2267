#include "catalog/repository.h"

#include "catalog/git/open_error.h"
#include "catalog/git/safe_directory.h"
#include "catalog/git/shell_quote.h"
#include "catalog/libgit2/inflate_truncated.h"
#include "catalog/libgit2/loose_object.h"
#include "catalog/libgit2/mapped_file.h"
#include "catalog/libgit2/no_tls.h"
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
 * Extensions that change nothing about reading objects and references, or
 * nothing with their usual values, for which refusal_of_format() looks.
 * libgit2 would refuse a repository because of their names; of later versions
 * each is asked for only as far as libgit2 does not know it itself.
 */
static const char *const harmless_extensions[] = {
#if !LIBGIT2_VERSION_CHECK(1, 6, 1) /* acb00e4ea: knows the value, too */
	"objectformat",
#endif
#if !LIBGIT2_VERSION_CHECK(1, 8, 0) /* 5a86dfc17 */
	"worktreeconfig",
#endif
#if !LIBGIT2_VERSION_CHECK(1, 9, 0) /* b139fe04a */
	"preciousobjects",
#endif
#if !LIBGIT2_VERSION_CHECK(1, 9, 4) /* 3d1e45895 */
	"relativeworktrees",
#endif
	"partialclone", /* every version so far */
	"refstorage",   /* every release up to 1.9.7 */
};

const char *repository_error(void)
{
	const git_error *error = git_error_last();

	return error && error->message ? error->message : "unknown failure";
}

static bool is_started;

/*
 * libgit2 is never shut down: the process ends soon after, and freeing what
 * the kernel is about to take back costs time.
 */
static void start(void)
{
	if (!no_tls || !truncated_is_an_error || git_libgit2_init() < 0)
		return;
	is_started = true;
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless_extensions,
		COUNT(harmless_extensions));
	/* Every object is read once: a cache only costs. */
	git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	git_libgit2_opts(GIT_OPT_DISABLE_PACK_KEEP_FILE_CHECKS, 1);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
}

/* It is so for the whole process, and all its threads: once strict, always. */
static void be_strict(void)
{
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
}

static bool start_libgit2(bool strict, struct diags *diags)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static pthread_once_t once_strict = PTHREAD_ONCE_INIT;

	pthread_once(&once, start);
	if (!is_started)
		return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
			"cannot start libgit2: %s", repository_error());
	if (strict)
		pthread_once(&once_strict, be_strict);
	return true;
}

/* Cut the last part off; false at the root. */
static bool cut_last_part(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || !path[1])
		return false;
	slash[slash == path] = '\0';
	return true;
}

static bool has_dot_parts(const char *path)
{
	for (; *path; path += strspn(path, "/")) {
		size_t length = strcspn(path, "/");

		if (path[0] == '.' && length <= 2 && path[length - 1] == '.')
			return true;
		path += length;
	}
	return false;
}

static char *absolute(const char *path)
{
	AUTO_FREE char *here = NULL;
	AUTO(text) whole = TEXT_INIT;

	if (path[0] != '/') {
		here = getcwd(NULL, 0);
		if (!here)
			return NULL;
		text_format(&whole, "%s/", here);
	}
	text_append(&whole, path);
	while (whole.length > 1 && whole.data[whole.length - 1] == '/')
		whole.data[--whole.length] = '\0';
	return text_detach(&whole);
}

char *repository_real_path(const char *path, struct diags *diags)
{
	AUTO_FREE char *whole = absolute(path);
	AUTO_FREE char *existing = whole ? own_strdup(whole) : NULL;
	AUTO(text) real = TEXT_INIT;

	while (existing) {
		AUTO_FREE char *found = realpath(existing, NULL);
		const char *rest = whole + strlen(existing);

		if (found) {
			rest += strspn(rest, "/");
			if (has_dot_parts(rest))
				break;
			text_append(&real, found);
			if (*rest)
				text_format(&real, "%s%s", found[1] ? "/" : "",
					rest);
			return text_detach(&real);
		}
		if ((errno != ENOENT && errno != ENOTDIR) ||
			!cut_last_part(existing))
			break;
		errno = ENOENT;
	}
	diag_errno(diags, NULL, RULE_IO_READ, "cannot reach '%s'", path);
	return NULL;
}

/* The deepest folder of a path that exists. malloc'd. */
static char *existing_folder(const char *real_path)
{
	char *folder = own_strdup(real_path);
	struct stat status;

	while (stat(folder, &status) || !S_ISDIR(status.st_mode))
		if (!cut_last_part(folder))
			break;
	return folder;
}

bool repository_looks_bare(const char *folder)
{
	static const char *const parts[] = {"HEAD", "objects", "refs"};

	for (size_t i = 0; i < COUNT(parts); i++) {
		AUTO(text) path = TEXT_INIT;

		text_format(&path, "%s/%s", folder, parts[i]);
		if (access(path.data, F_OK))
			return false;
	}
	return true;
}

char *repository_worktree_top(const char *real_path)
{
	AUTO_FREE char *folder = existing_folder(real_path);

	do {
		AUTO(text) git = TEXT_INIT;
		struct stat status;

		text_format(&git, "%s/.git", folder);
		if (!lstat(git.data, &status))
			return own_strdup(folder);
	} while (!repository_looks_bare(folder) && cut_last_part(folder));
	return NULL;
}

char *repository_owned_folder(const char *folder)
{
	char *top = repository_worktree_top(folder);
	git_buf found = {.ptr = NULL};

	if (!top && !git_repository_discover(&found, folder, 0, NULL))
		top = own_strndup(found.ptr, found.size - (found.size > 1));
	git_buf_dispose(&found);
	return top ? top : own_strdup(folder);
}

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
static ssize_t inside(const char *folder, const char *real_path)
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
static bool find_prefix(
	git_repository *repository, struct text *prefix, const char *real_path)
{
	const char *const folders[] = {
		git_repository_workdir(repository),
		git_repository_path(repository),
		git_repository_commondir(repository),
	};
	ssize_t longest = -1;

	for (size_t i = 0; i < COUNT(folders); i++) {
		ssize_t length = inside(folders[i], real_path);

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
	if (find_prefix(*repository, &unused, real_path))
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
	if (code && refusal_is_foreign(code)) {
		owned = repository_owned_folder(folder);
		code = trust_says(owned)
			       ? open_trusted(repository, folder, real_path)
			       : GIT_EOWNER;
	}
	pthread_mutex_unlock(&lock);
	return code;
}

static bool open_at(git_repository **repository, struct text *prefix,
	const char *real_path, struct diags *diags)
{
	AUTO_FREE char *folder = existing_folder(real_path);
	int code = open_any(repository, folder, real_path);

	if (code)
		return refusal_explain(folder, real_path, code, diags);
	if (!refusal_of_format(*repository, folder, diags))
		return false;
	if (find_prefix(*repository, prefix, real_path))
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
	shell_word(&command, index);
	if (of_one) {
		text_format(&pack, "%.*s.pack", (int)(dot - index), index);
		text_append(&command, " && git index-pack ");
		shell_word(&command, pack.data);
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

	if (!start_libgit2(strict, diags) ||
		!open_at(repository, prefix, real_path, diags))
		return false;
	if (!pack_indexes_fit(*repository, &wrong))
		return damaged_index(wrong.data, diags);
	if (!loose_make_safe(*repository))
		return true;
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"cannot read the objects of '%s': %s", real_path,
		repository_error());
}
