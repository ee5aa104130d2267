/*
 * One bridge: which of its fields comes from where.
 */
#include "tests/unit/scratch_resolver.h"

static bool resolve(const char *name)
{
	bool found;
	bool good;

	bridge_release(&bridge);
	good = resolve_bridge(&resolver, name, &bridge, &found, &diags);
	assert_true(found);
	return good;
}

static void must_resolve(const char *name)
{
	bool good = resolve(name);

	if (!good)
		expect_no_findings(&diags);
	assert_true(good);
}

static void expect_set_by(enum bridge_field field, const char *place)
{
	assert_non_null(bridge.set_by[field]);
	if (!strstr(bridge.set_by[field], place))
		fail_msg("%s is set by %s, not %s",
			bridge_field_rows[field].path, bridge.set_by[field],
			place);
}

static void a_catalog_bridge_takes_from_its_target_and_the_defaults(
	void **state)
{
	(void)state;
	open_with("");

	must_resolve("web");

	assert_string_equal(bridge.name, "web");
	assert_int_equal(bridge.source, BRIDGE_FROM_CATALOG);
	assert_string_equal(bridge.origin, "domains/a/bridges/web.yaml:1");
	assert_string_equal(bridge.revision, "WORKTREE");
	assert_string_equal(bridge.domain, "a");
	assert_string_equal(bridge.actor_class, "automation");
	assert_string_equal(bridge.host, "box.example.com");
	assert_int_equal(bridge.ssh_port, 2222);
	assert_string_equal(bridge.ssh_user, "boxuser");
	assert_string_equal(
		bridge.ssh_key, scratch_path(&scratch, "home/.ssh/catalog"));
	assert_int_equal(bridge.health_interval_ms, 1500);
	assert_int_equal(bridge.health_timeout_ms, 5000);
	assert_int_equal(bridge.backoff_initial_ms, 7000);
	assert_int_equal(bridge.max_attempts, 0);
	assert_true(bridge.enabled);
	assert_int_equal(bridge.tags.count, 1);
	expect_set_by(BRIDGE_host, "domains/a/targets/box.yaml:1");
	expect_set_by(BRIDGE_remote_port, "domains/a/bridges/web.yaml:2");
	expect_set_by(BRIDGE_ssh_key, "catalog.yaml:2");
	expect_set_by(BRIDGE_health_interval_ms, "bridges/web.yaml:7");
	expect_set_by(BRIDGE_health_timeout_ms, "default");
	expect_set_by(BRIDGE_backoff_max_ms, "catalog.yaml:3");
}

static void only_the_documents_that_are_needed_are_read(void **state)
{
	(void)state;
	open_with("");

	must_resolve("web");

	/* catalog.yaml, the bridge, its target, its actor */
	assert_int_equal(resolver.catalog->files, 4);
	assert_false(resolver.catalog->listed);
}

static void tunnels_yaml_defaults_come_before_the_catalogs(void **state)
{
	(void)state;
	open_with("defaults:\n"
		  "  ssh_key: /keys/mine\n"
		  "  ssh_user: nobody\n"
		  "  reconnect: {backoff_max: 90}\n");

	must_resolve("web");

	assert_string_equal(bridge.ssh_key, "/keys/mine");
	assert_string_equal(bridge.ssh_user, "boxuser");
	assert_int_equal(bridge.backoff_initial_ms, 7000);
	assert_int_equal(bridge.backoff_max_ms, 90000);
	expect_set_by(BRIDGE_ssh_key, "tunnels.yaml:4");
	expect_set_by(BRIDGE_backoff_max_ms, "tunnels.yaml:6");
	expect_set_by(BRIDGE_backoff_initial_ms, "catalog.yaml:3");
}

static void an_inline_tunnel_stands_alone(void **state)
{
	(void)state;
	open_with("tunnels:\n"
		  "  mine:\n"
		  "    host: m.example.com\n"
		  "    remote_port: 1\n"
		  "    local_port: 2\n"
		  "    ssh_user: u\n"
		  "    ssh_key: ~/k\n"
		  "    actor: me\n"
		  "actors:\n"
		  "  me: {class: human}\n");

	must_resolve("mine");

	assert_int_equal(bridge.source, BRIDGE_FROM_INLINE);
	assert_non_null(strstr(bridge.origin, "tunnels.yaml:4"));
	assert_null(bridge.revision);
	assert_null(bridge.domain);
	assert_null(bridge.shadows);
	assert_string_equal(bridge.actor_class, "human");
	assert_int_equal(bridge.ssh_port, 0);
	assert_int_equal(bridge.backoff_initial_ms, 7000);
}

