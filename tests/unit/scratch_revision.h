/*
 * One revision of a repository in a scratch folder.
 */
#ifndef TESTS_SCRATCH_REVISION_H
#define TESTS_SCRATCH_REVISION_H

#include "tests/unit/scratch.h"

#include "catalog/git/revision.h"
#include "schema/yaml/parse.h"

static struct scratch scratch;
static struct arena arena;
static struct diags diags;
static struct revision *revision;

static inline int make(void **state)
{
	(void)state;
	scratch_make(&scratch);
	arena = (struct arena)ARENA_INIT;
	diags = (struct diags)DIAGS_INIT;
	revision = NULL;
	return 0;
}

static inline int clean(void **state)
{
	(void)state;
	revision_close(revision);
	diags_release(&diags);
	arena_release(&arena);
	scratch_remove(&scratch);
	return 0;
}

static inline bool open_at(const char *name, const char *rev)
{
	return revision_open(
		&revision, scratch_path(&scratch, name), rev, true, &diags);
}

static inline void must_open(const char *name, const char *rev)
{
	bool good = open_at(name, rev);

	expect_no_findings(&diags);
	assert_true(good);
}

static const struct source *read_path(const char *path)
{
	const struct source *source;

	assert_true(revision_read(revision, path, &arena, &source, &diags));
	return source;
}

static inline void expect_content(const char *path, const char *content)
{
	const struct source *source = read_path(path);

	assert_non_null(source);
	assert_int_equal(source->length, strlen(content));
	assert_string_equal(source->bytes, content);
}

static inline void refuses_to_read(
	const char *path, enum rule rule, const char *text)
{
	const struct source *source;

	assert_false(revision_read(revision, path, &arena, &source, &diags));
	assert_null(source);
	expect_finding(&diags, rule, text);
}

#endif
