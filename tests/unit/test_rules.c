#include "catalog/rules/validate.h"
#include "catalog/store/catalog.h"
#include "tests/unit/scratch.h"

#include "catalog/rules/rules.h"

#include "schema/yaml/parse.h"

static struct scratch scratch;
static struct diags diags;
static struct catalog *catalog;

static void write_box(const char *name, const char *text)
{
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "cat/domains/a/%s.yaml", name);
	scratch_write(&scratch, path.data, text);
}

/* A catalog that no rule has anything to say about. */
static int make(void **state)
{
	(void)state;
	scratch_make(&scratch);
	diags = (struct diags)DIAGS_INIT;
	catalog = NULL;
	write_box("domain", "name: A\n");
	write_box("targets/box", "host: box.example.com\n");
	write_box("bridges/web", "target: box\n"
				 "remote_port: 9000\n"
				 "local_port: 80\n"
				 "actor: bot\n");
	scratch_write(&scratch, "cat/actors/bot.yaml", "class: automation\n");
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

static struct catalog *open_catalog(struct diags *found)
{
	struct revision *revision;
	struct catalog *opened;

	assert_true(revision_open(&revision, scratch_path(&scratch, "cat"),
		"WORKTREE", true, found));
	assert_true(catalog_open(&opened, revision, found));
	return opened;
}

/* What is found in digests is what is found in whole trees. */
static void compare_with_digests(void)
{
	AUTO(diags) found = DIAGS_INIT;
	struct catalog *digests = open_catalog(&found);

	digests->digests = true;
	validate_catalog(digests, &found);
	diags_sort(&found);
	assert_int_equal(found.count, diags.count);
	for (size_t i = 0; i < found.count; i++) {
		assert_int_equal(
			diag_compare(&found.list[i], &diags.list[i]), 0);
		assert_int_equal(
			found.list[i].severity, diags.list[i].severity);
	}
	catalog_close(digests);
}

static bool validate(void)
{
	bool good;

	catalog_close(catalog);
	diags_release(&diags);
	catalog = open_catalog(&diags);
	good = validate_catalog(catalog, &diags);
	diags_sort(&diags);
	compare_with_digests();
	return good;
}

/* One finding, and no other. */
static void expect_one(enum rule rule, const char *text)
{
	expect_finding(&diags, rule, text);
	assert_int_equal(diags.count, 1);
}

static void a_good_catalog_has_no_findings(void **state)
{
	(void)state;
	assert_true(validate());

	expect_no_findings(&diags);
}

static void a_target_that_is_not_defined_is_named_with_the_nearest(void **state)
{
	(void)state;
	write_box("bridges/two", "target: bxo\n"
				 "remote_port: 9001\n"
				 "local_port: 80\n"
				 "actor: bot\n");

	assert_false(validate());

	expect_one(RULE_REFERENCE_TARGET,
		"domains/a/bridges/two.yaml:1: error: target 'bxo' is not "
		"defined; did you mean 'box'?");
	assert_int_equal(diags.list[0].column, 9);
}

static void a_target_may_be_named_with_its_domain(void **state)
{
	(void)state;
	write_box("bridges/two", "target: a/box\n"
				 "remote_port: 9001\n"
				 "local_port: 80\n"
				 "actor: bot\n");
	write_box("bridges/three", "target: b/box\n"
				   "remote_port: 9002\n"
				   "local_port: 80\n"
				   "actor: bot\n");

	assert_false(validate());

	expect_one(
		RULE_REFERENCE_TARGET, "three.yaml:1: error: target 'b/box'");
}

static void an_actor_that_is_not_defined_is_named_with_the_nearest(void **state)
{
	(void)state;
	write_box("bridges/two", "target: box\n"
				 "remote_port: 9001\n"
				 "local_port: 80\n"
				 "actor: bto\n");

	assert_false(validate());

	expect_one(RULE_REFERENCE_ACTOR,
		"two.yaml:4: error: actor 'bto' is not defined; did you mean "
		"'bot'?");
}

static void without_actors_and_configuration_there_is_one_note(void **state)
{
	(void)state;
	assert_int_equal(
		unlink(scratch_path(&scratch, "cat/actors/bot.yaml")), 0);
	write_box("bridges/two", "target: box\n"
				 "remote_port: 9001\n"
				 "local_port: 80\n"
				 "actor: other\n");

	assert_true(validate());

	expect_one(RULE_REFERENCE_LOCAL_ACTOR,
		"two.yaml:4: note: the catalog has no actors/ folder: "
		"tunnels.yaml must define the actors of 2 bridges");
}

static void a_configuration_defines_actors_or_does_not(void **state)
{
	AUTO(arena) arena = ARENA_INIT;
	static const char actors[] = "other: {class: human}\n";
	struct source source = {.path = "tunnels.yaml",
		.bytes = actors,
		.length = sizeof(actors) - 1};

	(void)state;
	write_box("bridges/two", "target: box\n"
				 "remote_port: 9001\n"
				 "local_port: 80\n"
				 "actor: other\n");
	catalog = open_catalog(&diags);
	catalog->has_config = true;
	assert_false(validate_catalog(catalog, &diags));
	expect_one(RULE_REFERENCE_ACTOR, "actor 'other' is not defined");

	diags_release(&diags);
	catalog_close(catalog);
	catalog = open_catalog(&diags);
	catalog->has_config = true;
	catalog->config_actors = yaml_parse(&arena, &source, &diags);
	assert_true(validate_catalog(catalog, &diags));
	expect_one(RULE_REFERENCE_LOCAL_ACTOR,
		"two.yaml:4: note: actor 'other' is defined in tunnels.yaml "
		"only");
}

static void a_broken_document_is_not_a_missing_one(void **state)
{
	(void)state;
	write_box("targets/box", "host: [\n");
	scratch_write(&scratch, "cat/actors/bot.yaml", "class: robot\n");

	assert_false(validate());

	expect_finding(&diags, RULE_YAML_SYNTAX, "targets/box.yaml");
	expect_finding(&diags, RULE_SCHEMA_ENUM, "actors/bot.yaml:1");
	assert_int_equal(diags.count, 2);
}

static void a_broken_bridge_makes_nothing_unused(void **state)
{
	(void)state;
	write_box("bridges/web", "target: [\n");

	assert_false(validate());
	expect_finding(&diags, RULE_YAML_SYNTAX, "bridges/web.yaml");
	assert_int_equal(diags.count, 1);

	write_box("bridges/web", "target: box\nactor: bot\nremote_port: x\n");
	assert_false(validate());
	assert_int_equal(count_findings(&diags, RULE_UNUSED_TARGET), 0);
	assert_int_equal(count_findings(&diags, RULE_UNUSED_ACTOR), 0);
}

static void jump_hosts_are_targets_or_look_like_hosts(void **state)
{
	(void)state;
	write_box("targets/gate", "host: gate.example.com\n");
	write_box("targets/box", "host: box.example.com\n"
				 "proxy_jump:\n"
				 "  - gate\n"
				 "  - a/gate\n"
				 "  - jump.example.com\n"
				 "  - user@plain\n"
				 "  - plain:22\n"
				 "  - gaet\n");

	assert_false(validate());

	expect_one(RULE_REFERENCE_PROXY_JUMP,
		"targets/box.yaml:8: error: proxy_jump 'gaet' is no target; did "
		"you mean 'gate'?");
}

static void jump_hosts_in_a_circle_are_an_error(void **state)
{
	(void)state;
	write_box("targets/box", "host: b.example.com\nproxy_jump: one\n");
	write_box("targets/one", "host: one.example.com\nproxy_jump: two\n");
	write_box("targets/two",
		"host: two.example.com\nproxy_jump: [x@y, one]\n");
	write_box("targets/self", "host: s.example.com\nproxy_jump: self\n");

	assert_false(validate());

	expect_finding(&diags, RULE_PROXY_JUMP_CYCLE,
		"targets/two.yaml:2: error: the jump hosts form a circle: one "
		"-> two -> one");
	expect_finding(&diags, RULE_PROXY_JUMP_CYCLE, "self -> self");
	assert_int_equal(diags.count, 2);
}

static void a_target_reached_in_two_ways_is_no_circle(void **state)
{
	(void)state;
	write_box("targets/end", "host: end.example.com\n");
	write_box("targets/one", "host: one.example.com\nproxy_jump: end\n");
	write_box("targets/box",
		"host: b.example.com\nproxy_jump: [end, one, end]\n");

	assert_true(validate());

	expect_no_findings(&diags);
}

static void a_long_chain_of_jump_hosts_is_walked_without_recursion(void **state)
{
	(void)state;
	for (int i = 0; i < 3000; i++) {
		AUTO(text) name = TEXT_INIT;
		AUTO(text) text = TEXT_INIT;

		text_format(&name, "targets/t%d", i);
		text_format(&text, "host: t%d.example.com\nproxy_jump: t%d\n",
			i, (i + 1) % 3000);
		write_box(name.data, text.data);
	}

	assert_false(validate());

	assert_int_equal(count_findings(&diags, RULE_PROXY_JUMP_CYCLE), 1);
}

static void an_id_inside_must_be_that_of_the_file(void **state)
{
	(void)state;
	write_box("targets/box", "id: bocks\nhost: box.example.com\n");
	write_box("domain", "id: a\nname: A\n");

	assert_false(validate());

	expect_one(RULE_ID_MISMATCH,
		"targets/box.yaml:1: error: the id is 'bocks' here");
}

static void a_domain_without_its_file_is_an_error(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/bridges/x.yaml",
		"target: box\nremote_port: 1\nlocal_port: 1\nactor: bot\n");

	assert_false(validate());

	expect_one(RULE_LAYOUT_NO_DOMAIN,
		"domains/b/domain.yaml:0: error: the folder of domain 'b'");
}

