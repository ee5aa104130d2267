/*
 * A whole catalog is read, parsed once for each content, and kept as little
 * as the rules need.
 */
#include "catalog/rules/validate.h"
#include "catalog/store/load.h"
#include "tests/unit/scratch.h"

#include "catalog/store/catalog.h"

#include "schema/yaml/node.h"

enum { OLD, NOW, CATALOGS };

static const char *sides[CATALOGS] = {"HEAD~1", "HEAD"};

static struct scratch scratch;
static struct catalog *catalogs[CATALOGS];
static struct diags found[CATALOGS];

static const char broken[] = "target: box\n"
			     "remote_port: 99999\n"
			     "colour: red\n"
			     "actor: bot\n";

static void put(const char *name, const char *text)
{
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "cat/%s.yaml", name);
	scratch_write(&scratch, path.data, text);
}

/* One commit, in which two bridges have the same bytes. */
static int make(void **state)
{
	(void)state;
	scratch_make(&scratch);
	put("domains/a/domain", "name: A\n");
	put("domains/a/targets/box", "host: box.example.com\n"
				     "description: in the cellar\n");
	put("domains/a/bridges/first", broken);
	put("domains/a/bridges/second", broken);
	put("domains/a/bridges/third", "target: box\n"
				       "remote_port: 9000\n"
				       "local_port: 80\n"
				       "actor: bot\n");
	put("actors/bot", "class: automation\n");
	scratch_commit(&scratch, "cat");
	return 0;
}

static void commit(void)
{
	scratch_git(&scratch, "cat", "add", "-A", NULL);
	scratch_git(&scratch, "cat", "commit", "-q", "--allow-empty", "-m",
		"next", NULL);
}

static int clean(void **state)
{
	(void)state;
	for (size_t i = 0; i < CATALOGS; i++) {
		catalog_close(catalogs[i]);
		catalogs[i] = NULL;
		diags_release(&found[i]);
	}
	scratch_remove(&scratch);
	return 0;
}

static void open_side(size_t side)
{
	struct revision *revision;

	assert_true(revision_open(&revision, scratch_path(&scratch, "cat"),
		sides[side], true, &found[side]));
	assert_true(catalog_open(&catalogs[side], revision, &found[side]));
}

/* The newer one first; the older one has it as its elder. */
static void validate_both(void)
{
	open_side(NOW);
	open_side(OLD);
	catalogs[NOW]->digests = catalogs[OLD]->digests = true;
	catalogs[NOW]->is_base = true;
	catalogs[OLD]->base = catalogs[NOW];
	validate_catalog(catalogs[NOW], &found[NOW]);
	validate_catalog(catalogs[OLD], &found[OLD]);
}

static struct document *bridge(size_t side, const char *id)
{
	AUTO(diags) ignored = DIAGS_INIT;
	struct document *document;

	assert_true(catalog_locate(
		catalogs[side], DOCUMENT_BRIDGE, id, &document, &ignored));
	assert_non_null(document);
	return document;
}

static bool share_bytes(const struct document *a, const struct document *b)
{
	return a->source->bytes == b->source->bytes;
}

static void documents_with_the_same_bytes_are_read_once(void **state)
{
	const struct document *first;
	const struct document *second;

	(void)state;
	commit();
	validate_both();
	first = bridge(NOW, "first");
	second = bridge(NOW, "second");

	assert_true(share_bytes(first, second));
	assert_false(share_bytes(first, bridge(NOW, "third")));
	assert_ptr_not_equal(first->root, second->root);
	assert_string_equal(node_get(second->root, "target")->at.source->path,
		"domains/a/bridges/second.yaml");
}

static void each_has_its_own_findings(void **state)
{
	(void)state;
	commit();
	validate_both();

	expect_finding(&found[NOW], RULE_SCHEMA_RANGE,
		"domains/a/bridges/first.yaml:2: error");
	expect_finding(&found[NOW], RULE_SCHEMA_RANGE,
		"domains/a/bridges/second.yaml:2: error");
	expect_finding(&found[NOW], RULE_SCHEMA_UNKNOWN_KEY,
		"domains/a/bridges/second.yaml:3: warning");
	assert_int_equal(
		count_findings(&found[NOW], RULE_SCHEMA_UNKNOWN_KEY), 2);
}

