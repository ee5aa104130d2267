#include "catalog/repository.h"

#include "catalog/loose.h"
#include "catalog/no_tls.h"
#include "catalog/truncated.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Extensions that change nothing about reading objects and references, which
 * libgit2 1.5 would refuse all the same.
 */
static const char *const harmless_extensions[] = {
	"worktreeconfig",
	"relativeworktrees",
	"partialclone",
	"preciousobjects",
};

const char *repository_error(void)
{
	const git_error *error = git_error_last();

	return error && error->message ? error->message : "unknown failure";
}

/*
 * libgit2 is never shut down: the process ends soon after, and freeing what
 * the kernel is about to take back costs time.
 */
static bool start_libgit2(bool strict, struct diags *diags)
{
	static bool started;

	if (!started) {
		if (!no_tls || !truncated_is_an_error || git_libgit2_init() < 0)
			return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
				"cannot start libgit2: %s", repository_error());
		started = true;
		git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless_extensions,
			COUNT(harmless_extensions));
		/* Every object is read once: a cache only costs. */
		git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
		git_libgit2_opts(GIT_OPT_DISABLE_PACK_KEEP_FILE_CHECKS, 1);
	}
	git_libgit2_opts(
		GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, strict ? 1 : 0);
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

char *repository_worktree_top(const char *real_path)
{
	AUTO_FREE char *folder = existing_folder(real_path);

	do {
		AUTO(text) git = TEXT_INIT;
		struct stat status;

		text_format(&git, "%s/.git", folder);
		if (!lstat(git.data, &status))
			return own_strdup(folder);
	} while (cut_last_part(folder));
	return NULL;
}

static bool foreign_owner(const char *folder, struct diags *diags)
{
	AUTO_FREE char *top = repository_worktree_top(folder);
	git_buf found = {.ptr = NULL};
	const struct passwd *user;
	struct stat status = {.st_uid = 0};
	char owner[64];

	if (!top && !git_repository_discover(&found, folder, 0, NULL))
		top = own_strndup(found.ptr, found.size - (found.size > 1));
	git_buf_dispose(&found);
	if (!top)
		top = own_strdup(folder);
	stat(top, &status);
	user = getpwuid(status.st_uid);
	snprintf(owner, sizeof(owner), "uid %u", (unsigned)status.st_uid);
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"'%s' belongs to %s, not to you; if you trust it: git config "
		"--global --add safe.directory %s (a '*' there is not enough)",
		top, user ? user->pw_name : owner, top);
}

static bool cannot_open(const char *folder, const char *real_path, int code,
	struct diags *diags)
{
	const char *error = repository_error();

	if (code == GIT_EOWNER || strstr(error, "safe.directory"))
		return foreign_owner(folder, diags);
	if (strcasestr(error, "objectformat"))
		return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
			"the repository of '%s' has SHA-256 object ids, which "
			"libgit2 cannot read; use --rev WORKTREE, or a SHA-1 "
			"clone",
			folder);
	if (strcasestr(error, "refstorage"))
		return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
			"the repository of '%s' keeps its references as "
			"reftable, which libgit2 cannot read; use --rev "
			"WORKTREE, or git refs migrate --ref-format=files",
			folder);
	if (code == GIT_ENOTFOUND && access(real_path, F_OK))
		return diag_error(diags, NULL, RULE_IO_READ,
			"there is no '%s'; name the catalog's folder, or its "
			"repository",
			real_path);
	if (code == GIT_ENOTFOUND)
		return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
			"'%s' is in no Git repository; use --rev WORKTREE to "
			"read the files as they are",
			folder);
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"cannot open the repository of '%s': %s", folder, error);
}

/*
 * With GIT_WORK_TREE set, libgit2 1.5 refuses GIT_REPOSITORY_OPEN_FROM_ENV.
 * Git never sets it together with the quarantine's variables, so the plain
 * way is enough then.
 */
static int open_environment(git_repository **repository)
{
	const char *worktree = getenv("GIT_WORK_TREE");
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
	return (((uint64_t)header[8] << 24) | (header[9] << 16) |
		       (header[10] << 8) | header[11]) *
		       LEAST_ENTRY <=
	       (uint64_t)status.st_size;
}

static bool open_at(git_repository **repository, struct text *prefix,
	const char *real_path, struct diags *diags)
{
	AUTO_FREE char *folder = existing_folder(real_path);
	int code;

	/*
	 * A hook's variables are about one repository; a catalog that lies
	 * elsewhere is none of their business.
	 */
	if (getenv("GIT_DIR") && !open_environment(repository)) {
		if (find_prefix(*repository, prefix, real_path))
			return true;
		git_repository_free(*repository);
		*repository = NULL;
	}
	code = git_repository_open_ext(
		repository, folder, 0, getenv("GIT_CEILING_DIRECTORIES"));
	if (code)
		return cannot_open(folder, real_path, code, diags);
	if (find_prefix(*repository, prefix, real_path))
		return true;
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"'%s' is outside the working tree of its repository '%s'",
		real_path, git_repository_path(*repository));
}

bool repository_open(git_repository **repository, struct text *prefix,
	const char *real_path, bool strict, struct diags *diags)
{
	if (!start_libgit2(strict, diags) ||
		!open_at(repository, prefix, real_path, diags))
		return false;
	if (!loose_make_safe(*repository))
		return true;
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"cannot read the objects of '%s': %s", real_path,
		repository_error());
}
