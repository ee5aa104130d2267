#include "catalog/git/libgit2_init.h"

#include "catalog/libgit2/inflate_truncated.h"
#include "catalog/libgit2/no_tls.h"
#include "catalog/libgit2/version.h"

#include "schema/base/alloc.h"

#include <git2.h>
#include <pthread.h>

/*
 * Extensions that change nothing about reading objects and references, or
 * nothing with their usual values, for which open_error_format() looks.
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

const char *libgit2_error(void)
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

bool libgit2_init(bool strict, struct diags *diags)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	static pthread_once_t once_strict = PTHREAD_ONCE_INIT;

	pthread_once(&once, start);
	if (!is_started)
		return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
			"cannot start libgit2: %s", libgit2_error());
	if (strict)
		pthread_once(&once_strict, be_strict);
	return true;
}