static void what_an_elder_knows_is_not_parsed_again(void **state)
{
	(void)state;
	put("domains/a/bridges/third", "target: box\n"
				       "remote_port: 9001\n"
				       "local_port: 80\n"
				       "actor: bot\n");
	commit();
	validate_both();

	assert_true(share_bytes(bridge(OLD, "first"), bridge(NOW, "first")));
	assert_false(share_bytes(bridge(OLD, "third"), bridge(NOW, "third")));
	assert_int_equal(found[OLD].count, found[NOW].count);
	for (size_t i = 0; i < found[OLD].count; i++) {
		const struct diag *old = &found[OLD].list[i];

		assert_int_equal(diag_compare(old, &found[NOW].list[i]), 0);
		assert_string_equal(
			old->revision, revision_id(catalogs[OLD]->revision));
	}
}

static void other_severities_make_other_findings(void **state)
{
	(void)state;
	put("catalog", "rules: {schema/unknown-key: error}\n");
	commit();
	validate_both();

	assert_false(share_bytes(bridge(OLD, "first"), bridge(NOW, "first")));
	expect_finding(&found[OLD], RULE_SCHEMA_UNKNOWN_KEY,
		"domains/a/bridges/first.yaml:3: warning");
	expect_finding(&found[NOW], RULE_SCHEMA_UNKNOWN_KEY,
		"domains/a/bridges/first.yaml:3: error");
}

static void other_schemas_make_other_findings(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/schemas/bridge.schema.yaml",
		"required: [description]\n");
	commit();
	validate_both();

	assert_false(share_bytes(bridge(OLD, "third"), bridge(NOW, "third")));
	assert_int_equal(count_findings(&found[OLD], RULE_SCHEMA_REQUIRED), 2);
	assert_int_equal(count_findings(&found[NOW], RULE_SCHEMA_REQUIRED), 5);
}

static void a_digest_becomes_whole_when_it_is_read(void **state)
{
	struct document *target;

	(void)state;
	commit();
	validate_both();
	target = catalogs[NOW]->of[DOCUMENT_TARGET].list[0];
	assert_null(node_get(target->root, "description"));
	assert_true(catalog_read(catalogs[NOW], target, &found[NOW]));

	assert_string_equal(node_string(node_get(target->root, "description")),
		"in the cellar");
}

static void whole_trees_are_shared_in_the_same_place_alone(void **state)
{
	(void)state;
	commit();
	open_side(NOW);
	open_side(OLD);
	catalogs[OLD]->base = catalogs[NOW];
	load_catalog(catalogs[NOW], &found[NOW]);
	load_catalog(catalogs[OLD], &found[OLD]);

	assert_ptr_equal(
		bridge(OLD, "third")->root, bridge(NOW, "third")->root);
	assert_ptr_not_equal(
		bridge(NOW, "first")->root, bridge(NOW, "second")->root);
	assert_string_equal(bridge(OLD, "third")->source->revision,
		revision_id(catalogs[OLD]->revision));
}

static void a_catalog_for_threads_has_the_same_findings_either_way(void **state)
{
	AUTO(text) name = TEXT_INIT;
	AUTO(text) content = TEXT_INIT;

	(void)state;
	for (unsigned i = 0; i < 700; i++) {
		text_clear(&name);
		text_clear(&content);
		text_format(&name, "domains/a/bridges/more-%03u", i);
		text_format(&content,
			"target: %s\nremote_port: %u\nlocal_port: 1\n"
			"actor: bot\n%s",
			i % 9 ? "box" : "bax", 10000 + i / 2,
			i % 7 ? "" : "x: [\n");
		put(name.data, content.data);
	}
	commit();
	sides[OLD] = "HEAD";
	open_side(NOW);
	open_side(OLD);
	sides[OLD] = "HEAD~1";
	catalogs[NOW]->digests = true;
	validate_catalog(catalogs[NOW], &found[NOW]);
	validate_catalog(catalogs[OLD], &found[OLD]);
	diags_sort(&found[NOW]);
	diags_sort(&found[OLD]);

	assert_true(count_findings(&found[NOW], RULE_PORT_CLASH) > 100);
	assert_int_equal(found[NOW].count, found[OLD].count);
	for (size_t i = 0; i < found[NOW].count; i++)
		assert_int_equal(
			diag_compare(&found[NOW].list[i], &found[OLD].list[i]),
			0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(documents_with_the_same_bytes_are_read_once),
		TEST(each_has_its_own_findings),
		TEST(what_an_elder_knows_is_not_parsed_again),
		TEST(other_severities_make_other_findings),
		TEST(other_schemas_make_other_findings),
		TEST(a_digest_becomes_whole_when_it_is_read),
		TEST(whole_trees_are_shared_in_the_same_place_alone),
		TEST(a_catalog_for_threads_has_the_same_findings_either_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
