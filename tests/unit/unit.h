/*
 * What every unit test includes: cmocka needs these four before it, and
 * tests read a little better with the helpers below.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/base/alloc.h"
#include "schema/diag/diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A document that is a string literal. */
#define SOURCE(text)                                                           \
	{                                                                      \
		.path = "test.yaml", .bytes = text, .length = sizeof(text) - 1 \
	}

/* A document that a test has put together. */
static inline struct source source_of(const char *text)
{
	return (struct source){
		.path = "test.yaml", .bytes = text, .length = strlen(text)};
}

/* The finding at an index, which must exist. */
static inline const struct diag *finding(const struct diags *diags, size_t at)
{
	assert_true(at < diags->count);
	return &diags->list[at];
}

static inline void assert_finding(const struct diags *diags, size_t at,
	const char *rule, uint32_t line, uint32_t column)
{
	assert_string_equal(rule_rows[finding(diags, at)->rule].id, rule);
	assert_int_equal(finding(diags, at)->line, line);
	assert_int_equal(finding(diags, at)->column, column);
}

/* ONLY=WORD runs those tests whose names have it. */
__attribute__((constructor)) static void unit_select(void)
{
	static char pattern[256];
	const char *only = getenv("ONLY");

	if (!only || !*only)
		return;
	snprintf(pattern, sizeof(pattern), "*%s*", only);
	cmocka_set_test_filter(pattern);
}

/* SUITES, the public test data, or NULL when this machine has none. */
static inline const char *suites(void)
{
	const char *path = getenv("SUITES");

	return path && *path ? path : NULL;
}

/* What would make the test run here: tests/run.sh tells it at the end. */
static inline void skip_test(const char *reason)
{
	print_message("SKIPPED: %s\n", reason);
	skip();
}

#endif