static void an_empty_domain_is_noted(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/domain.yaml", "name: B\n");

	assert_true(validate());

	expect_one(RULE_DOMAIN_EMPTY, "domains/b/domain.yaml:0: note: ");
}

static void what_nothing_names_is_noted(void **state)
{
	(void)state;
	write_box("targets/spare", "host: spare.example.com\n");
	write_box("targets/gate", "host: gate.example.com\n");
	write_box("targets/box", "host: b.example.com\nproxy_jump: gate\n");
	scratch_write(&scratch, "cat/actors/ann.yaml", "class: human\n");

	assert_true(validate());

	expect_finding(&diags, RULE_UNUSED_TARGET,
		"targets/spare.yaml:1: note: no bridge names the target "
		"'spare'");
	expect_finding(&diags, RULE_UNUSED_ACTOR, "actors/ann.yaml:1: note: ");
	assert_int_equal(diags.count, 2);
}

static void write_second(const char *lines)
{
	AUTO(text) text = TEXT_INIT;

	text_format(&text, "%slocal_port: 80\nactor: bot\n", lines);
	write_box("bridges/web2", text.data);
}

static void two_bridges_on_one_remote_port_clash(void **state)
{
	static const char *const same[] = {
		"remote_port: 9000\ntarget: box\n",
		"remote_port: 9000\nhost: BOX.example.com\n",
		"remote_port: 9000\nhost: box.example.com\nssh_port: 22\n",
		"remote_port: 9000\ntarget: box\nremote_bind: localhost\n",
		"remote_port: 9000\ntarget: box\nremote_bind: '*'\n",
		"remote_port: 9000\ntarget: box\nremote_bind: 0.0.0.0\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(same); i++) {
		write_second(same[i]);

		assert_false(validate());

		expect_one(RULE_PORT_CLASH,
			"bridges/web2.yaml:1: error: bridge 'web2' listens on "
			"port 9000");
		expect_one(RULE_PORT_CLASH,
			"as bridge 'web' does at domains/a/bridges/web.yaml:2");
	}
}

