#include "tests/unit/scratch.h"

#include "catalog/catalog.h"

#include <dirent.h>

static struct scratch scratch;
static struct diags diags;
static struct catalog *catalog;

static int make(void **state)
{
	(void)state;
	scratch_make(&scratch);
	diags = (struct diags)DIAGS_INIT;
	catalog = NULL;
	return 0;
}

static int clean(void **state)
{
	(void)state;
	catalog_close(catalog);
	diags_release(&diags);
	scratch_remove(&scratch);
	return 0;
}

static bool open_at(const char *name, const char *rev)
{
	struct revision *revision;

	catalog_close(catalog);
	catalog = NULL;
	return revision_open(&revision, scratch_path(&scratch, name), rev,
		       false, &diags) &&
	       catalog_open(&catalog, revision, &diags);
}

static void must_open(const char *rev)
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

static void write_small(void)
{
	scratch_write(&scratch, "cat/domains/a/domain.yaml", "name: A\n");
	scratch_write(&scratch, "cat/domains/a/targets/box.yaml", target_text);
	scratch_write(&scratch, "cat/domains/a/bridges/web.yaml", bridge_text);
	scratch_write(&scratch, "cat/domains/b/domain.yml", "name: B\n");
	scratch_write(&scratch, "cat/domains/b/bridges/api.yml", other_text);
	scratch_write(&scratch, "cat/actors/bot.yaml", "class: automation\n");
}

static struct document *find(enum document_kind kind, const char *id)
{
	struct document *document;

	assert_true(catalog_find(catalog, kind, id, &document, &diags));
	return document;
}

static const char *const all_revs[] = {"HEAD", "INDEX", "WORKTREE"};

static void a_folder_without_domains_is_no_catalog(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/notes.txt", "hello\n");

	assert_false(open_at("cat", "WORKTREE"));

	expect_finding(&diags, RULE_CATALOG_MISSING, "'domains/' is not in");
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
	assert_true(catalog_list(catalog, &diags));
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
		assert_true(catalog_list(catalog, &diags));
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

		assert_true(catalog_list(catalog, &diags));

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

	assert_true(catalog_list(catalog, &diags));

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

	assert_true(catalog_list(catalog, &diags));

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

	assert_false(catalog_list(catalog, &diags));

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

	assert_false(catalog_list(catalog, &diags));

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
		assert_false(catalog_list(catalog, &diags));
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

	assert_false(catalog_load(catalog, &diags));

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
		assert_false(catalog_load(catalog, &diags));

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

	assert_true(catalog_list(catalog, &diags));

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

	assert_true(catalog_validate(catalog, &diags));

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
	assert_false(catalog_load(catalog, &diags));
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

	assert_false(catalog_load(catalog, &diags));

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

	assert_false(catalog_load(catalog, &diags));

	expect_finding(&diags, RULE_SCHEMA_INVALID,
		"schemas/domain.schema.json:1: error: ");
	assert_int_equal(diags.errors, 1);
	assert_true(find(DOCUMENT_DOMAIN, "a")->valid);
}

/* More than the index is worth, and more than one thread is. */
static void write_large(void)
{
	for (int i = 0; i < 600; i++) {
		char path[80];

		snprintf(path, sizeof(path),
			"cat/domains/d%02d/bridges/b%03d.yaml", i % 20, i);
		scratch_write(&scratch, path, bridge_text);
		if (i < 20) {
			snprintf(path, sizeof(path),
				"cat/domains/d%02d/domain.yaml", i);
			scratch_write(&scratch, path, "name: D\n");
		}
	}
	scratch_write(
		&scratch, "cat/domains/d07/targets/box.yaml", target_text);
	scratch_write(&scratch, "cat/actors/bot.yaml", "class: human\n");
}

static size_t list_cache(char *first, size_t size)
{
	const char *folder = scratch_path(&scratch, "cache/bridge");
	const struct dirent *entry;
	size_t count = 0;
	DIR *stream = opendir(folder);

	while (stream && (entry = readdir(stream))) {
		if (entry->d_name[0] == '.' && strlen(entry->d_name) < 3)
			continue;
		if (!count++)
			snprintf(first, size, "cache/bridge/%s", entry->d_name);
	}
	if (stream)
		closedir(stream);
	return count;
}

static void a_large_catalog_gets_an_index_in_the_cache(void **state)
{
	char name[300];

	(void)state;
	write_large();
	scratch_commit(&scratch, "cat");
	setenv("XDG_CACHE_HOME", scratch_path(&scratch, "cache"), 1);
	must_open("HEAD");

	assert_string_equal(find(DOCUMENT_BRIDGE, "b123")->domain, "d03");
	assert_int_equal(list_cache(name, sizeof(name)), 1);
	assert_string_equal(find(DOCUMENT_BRIDGE, "b599")->domain, "d19");
	assert_string_equal(find(DOCUMENT_TARGET, "box")->domain, "d07");
	assert_null(find(DOCUMENT_BRIDGE, "box"));
	assert_null(find(DOCUMENT_BRIDGE, "b600"));
}

static void a_small_catalog_gets_none(void **state)
{
	char name[300];

	(void)state;
	write_small();
	scratch_commit(&scratch, "cat");
	setenv("XDG_CACHE_HOME", scratch_path(&scratch, "cache"), 1);
	must_open("HEAD");

	assert_non_null(find(DOCUMENT_BRIDGE, "web"));

	assert_int_equal(list_cache(name, sizeof(name)), 0);
}