static void an_inline_tunnel_replaces_a_catalog_bridge_whole(void **state)
{
	(void)state;
	open_with("tunnels:\n  web: {" INLINE "}\n");

	assert_true(resolve("web"));

	assert_string_equal(bridge.host, "m.example.com");
	assert_null(bridge.health_url);
	assert_int_equal(bridge.tags.count, 0);
	assert_string_equal(bridge.shadows, "domains/a/bridges/web.yaml:1");
	expect_finding(&diags, RULE_SHADOWED, "tunnels.yaml:4: note: ");
	assert_int_equal(diags.count, 1);
}

static void a_broken_bridge_can_be_shadowed(void **state)
{
	(void)state;
	scratch_write(
		&scratch, "cat/domains/a/bridges/web.yaml", "target: [\n");
	open_with("tunnels:\n  web: {" INLINE "}\n");

	assert_true(resolve("web"));

	assert_int_equal(diags.errors, 0);
}

static void extends_changes_only_what_it_writes(void **state)
{
	(void)state;
	open_with("tunnels:\n"
		  "  mine:\n"
		  "    extends: web\n"
		  "    local_port: 8080\n"
		  "    tags: [other]\n"
		  "    health_check: {timeout_seconds: 2}\n");

	must_resolve("mine");

	assert_string_equal(bridge.name, "mine");
	assert_int_equal(bridge.source, BRIDGE_FROM_INLINE);
	assert_string_equal(bridge.domain, "a");
	assert_string_equal(bridge.revision, "WORKTREE");
	assert_null(bridge.shadows);
	assert_int_equal(bridge.local_port, 8080);
	assert_int_equal(bridge.remote_port, 9000);
	assert_string_equal(bridge.host, "box.example.com");
	assert_string_equal(bridge.health_url, "http://127.0.0.1:80/");
	assert_int_equal(bridge.health_interval_ms, 1500);
	assert_int_equal(bridge.health_timeout_ms, 2000);
	assert_int_equal(bridge.tags.count, 1);
	assert_string_equal(bridge.tags.items[0], "other");
	expect_set_by(BRIDGE_local_port, "tunnels.yaml:6");
	expect_set_by(BRIDGE_remote_port, "bridges/web.yaml:2");
}

static void extends_may_keep_the_name_or_go_to_another_target(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/targets/other.yaml",
		"host: other.example.com\nssh_user: o\n");
	open_with("tunnels:\n"
		  "  web: {extends: web, target: other}\n"
		  "  api: {extends: web, host: h.example.com}\n");

	must_resolve("web");
	expect_no_findings(&diags);
	assert_null(bridge.shadows);
	assert_string_equal(bridge.host, "other.example.com");
	assert_int_equal(bridge.ssh_port, 0);

	assert_true(resolve("api"));
	expect_finding(&diags, RULE_SHADOWED, "domains/b/bridges/api.yaml:1");
	assert_string_equal(bridge.host, "h.example.com");
	assert_int_equal(bridge.ssh_port, 2222);
}

static void what_extends_names_must_exist(void **state)
{
	(void)state;
	open_with("tunnels:\n  mine: {extends: wbe}\n");

	assert_false(resolve("mine"));

	expect_finding(&diags, RULE_REFERENCE_EXTENDS,
		"tunnels.yaml:4: error: tunnel 'mine' extends 'wbe', which is "
		"not in the catalog; did you mean 'web'?");
}

static void an_explicit_null_ends_the_search(void **state)
{
	(void)state;
	open_with("tunnels:\n  mine: {extends: web, health_check: null}\n");

	must_resolve("mine");

	assert_null(bridge.health_url);
	assert_int_equal(bridge.health_interval_ms, 30000);
}