static void a_bridge_on_every_address_clashes_with_all(void **state)
{
	(void)state;
	write_box("bridges/web", "target: box\n"
				 "remote_port: 9000\n"
				 "remote_bind: '*'\n"
				 "local_port: 80\n"
				 "actor: bot\n");
	write_second("remote_port: 9000\ntarget: box\n"
		     "remote_bind: 10.0.0.1\n");

	assert_false(validate());

	expect_one(RULE_PORT_CLASH, "bridges/web2.yaml:1");
}

static void bridges_that_are_not_in_each_others_way_do_not_clash(void **state)
{
	static const char *const other[] = {
		"remote_port: 9001\ntarget: box\n",
		"remote_port: 9000\ntarget: box\nenabled: false\n",
		"remote_port: 9000\nhost: other.example.com\n",
		"remote_port: 9000\ntarget: box\nssh_port: 2222\n",
		"remote_port: 9000\ntarget: box\nremote_bind: 10.0.0.1\n",
		"remote_port: 9000\ntarget: box\nproxy_jump: x@gate\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(other); i++) {
		write_second(other[i]);

		assert_true(validate());

		expect_no_findings(&diags);
	}
}

static void defaults_count_when_ports_are_compared(void **state)
{
	(void)state;
	write_second("remote_port: 9000\ntarget: box\nssh_port: 2222\n");
	scratch_write(
		&scratch, "cat/catalog.yaml", "defaults: {ssh_port: 2222}\n");

	assert_false(validate());

	expect_one(RULE_PORT_CLASH, "bridges/web2.yaml:1");
}

static void write_health(const char *check)
{
	AUTO(text) text = TEXT_INIT;

	text_format(&text,
		"target: box\nremote_port: 9000\nlocal_port: 80\nactor: bot\n"
		"health_check: {%s}\n",
		check);
	write_box("bridges/web", text.data);
}

