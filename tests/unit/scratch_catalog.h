/*
 * A catalog in the folder cat/ of a scratch folder, opened at any revision.
 */
#ifndef TESTS_SCRATCH_CATALOG_H
#define TESTS_SCRATCH_CATALOG_H

#include "tests/unit/scratch.h"

#include "catalog/store/catalog.h"

static struct scratch scratch;
static struct diags diags;
static struct catalog *catalog;

static inline int make(void **state)
{
	(void)state;
	scratch_make(&scratch);
	diags = (struct diags)DIAGS_INIT;
	catalog = NULL;
	return 0;
}

static inline int clean(void **state)
{
	(void)state;
	catalog_close(catalog);
	diags_release(&diags);
	scratch_remove(&scratch);
	return 0;
}

static inline bool open_at(const char *name, const char *rev)
{
	struct revision *revision;

	catalog_close(catalog);
	catalog = NULL;
	return revision_open(&revision, scratch_path(&scratch, name), rev,
		       false, &diags) &&
	       catalog_open(&catalog, revision, &diags);
}

static inline void must_open(const char *rev)
{
	bool good = open_at("cat", rev);

	expect_no_findings(&diags);
	assert_true(good);
}

static const char target_text[] = "host: h.example.com\n";
static const char bridge_text[] =
	"target: box\nremote_port: 9000\nlocal_port: 80\nactor: bot\n"
	"ssh_user: u\nssh_key: /k\n";

static const char other_text[] =
	"target: box\nremote_port: 9001\nlocal_port: 80\nactor: bot\n";

static inline void write_small(void)
{
	scratch_write(&scratch, "cat/domains/a/domain.yaml", "name: A\n");
	scratch_write(&scratch, "cat/domains/a/targets/box.yaml", target_text);
	scratch_write(&scratch, "cat/domains/a/bridges/web.yaml", bridge_text);
	scratch_write(&scratch, "cat/domains/b/domain.yml", "name: B\n");
	scratch_write(&scratch, "cat/domains/b/bridges/api.yml", other_text);
	scratch_write(&scratch, "cat/actors/bot.yaml", "class: automation\n");
}

static inline struct document *find(enum document_kind kind, const char *id)
{
	struct document *document;

	assert_true(catalog_find(catalog, kind, id, &document, &diags));
	return document;
}

#endif
