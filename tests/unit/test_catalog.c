#include "catalog/rules/validate.h"
#include "catalog/store/list.h"
#include "catalog/store/load.h"
#include "tests/unit/scratch_catalog.h"

static void a_folder_without_domains_is_no_catalog(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/notes.txt", "hello\n");

	assert_false(open_at("cat", "WORKTREE"));

	expect_finding(&diags, RULE_CATALOG_MISSING,
		"neither 'domains/' nor 'opscatalog/domains/' is in");
	assert_null(catalog);
}

static void documents_are_found_by_id_alone(void **state)
{
	(void)state;
	write_small();
	scratch_commit(&scratch, "cat");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		must_open(all_revs[i]);

		struct document *web = find(DOCUMENT_BRIDGE, "web");
		assert_non_null(web);
		assert_true(web->valid);
		assert_string_equal(web->domain, "a");
		assert_string_equal(web->path, "domains/a/bridges/web.yaml");
		assert_string_equal(find(DOCUMENT_BRIDGE, "api")->path,
			"domains/b/bridges/api.yml");
		assert_string_equal(find(DOCUMENT_TARGET, "box")->domain, "a");
		assert_string_equal(
			find(DOCUMENT_ACTOR, "bot")->path, "actors/bot.yaml");
		assert_string_equal(find(DOCUMENT_DOMAIN, "b")->path,
			"domains/b/domain.yml");
		assert_false(catalog->listed);
		assert_int_equal(catalog->files, 5);
	}
}

static void asking_again_gives_the_same_document(void **state)
{
	(void)state;
	write_small();
	must_open("WORKTREE");

	struct document *first = find(DOCUMENT_BRIDGE, "web");
	struct document *again = find(DOCUMENT_BRIDGE, "a/web");
	assert_true(list_catalog(catalog, &diags));
	struct document *listed = find(DOCUMENT_BRIDGE, "web");

	assert_ptr_equal(first, again);
	assert_ptr_equal(first, listed);
	assert_int_equal(catalog->files, 1);
	assert_int_equal(catalog->of[DOCUMENT_BRIDGE].count, 2);
	assert_ptr_equal(catalog->of[DOCUMENT_BRIDGE].list[0], first);
}

static void what_is_not_there_is_not_found(void **state)
{
	static const char *const ids[] = {"none", "WEB", "b/web", "a/none",
		"../web", "a/b/web", "", "web.yaml", "-x", "c/web"};

	(void)state;
	write_small();
	scratch_commit(&scratch, "cat");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		must_open(all_revs[i]);
		for (size_t k = 0; k < COUNT(ids); k++)
			assert_null(find(DOCUMENT_BRIDGE, ids[k]));
		assert_null(find(DOCUMENT_ACTOR, "a/bot"));
		assert_true(list_catalog(catalog, &diags));
		for (size_t k = 0; k < COUNT(ids); k++)
			assert_null(find(DOCUMENT_BRIDGE, ids[k]));
		expect_no_findings(&diags);
	}
}

static void listing_reads_no_document(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/domains/b/bridges/bad.yaml", "{ broken");
	scratch_commit(&scratch, "cat");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		must_open(all_revs[i]);

		assert_true(list_catalog(catalog, &diags));

		expect_no_findings(&diags);
		assert_int_equal(catalog->files, 0);
		assert_int_equal(catalog->of[DOCUMENT_DOMAIN].count, 2);
		assert_int_equal(catalog->of[DOCUMENT_TARGET].count, 1);
		assert_int_equal(catalog->of[DOCUMENT_ACTOR].count, 1);
		assert_int_equal(catalog->of[DOCUMENT_BRIDGE].count, 3);
		assert_string_equal(
			catalog->of[DOCUMENT_BRIDGE].list[0]->id, "web");
		assert_string_equal(
			catalog->of[DOCUMENT_BRIDGE].list[1]->id, "api");
	}
}