static void a_local_check_of_the_remote_port_is_pointed_out(void **state)
{
	static const char *const urls[] = {"http://127.0.0.1:9000/health",
		"http://localhost:9000", "https://u@localhost:9000/x",
		"http://[::1]:9000/"};

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		AUTO(text) check = TEXT_INIT;

		text_format(&check, "url: '%s'", urls[i]);
		write_health(check.data);

		assert_true(validate());

		expect_one(RULE_HEALTH_REMOTE_PORT,
			"bridges/web.yaml:5: note: the health check asks "
			"port 9000");
	}
}

static void other_health_checks_are_fine(void **state)
{
	static const char *const checks[] = {
		"url: 'http://127.0.0.1:80/'",
		"url: 'http://127.0.0.1/'",
		"url: 'http://127.0.0.1:9000/', from: remote",
		"url: 'http://elsewhere.example.com:9000/'",
		"url: 'http://127.0.0.1:90001/'",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(checks); i++) {
		write_health(checks[i]);

		assert_true(validate());

		expect_no_findings(&diags);
	}
}

static void secrets_are_found_and_never_shown(void **state)
{
	static const char *const lines[] = {
		"x-password: hunter2hunter2",
		"x-db-token: hunter2hunter2",
		"x-a: {b: [{SECRET: hunter2hunter2}]}",
		"notes: see https://me:hunter2hunter2@example.com/x",
		"notes: \"-----BEGIN OPENSSH PRIVATE KEY-----\\nhunter2\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		AUTO(text) text = TEXT_INIT;

		text_format(&text, "host: box.example.com\n%s\n", lines[i]);
		write_box("targets/box", text.data);

		assert_false(validate());

		expect_one(RULE_SECRET, "targets/box.yaml:2: error: ");
		assert_null(strstr(diags.list[0].message, "hunter2"));
		assert_null(diags.list[0].excerpt);
	}
}

static void what_only_looks_like_a_secret_is_none(void **state)
{
	(void)state;
	write_box("targets/box", "host: box.example.com\n"
				 "x-password: ''\n"
				 "x-tokens: many\n"
				 "x-secret: {kept-in: vault}\n"
				 "x-passwordless: 'yes'\n"
				 "notes: \"-----BEGIN PUBLIC KEY-----\"\n"
				 "links: ['https://example.com:8443/@x', "
				 "'https://me@example.com/']\n");

	assert_true(validate());

	expect_no_findings(&diags);
}

static void a_rule_can_be_turned_off_or_made_worse(void **state)
{
	(void)state;
	write_box("targets/spare", "host: spare.example.com\n");
	scratch_write(&scratch, "cat/catalog.yaml",
		"rules: {unused/target: 'off'}\n");
	assert_true(validate());
	expect_no_findings(&diags);

	scratch_write(&scratch, "cat/catalog.yaml",
		"rules: {unused/target: error}\n");
	assert_false(validate());
	expect_one(RULE_UNUSED_TARGET, "spare.yaml:1: error: ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_good_catalog_has_no_findings),
		TEST(a_target_that_is_not_defined_is_named_with_the_nearest),
		TEST(a_target_may_be_named_with_its_domain),
		TEST(an_actor_that_is_not_defined_is_named_with_the_nearest),
		TEST(without_actors_and_configuration_there_is_one_note),
		TEST(a_configuration_defines_actors_or_does_not),
		TEST(a_broken_document_is_not_a_missing_one),
		TEST(a_broken_bridge_makes_nothing_unused),
		TEST(jump_hosts_are_targets_or_look_like_hosts),
		TEST(jump_hosts_in_a_circle_are_an_error),
		TEST(a_target_reached_in_two_ways_is_no_circle),
		TEST(a_long_chain_of_jump_hosts_is_walked_without_recursion),
		TEST(an_id_inside_must_be_that_of_the_file),
		TEST(a_domain_without_its_file_is_an_error),
		TEST(an_empty_domain_is_noted),
		TEST(what_nothing_names_is_noted),
		TEST(two_bridges_on_one_remote_port_clash),
		TEST(a_bridge_on_every_address_clashes_with_all),
		TEST(bridges_that_are_not_in_each_others_way_do_not_clash),
		TEST(defaults_count_when_ports_are_compared),
		TEST(a_local_check_of_the_remote_port_is_pointed_out),
		TEST(other_health_checks_are_fine),
		TEST(secrets_are_found_and_never_shown),
		TEST(what_only_looks_like_a_secret_is_none),
		TEST(a_rule_can_be_turned_off_or_made_worse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