static void a_target_gives_the_way_to_it_and_no_more(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/a/targets/box.yaml",
		"host: box.example.com\n"
		"ssh_user: boxuser\n"
		"host_keys: ['ssh-ed25519 AAAA']\n"
		"proxy_jump: x@y\n"
		"description: a box\n"
		"tags: [machine]\n");
	scratch_write(&scratch, "cat/domains/a/bridges/web.yaml",
		"target: box\n"
		"remote_port: 9000\n"
		"local_port: 80\n"
		"actor: bot\n");
	open_with("");

	must_resolve("web");

	assert_null(bridge.description);
	assert_int_equal(bridge.tags.count, 0);
	assert_int_equal(bridge.host_keys.count, 1);
	assert_string_equal(bridge.host_keys.items[0], "ssh-ed25519 AAAA");
	assert_int_equal(bridge.proxy_jump.count, 1);
	assert_string_equal(bridge.ssh_user, "boxuser");
}

static void inline_actors_win(void **state)
{
	(void)state;
	open_with("actors: {bot: {class: human}}\n");

	must_resolve("web");

	assert_string_equal(bridge.actor_class, "human");
}

static void an_unknown_actor_is_an_error_where_it_is_named(void **state)
{
	(void)state;
	open_with("defaults: {actor: bto}\n"
		  "tunnels:\n"
		  "  mine: {host: m.example.com, remote_port: 1, local_port: "
		  "2, ssh_user: u, ssh_key: /k}\n");

	assert_false(resolve("mine"));

	expect_finding(&diags, RULE_REFERENCE_ACTOR,
		"tunnels.yaml:3: error: actor 'bto' is not defined; did you "
		"mean 'bot'?");
}

static void an_unknown_target_is_an_error_where_it_is_named(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/bridges/api.yaml",
		"target: bix\nremote_port: 1\nlocal_port: 1\nactor: bot\n");
	open_with("");

	assert_false(resolve("api"));

	expect_finding(&diags, RULE_REFERENCE_TARGET,
		"domains/b/bridges/api.yaml:1: error: target 'bix' is not "
		"defined; did you mean 'box'?");
	assert_int_equal(diags.errors, 1);
}

static void every_missing_field_is_one_error(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/catalog.yaml", "name: x\n");
	scratch_write(&scratch, "cat/domains/a/targets/box.yaml",
		"host: box.example.com\n");
	open_with("");

	assert_false(resolve("web"));

	expect_finding(&diags, RULE_BRIDGE_INCOMPLETE,
		"domains/a/bridges/web.yaml:1: error: bridge 'web' has no "
		"ssh_user; set it here, in target box or in `defaults`");
	expect_finding(&diags, RULE_BRIDGE_INCOMPLETE, "has no ssh_key");
	assert_int_equal(diags.errors, 2);
}

static void a_relative_key_is_refused(void **state)
{
	(void)state;
	open_with("defaults: {ssh_key: keys/mine}\n");

	assert_false(resolve("web"));

	expect_finding(&diags, RULE_BRIDGE_KEY_FILE,
		"tunnels.yaml:3: error: ssh_key 'keys/mine' is a relative "
		"path");
	assert_int_equal(diags.errors, 1);
}

static void status_codes_take_one_form(void **state)
{
	static const char *const forms[][2] = {
		{"204", "204"},
		{"200-299", "200-299"},
		{"'200-299, 418'", "200-299,418"},
		{"[200, 301-302, 418]", "200,301-302,418"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		AUTO(text) text = TEXT_INIT;

		resolver_release(&resolver);
		text_format(&text,
			"tunnels:\n  mine: {extends: web, health_check: "
			"{expect_status: %s}}\n",
			forms[i][0]);
		open_with(text.data);

		must_resolve("mine");

		assert_string_equal(bridge.health_expect_status, forms[i][1]);
	}
}

static void jump_hosts_that_are_targets_are_replaced(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/targets/gate.yaml",
		"host: gate.example.com\nssh_user: g\nssh_port: 2200\n");
	scratch_write(&scratch, "cat/domains/b/targets/six.yaml",
		"host: 2001:db8::1\nssh_port: 2200\nproxy_jump: gate\n");
	open_with("tunnels:\n"
		  "  one: {extends: web, proxy_jump: b/gate}\n"
		  "  two: {extends: web, proxy_jump: [x@y:1, gate]}\n"
		  "  three: {extends: web, proxy_jump: [six, z.example.com]}\n"
		  "  four: {extends: web, proxy_jump: gaet}\n");

	must_resolve("one");
	assert_int_equal(bridge.proxy_jump.count, 1);
	assert_string_equal(
		bridge.proxy_jump.items[0], "g@gate.example.com:2200");

	must_resolve("two");
	assert_int_equal(bridge.proxy_jump.count, 2);
	assert_string_equal(bridge.proxy_jump.items[0], "x@y:1");
	assert_string_equal(
		bridge.proxy_jump.items[1], "g@gate.example.com:2200");

	/* There is no way to `six` but through the gate. */
	must_resolve("three");
	assert_int_equal(bridge.proxy_jump.count, 3);
	assert_string_equal(
		bridge.proxy_jump.items[0], "g@gate.example.com:2200");
	assert_string_equal(bridge.proxy_jump.items[1], "[2001:db8::1]:2200");
	assert_string_equal(bridge.proxy_jump.items[2], "z.example.com");

	assert_false(resolve("four"));
	expect_finding(&diags, RULE_REFERENCE_PROXY_JUMP,
		"proxy_jump 'gaet' is no target; did you mean 'gate'?");
}