/* Read it, change one byte everywhere in turn, ask. */
static void a_damaged_index_never_gives_a_wrong_answer(void **state)
{
	char name[300];
	char *bytes;
	long size;
	FILE *file;

	(void)state;
	write_large();
	scratch_commit(&scratch, "cat");
	setenv("XDG_CACHE_HOME", scratch_path(&scratch, "cache"), 1);
	must_open("HEAD");
	assert_non_null(find(DOCUMENT_BRIDGE, "b123"));
	assert_int_equal(list_cache(name, sizeof(name)), 1);
	file = fopen(scratch_path(&scratch, name), "r");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	bytes = own_alloc((size_t)size);
	assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
	fclose(file);

	for (long at = 0; at < size; at += at < 40 ? 1 : 97) {
		char kept = bytes[at];

		bytes[at] = (char)~kept;
		file = fopen(scratch_path(&scratch, name), "w");
		assert_int_equal(fwrite(bytes, 1, (size_t)size, file), size);
		fclose(file);
		bytes[at] = kept;
		must_open("HEAD");
		assert_string_equal(
			find(DOCUMENT_BRIDGE, "b123")->domain, "d03");
		assert_null(find(DOCUMENT_BRIDGE, "b600"));
	}
	for (long length = 0; length < size; length += 311) {
		assert_int_equal(
			truncate(scratch_path(&scratch, name), length), 0);
		must_open("HEAD");
		assert_string_equal(
			find(DOCUMENT_BRIDGE, "b123")->domain, "d03");
	}
	free(bytes);
}

static void an_index_that_lies_costs_time_and_nothing_else(void **state)
{
	char old[300];
	char new[300];

	(void)state;
	write_large();
	scratch_commit(&scratch, "cat");
	setenv("XDG_CACHE_HOME", scratch_path(&scratch, "cache"), 1);
	must_open("HEAD");
	assert_string_equal(find(DOCUMENT_BRIDGE, "b123")->domain, "d03");
	assert_int_equal(list_cache(old, sizeof(old)), 1);
	assert_int_equal(rename(scratch_path(&scratch, old),
				 scratch_path(&scratch, "old")),
		0);
	scratch_git(&scratch, "cat", "mv", "domains/d03/bridges/b123.yaml",
		"domains/d04/bridges/b123.yaml", NULL);
	scratch_commit(&scratch, "cat");
	must_open("HEAD");
	assert_non_null(find(DOCUMENT_BRIDGE, "b124"));
	assert_int_equal(list_cache(new, sizeof(new)), 1);
	assert_string_not_equal(new, old);
	assert_int_equal(rename(scratch_path(&scratch, "old"),
				 scratch_path(&scratch, new)),
		0);

	must_open("HEAD");

	assert_string_equal(find(DOCUMENT_BRIDGE, "b123")->domain, "d04");
}

static void a_cache_that_cannot_be_written_is_no_error(void **state)
{
	(void)state;
	write_large();
	scratch_commit(&scratch, "cat");
	scratch_write(&scratch, "cache", "a file, not a folder\n");
	setenv("XDG_CACHE_HOME", scratch_path(&scratch, "cache"), 1);
	must_open("HEAD");

	assert_string_equal(find(DOCUMENT_BRIDGE, "b123")->domain, "d03");

	expect_no_findings(&diags);
}

static void only_the_newest_indexes_are_kept(void **state)
{
	char name[300];

	(void)state;
	write_large();
	setenv("XDG_CACHE_HOME", scratch_path(&scratch, "cache"), 1);
	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "cache/bridge/locate-1-%040d", i);
		scratch_write(&scratch, name, "old\n");
	}
	scratch_write(&scratch, "cache/bridge/other", "not ours\n");
	scratch_commit(&scratch, "cat");
	must_open("HEAD");

	assert_non_null(find(DOCUMENT_BRIDGE, "b123"));

	assert_int_equal(list_cache(name, sizeof(name)), 8 + 1);
}

static void many_documents_are_all_read_and_findings_keep_one_order(
	void **state)
{
	(void)state;
	write_large();
	for (int i = 0; i < 40; i++) {
		char path[80];

		snprintf(path, sizeof(path),
			"cat/domains/d%02d/bridges/b%03d.yaml", i % 20, i);
		scratch_write(&scratch, path, "{ broken\n");
	}
	/* Found while listing, before anything is parsed. */
	scratch_write(&scratch, "cat/domains/zz.txt", "stray\n");
	scratch_commit(&scratch, "cat");
	must_open("HEAD");
	assert_false(catalog_load(catalog, &diags));

	assert_int_equal(catalog->files, 600 + 20 + 2);
	assert_int_equal(diags.count, 41);
	assert_int_equal(diags.errors, 40);
	for (size_t i = 0; i < catalog->of[DOCUMENT_BRIDGE].count; i++)
		assert_true(catalog->of[DOCUMENT_BRIDGE].list[i]->read);
	for (size_t i = 1; i < diags.count; i++)
		assert_true(
			strcmp(diags.list[i - 1].path, diags.list[i].path) < 0);
}

static void validation_reads_and_applies_the_rules(void **state)
{
	(void)state;
	write_small();
	scratch_write(&scratch, "cat/domains/a/bridges/two.yaml", bridge_text);
	scratch_commit(&scratch, "cat");
	for (size_t i = 0; i < COUNT(all_revs); i++) {
		must_open(all_revs[i]);

		assert_false(catalog_validate(catalog, &diags));

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
		TEST(a_large_catalog_gets_an_index_in_the_cache),
		TEST(a_small_catalog_gets_none),
		TEST(a_damaged_index_never_gives_a_wrong_answer),
		TEST(an_index_that_lies_costs_time_and_nothing_else),
		TEST(a_cache_that_cannot_be_written_is_no_error),
		TEST(only_the_newest_indexes_are_kept),
		TEST(many_documents_are_all_read_and_findings_keep_one_order),
		TEST(validation_reads_and_applies_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