static void files_that_nothing_reads_are_pointed_out(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/domains/a/bridges/web.yaml.bak", "x");
	scratch_write(&scratch, "cat/domains/a/bridges/sub/web2.yaml", "x");
	scratch_write(&scratch, "cat/domains/a/bridge/web3.yaml", "x");
	scratch_write(&scratch, "cat/domains/a/targets.yaml", "x");
	scratch_write(&scratch, "cat/domains/c.yaml", "x");
	scratch_write(&scratch, "cat/actors/list.txt", "x");
	must_open("WORKTREE");

	assert_true(list_catalog(catalog, &diags));

	expect_finding(&diags, RULE_LAYOUT_UNEXPECTED,
		"domains/a/bridges/web.yaml.bak:0: warning: ");
	expect_finding(
		&diags, RULE_LAYOUT_UNEXPECTED, "domains/a/bridges/sub:0");
	expect_finding(&diags, RULE_LAYOUT_UNEXPECTED, "domains/a/bridge:0");
	expect_finding(
		&diags, RULE_LAYOUT_UNEXPECTED, "domains/a/targets.yaml:0");
	expect_finding(&diags, RULE_LAYOUT_UNEXPECTED, "domains/c.yaml:0");
	expect_finding(&diags, RULE_LAYOUT_UNEXPECTED, "actors/list.txt:0");
	assert_int_equal(diags.count, 6);
}

static void notes_for_people_are_left_alone(void **state)
{
	static const char *const files[] = {"cat/README.md",
		"cat/domains/README.md", "cat/domains/.gitkeep",
		"cat/domains/a/README.md", "cat/domains/a/docs/x/y.md",
		"cat/domains/a/bridges/.gitkeep",
		"cat/domains/a/targets/README.md", "cat/actors/.gitkeep"};

	(void)state;
	write_small();
	for (size_t i = 0; i < COUNT(files); i++)
		scratch_write(&scratch, files[i], "hello\n");
	must_open("WORKTREE");

	assert_true(list_catalog(catalog, &diags));

	expect_no_findings(&diags);
}

static void names_that_are_no_ids_are_errors(void **state)
{
	AUTO(text) name = TEXT_INIT;

	(void)state;
	write_small();
	text_append(&name, "cat/actors/");
	for (size_t i = 0; i < 64; i++)
		text_append_char(&name, 'x');
	text_append(&name, ".yaml");
	scratch_write(&scratch, name.data, "class: human\n");
	scratch_write(&scratch, "cat/domains/a/bridges/my web.yaml", "x");
	scratch_write(&scratch, "cat/domains/-b/domain.yaml", "name: x\n");
	must_open("WORKTREE");

	assert_false(list_catalog(catalog, &diags));

	expect_finding(&diags, RULE_LAYOUT_ID,
		"domains/a/bridges/my web.yaml:0: error: 'my web'");
	expect_finding(&diags, RULE_LAYOUT_ID, "domains/-b:0: error: '-b'");
	expect_finding(&diags, RULE_LAYOUT_ID, "actors/xxx");
	assert_int_equal(diags.count, 3);
	assert_int_equal(catalog->of[DOCUMENT_BRIDGE].count, 2);
}

static void an_id_is_unique_in_the_catalog_whatever_its_case(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/domains/b/bridges/WEB.yaml", bridge_text);
	scratch_write(&scratch, "cat/domains/b/targets/box.yaml", target_text);
	scratch_write(&scratch, "cat/actors/bot.yml", "class: human\n");
	/* A bridge may be called as a target is. */
	scratch_write(&scratch, "cat/domains/b/bridges/box.yaml", bridge_text);
	must_open("WORKTREE");

	assert_false(list_catalog(catalog, &diags));

	expect_finding(&diags, RULE_ID_DUPLICATE,
		"domains/b/bridges/WEB.yaml:0: error: the bridge id 'WEB' is "
		"taken by 'domains/a/bridges/web.yaml': upper and");
	expect_finding(
		&diags, RULE_ID_DUPLICATE, "domains/b/targets/box.yaml:0");
	expect_finding(&diags, RULE_ID_DUPLICATE, "actors/bot.yml:0");
	assert_int_equal(diags.count, 3);
}

