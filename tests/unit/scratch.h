/*
 * A temporary folder for one test: files, and Git repositories made by the
 * real git with nobody's configuration.
 *
 *	struct scratch scratch;
 *	scratch_make(&scratch);
 *	scratch_write(&scratch, "repo/domains/a/domain.yaml", "name: A\n");
 *	scratch_git(&scratch, "repo", "init", "-q", NULL);
 *	...
 *	scratch_remove(&scratch);
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include "tests/unit/unit.h"

#include "schema/base/text.h"
#include "schema/diag/diag.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct scratch {
	char folder[64];
	char home[80];
	char *previous; /* working directory */
};

/* The kinds of revision, each by its name. */
static const char *const all_revs[] = {"HEAD", "INDEX", "WORKTREE"};

/* Variables of a session around the tests must not leak in. */
static inline void scratch_forget_environment(void)
{
	static const char *const names[] = {"GIT_DIR", "GIT_WORK_TREE",
		"GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX",
		"GIT_CEILING_DIRECTORIES", "BRIDGE_CONFIG",
		"BRIDGE_CATALOG_REV", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};

	for (size_t i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
}

static inline void scratch_make(struct scratch *scratch)
{
	strcpy(scratch->folder, "/tmp/bridge-unit-XXXXXX");
	assert_non_null(mkdtemp(scratch->folder));
	snprintf(scratch->home, sizeof(scratch->home), "%s/home",
		scratch->folder);
	assert_int_equal(mkdir(scratch->home, 0700), 0);
	scratch->previous = getcwd(NULL, 0);
	scratch_forget_environment();
	setenv("HOME", scratch->home, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
}

static inline int scratch_unlink(
	const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline void scratch_remove(struct scratch *scratch)
{
	scratch_forget_environment();
	assert_int_equal(chdir(scratch->previous), 0);
	free(scratch->previous);
	nftw(scratch->folder, scratch_unlink, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_not_equal(access(scratch->folder, F_OK), 0);
}

/* The absolute path of a name in the folder; valid until the fourth call. */
static inline const char *scratch_path(
	const struct scratch *scratch, const char *name)
{
	static char paths[4][512];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s%s%s", scratch->folder,
		*name ? "/" : "", name);
	return path;
}

/* All folders on the way to a file. */
static inline void scratch_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static inline void scratch_write(
	const struct scratch *scratch, const char *name, const char *content)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s", scratch_path(scratch, name));
	scratch_folders(path);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

/* git -C name ...; the last argument is NULL. It must succeed. */
static inline void scratch_git(
	const struct scratch *scratch, const char *name, ...)
{
	static const char *const first[] = {"git", "-c", "user.name=t", "-c",
		"user.email=t@t.example", "-c", "init.defaultBranch=main", "-c",
		"gc.auto=0", "-C"};
	const char *argv[32];
	size_t count = COUNT(first);
	va_list rest;
	int status;
	pid_t pid;

	memcpy(argv, first, sizeof(first));
	argv[count++] = scratch_path(scratch, name);
	va_start(rest, name);
	while ((argv[count++] = va_arg(rest, const char *)))
		assert_true(count < COUNT(argv));
	va_end(rest);
	mkdir(scratch_path(scratch, name), 0755);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		execvp("git", (char **)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Everything in the folder in one commit on main. */
static inline void scratch_commit(
	const struct scratch *scratch, const char *name)
{
	if (access(scratch_path(scratch, name), F_OK))
		scratch_git(scratch, name, "init", "-q", NULL);
	else
		scratch_git(scratch, name, "init", "-q", ".", NULL);
	scratch_git(scratch, name, "add", "-A", NULL);
	scratch_git(scratch, name, "commit", "-q", "-m", "change", NULL);
}

/*
 * A finding of this rule whose "path:line: severity: message" contains the
 * text. The test fails with all findings on stderr when there is none.
 */
static inline void expect_finding(
	const struct diags *diags, enum rule rule, const char *text)
{
	AUTO(text) all = TEXT_INIT;

	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *diag = &diags->list[i];
		AUTO(text) line = TEXT_INIT;

		text_format(&line, "%s:%u: %s: %s",
			diag->path ? diag->path : "", diag->line,
			severity_name(diag->severity), diag->message);
		if (diag->rule == rule && strstr(line.data, text))
			return;
		text_format(
			&all, "%s [%s]\n", line.data, rule_rows[diag->rule].id);
	}
	fail_msg("no finding of %s with \"%s\" in:\n%s", rule_rows[rule].id,
		text, all.data);
}

static inline size_t count_findings(const struct diags *diags, enum rule rule)
{
	size_t count = 0;

	for (size_t i = 0; i < diags->count; i++)
		count += diags->list[i].rule == rule;
	return count;
}

static inline void expect_no_findings(const struct diags *diags)
{
	if (diags->count)
		fail_msg("%zu findings, the first: %s:%u: %s [%s]",
			diags->count,
			diags->list[0].path ? diags->list[0].path : "",
			diags->list[0].line, diags->list[0].message,
			rule_rows[diags->list[0].rule].id);
}

#endif