static void a_jump_host_brings_its_pins_and_its_key(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/targets/gate.yaml",
		"host: gate.example.com\nssh_user: g\nssh_key: /keys/gate\n"
		"host_keys: [ssh-ed25519 AAAA, ssh-rsa BBBB]\n");
	scratch_write(&scratch, "cat/domains/b/targets/lost.yaml",
		"host: lost.example.com\nssh_key: keys/lost\n");
	open_with("tunnels:\n"
		  "  one: {extends: web, proxy_jump: [x@y, gate]}\n"
		  "  two: {extends: web, proxy_jump: lost}\n");

	must_resolve("one");
	assert_int_equal(bridge.jump_host_keys.count, 2);
	assert_string_equal(
		bridge.jump_host_keys.items[0], "2 ssh-ed25519 AAAA");
	assert_string_equal(bridge.jump_host_keys.items[1], "2 ssh-rsa BBBB");
	assert_int_equal(bridge.jump_ssh_keys.count, 1);
	assert_string_equal(bridge.jump_ssh_keys.items[0], "2 /keys/gate");

	assert_false(resolve("two"));
	expect_finding(&diags, RULE_BRIDGE_KEY_FILE,
		"ssh_key 'keys/lost' is a relative path; write an absolute one "
		"or ~/...");
}

static void jump_hosts_in_a_circle_end_with_an_error(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/targets/one.yaml",
		"host: one.example.com\nproxy_jump: two\n");
	scratch_write(&scratch, "cat/domains/b/targets/two.yaml",
		"host: two.example.com\nproxy_jump: one\n");
	open_with("tunnels:\n  mine: {extends: web, proxy_jump: one}\n");

	assert_false(resolve("mine"));

	expect_finding(&diags, RULE_PROXY_JUMP_CYCLE, "is it a circle?");
}

static void nothing_by_that_name_is_not_found_and_no_error(void **state)
{
	static const char *const names[] = {"none", "a/web", "", "../x", "box"};

	(void)state;
	open_with("");
	for (size_t i = 0; i < COUNT(names); i++) {
		bool found = true;

		assert_true(resolve_bridge(
			&resolver, names[i], &bridge, &found, &diags));
		assert_false(found);
	}
	expect_no_findings(&diags);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_catalog_bridge_takes_from_its_target_and_the_defaults),
		TEST(only_the_documents_that_are_needed_are_read),
		TEST(tunnels_yaml_defaults_come_before_the_catalogs),
		TEST(an_inline_tunnel_stands_alone),
		TEST(an_inline_tunnel_replaces_a_catalog_bridge_whole),
		TEST(a_broken_bridge_can_be_shadowed),
		TEST(extends_changes_only_what_it_writes),
		TEST(extends_may_keep_the_name_or_go_to_another_target),
		TEST(what_extends_names_must_exist),
		TEST(an_explicit_null_ends_the_search),
		TEST(a_target_gives_the_way_to_it_and_no_more),
		TEST(inline_actors_win),
		TEST(an_unknown_actor_is_an_error_where_it_is_named),
		TEST(an_unknown_target_is_an_error_where_it_is_named),
		TEST(every_missing_field_is_one_error),
		TEST(a_relative_key_is_refused),
		TEST(status_codes_take_one_form),
		TEST(jump_hosts_that_are_targets_are_replaced),
		TEST(a_jump_host_brings_its_pins_and_its_key),
		TEST(jump_hosts_in_a_circle_end_with_an_error),
		TEST(nothing_by_that_name_is_not_found_and_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