static void two_files_of_one_id_cannot_be_used(void **state)
{
	struct document *document;

	(void)state;
	write_small();
	scratch_write(&scratch, "cat/domains/a/bridges/web.yml", bridge_text);
	must_open("WORKTREE");

	assert_false(catalog_find(
		catalog, DOCUMENT_BRIDGE, "web", &document, &diags));

	expect_finding(&diags, RULE_ID_DUPLICATE, "'web' is defined twice");
}

static void of_two_domains_with_an_id_the_first_is_found(void **state)
{
	(void)state;
	write_small();
	scratch_write(
		&scratch, "cat/domains/a-b/bridges/api.yaml", bridge_text);
	scratch_write(&scratch, "cat/domains/a/bridges/api.yaml", bridge_text);
	scratch_commit(&scratch, "cat");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		must_open(all_revs[i]);
		assert_string_equal(find(DOCUMENT_BRIDGE, "api")->domain, "a");
		assert_string_equal(
			find(DOCUMENT_BRIDGE, "b/api")->domain, "b");

		must_open(all_revs[i]);
		assert_false(list_catalog(catalog, &diags));
		assert_string_equal(find(DOCUMENT_BRIDGE, "api")->domain, "a");
		diags_release(&diags);
	}
}

static void one_broken_document_hides_no_other(void **state)
{
	struct document *document;

	(void)state;
	write_small();
	scratch_write(
		&scratch, "cat/domains/a/bridges/bad.yaml", "target: [1, 2\n");
	scratch_write(&scratch, "cat/domains/a/bridges/worse.yaml",
		"remote_port: many\n");
	must_open("WORKTREE");

	assert_false(load_catalog(catalog, &diags));

	expect_finding(&diags, RULE_YAML_SYNTAX, "domains/a/bridges/bad.yaml:");
	expect_finding(&diags, RULE_SCHEMA_TYPE,
		"domains/a/bridges/worse.yaml:1: error: ");
	assert_true(find(DOCUMENT_BRIDGE, "web")->valid);
	assert_int_equal(catalog->files, 8);
	diags_release(&diags);

	/* Asked again, it says no more than that. */
	assert_false(catalog_find(
		catalog, DOCUMENT_BRIDGE, "bad", &document, &diags));
	expect_finding(&diags, RULE_YAML_SYNTAX,
		"'domains/a/bridges/bad.yaml' cannot be used");
	assert_int_equal(diags.count, 1);
}

static void symbolic_links_in_a_catalog_are_errors(void **state)
{
	struct document *document;

	(void)state;
	write_small();
	assert_int_equal(
		symlink("web.yaml",
			scratch_path(&scratch, "cat/domains/a/bridges/l.yaml")),
		0);
	assert_int_equal(
		symlink("a", scratch_path(&scratch, "cat/domains/linked")), 0);
	scratch_commit(&scratch, "cat");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		must_open(all_revs[i]);
		assert_false(load_catalog(catalog, &diags));

		expect_finding(&diags, RULE_LAYOUT_FILE_TYPE,
			"domains/linked:0: error: ");
		expect_finding(&diags, RULE_LAYOUT_FILE_TYPE,
			"domains/a/bridges/l.yaml:0: error: ");
		assert_int_equal(diags.count, 2);
		diags_release(&diags);
		must_open(all_revs[i]);
		assert_false(catalog_find(
			catalog, DOCUMENT_BRIDGE, "l", &document, &diags));
		expect_finding(&diags, RULE_LAYOUT_FILE_TYPE, "l.yaml:0");
		diags_release(&diags);
	}
}

static void a_domain_without_its_file_is_known_and_missing(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/domains/c/bridges/x.yaml", bridge_text);
	must_open("WORKTREE");

	assert_true(list_catalog(catalog, &diags));

	assert_int_equal(catalog->of[DOCUMENT_DOMAIN].count, 3);
	assert_true(catalog->of[DOCUMENT_DOMAIN].list[2]->missing);
	assert_null(find(DOCUMENT_DOMAIN, "c"));
}

static void settings_change_what_rules_weigh(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/catalog.yaml",
		"rules:\n"
		"  layout/unexpected-file: 'off'\n"
		"  id/mismatch: note\n");
	scratch_write(&scratch, "cat/domains/stray.txt", "x");
	scratch_write(
		&scratch, "cat/domains/a/domain.yaml", "name: A\nid: other\n");
	must_open("WORKTREE");

	assert_true(validate_catalog(catalog, &diags));

	assert_int_equal(count_findings(&diags, RULE_LAYOUT_UNEXPECTED), 0);
	expect_finding(
		&diags, RULE_ID_MISMATCH, "domains/a/domain.yaml:2: note: ");
}

static void broken_settings_do_not_hide_the_catalog(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/catalog.yaml", "rules: [\n");

	assert_true(open_at("cat", "WORKTREE"));

	expect_finding(&diags, RULE_YAML_SYNTAX, "catalog.yaml:");
	assert_non_null(catalog->settings);
	assert_false(catalog->settings->valid);
	assert_true(find(DOCUMENT_BRIDGE, "web")->valid);
	assert_false(load_catalog(catalog, &diags));
}

static void an_unknown_rule_in_the_settings_is_an_error(void **state)
{
	(void)state;
	write_small();
	scratch_write(
		&scratch, "cat/catalog.yaml", "rules:\n  port/clahs: 'off'\n");

	assert_true(open_at("cat", "WORKTREE"));

	expect_finding(&diags, RULE_SCHEMA_ENUM,
		"catalog.yaml:2: error: there is no rule 'port/clahs'; did you "
		"mean 'port/clash'?");
}

static void an_organisation_adds_constraints_of_its_own(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/schemas/domain.schema.yaml",
		"required: [owner]\n");
	scratch_write(
		&scratch, "cat/domains/b/domain.yml", "name: B\nowner: me\n");
	must_open("WORKTREE");

	assert_false(load_catalog(catalog, &diags));

	expect_finding(&diags, RULE_SCHEMA_REQUIRED, "domains/a/domain.yaml:");
	assert_int_equal(diags.errors, 1);
}

static void a_wrong_schema_of_an_organisation_is_reported_once(void **state)
{
	(void)state;
	write_small();
	scratch_write(
		&scratch, "cat/schemas/domain.schema.json", "{\"type\": 17}\n");
	must_open("WORKTREE");

	assert_false(load_catalog(catalog, &diags));

	expect_finding(&diags, RULE_SCHEMA_INVALID,
		"schemas/domain.schema.json:1: error: ");
	assert_int_equal(diags.errors, 1);
	assert_true(find(DOCUMENT_DOMAIN, "a")->valid);
}

static void validation_reads_and_applies_the_rules(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/domains/a/bridges/two.yaml", bridge_text);
	scratch_commit(&scratch, "cat");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		must_open(all_revs[i]);

		assert_false(validate_catalog(catalog, &diags));

		assert_int_equal(count_findings(&diags, RULE_PORT_CLASH), 1);
		diags_release(&diags);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_folder_without_domains_is_no_catalog),
		TEST(documents_are_found_by_id_alone),
		TEST(asking_again_gives_the_same_document),
		TEST(what_is_not_there_is_not_found),
		TEST(listing_reads_no_document),
		TEST(files_that_nothing_reads_are_pointed_out),
		TEST(notes_for_people_are_left_alone),
		TEST(names_that_are_no_ids_are_errors),
		TEST(an_id_is_unique_in_the_catalog_whatever_its_case),
		TEST(two_files_of_one_id_cannot_be_used),
		TEST(of_two_domains_with_an_id_the_first_is_found),
		TEST(one_broken_document_hides_no_other),
		TEST(symbolic_links_in_a_catalog_are_errors),
		TEST(a_domain_without_its_file_is_known_and_missing),
		TEST(settings_change_what_rules_weigh),
		TEST(broken_settings_do_not_hide_the_catalog),
		TEST(an_unknown_rule_in_the_settings_is_an_error),
		TEST(an_organisation_adds_constraints_of_its_own),
		TEST(a_wrong_schema_of_an_organisation_is_reported_once),
		TEST(validation_reads_and_applies_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
