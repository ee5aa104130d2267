#include "tests/unit/scratch.h"

#include "catalog/resolve.h"

static struct scratch scratch;
static struct diags diags;
static struct resolver resolver;
static struct bridge bridge;
static struct bridges bridges;

static int make(void **state)
{
	(void)state;
	scratch_make(&scratch);
	diags = (struct diags)DIAGS_INIT;
	resolver = (struct resolver)RESOLVER_INIT;
	bridge = (struct bridge)BRIDGE_INIT;
	bridges = (struct bridges)BRIDGES_INIT;
	scratch_write(&scratch, "cat/domains/a/domain.yaml", "name: A\n");
	scratch_write(&scratch, "cat/domains/b/domain.yaml", "name: B\n");
	scratch_write(&scratch, "cat/domains/a/targets/box.yaml",
		"host: box.example.com\n"
		"ssh_port: 2222\n"
		"ssh_user: boxuser\n");
	scratch_write(&scratch, "cat/domains/a/bridges/web.yaml",
		"target: box\n"
		"remote_port: 9000\n"
		"local_port: 80\n"
		"actor: bot\n"
		"tags: [public]\n"
		"labels: {tier: one, site: x}\n"
		"health_check: {url: 'http://127.0.0.1:80/', "
		"interval_seconds: 1.5}\n");
	scratch_write(&scratch, "cat/domains/b/bridges/api.yaml",
		"host: api.example.com\n"
		"remote_port: 9001\n"
		"local_port: 81\n"
		"ssh_user: apiuser\n"
		"ssh_key: /keys/api\n"
		"actor: ann\n"
		"tags: [internal]\n"
		"labels: {tier: one}\n");
	scratch_write(&scratch, "cat/actors/bot.yaml", "class: automation\n");
	scratch_write(&scratch, "cat/actors/ann.yaml", "class: human\n");
	scratch_write(&scratch, "cat/catalog.yaml",
		"defaults:\n"
		"  ssh_key: ~/.ssh/catalog\n"
		"  reconnect: {backoff_initial: 7, backoff_max: 70}\n");
	return 0;
}

static int clean(void **state)
{
	(void)state;
	bridge_release(&bridge);
	bridges_release(&bridges);
	resolver_release(&resolver);
	diags_release(&diags);
	scratch_remove(&scratch);
	return 0;
}

static void write_config(const char *rest)
{
	AUTO(text) text = TEXT_INIT;

	text_format(&text, "catalog_path: %s\ncatalog_revision: WORKTREE\n%s",
		scratch_path(&scratch, "cat"), rest);
	scratch_write(&scratch, "home/.config/bridge/tunnels.yaml", text.data);
}

static bool open_resolver(void)
{
	const struct resolver_options options = {.need_config = true};

	return resolver_open(&resolver, &options, &diags);
}

static void open_with(const char *rest)
{
	bool good;

	write_config(rest);
	good = open_resolver();
	expect_no_findings(&diags);
	assert_true(good);
}

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

#define INLINE                                                                 \
	"host: m.example.com, remote_port: 1, local_port: 2, ssh_user: u, "    \
	"ssh_key: /k, actor: bot"

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

static void expect_names(const char *domain, bool good, const char *expected)
{
	AUTO(text) names = TEXT_INIT;

	bridges_release(&bridges);
	assert_int_equal(
		resolve_all(&resolver, domain, &bridges, &diags), good);
	for (size_t i = 0; i < bridges.count; i++)
		text_format(&names, "%s%s", i ? " " : "", bridges.list[i].name);
	assert_string_equal(names.data, expected);
}

static void all_bridges_come_in_the_order_of_their_names(void **state)
{
	(void)state;
	open_with("tunnels:\n"
		  "  zed: {" INLINE "}\n"
		  "  web: {" INLINE "}\n"
		  "  ext: {extends: api}\n");

	expect_names(NULL, true, "api ext web zed");
	assert_int_equal(bridges.list[2].source, BRIDGE_FROM_INLINE);
	assert_int_equal(count_findings(&diags, RULE_SHADOWED), 1);
	expect_names("b", true, "api ext");
	expect_names("none", true, "");
}

static void the_selection_is_domains_and_tags_and_labels(void **state)
{
	static const char *const cases[][2] = {
		{"{}", "api mine web"},
		{"{domains: [a]}", "mine web"},
		{"{domains: [a, b]}", "api mine web"},
		{"{tags: [public, other]}", "mine web"},
		{"{tags: [public, internal]}", "api mine web"},
		{"{labels: {tier: one}}", "api mine web"},
		{"{labels: {tier: one, site: x}}", "mine web"},
		{"{labels: {tier: two}}", "mine"},
		{"{domains: [b], tags: [public]}", "mine"},
		{"{domains: []}", "mine"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO(text) text = TEXT_INIT;

		resolver_release(&resolver);
		text_format(&text,
			"catalog_select: %s\ntunnels:\n  mine: {" INLINE "}\n",
			cases[i][0]);
		open_with(text.data);

		expect_names(NULL, true, cases[i][1]);
	}
}

static void a_broken_document_loses_only_what_needs_it(void **state)
{
	(void)state;
	scratch_write(
		&scratch, "cat/domains/a/targets/box.yaml", "ssh_port: x\n");
	scratch_write(&scratch, "cat/domains/a/bridges/two.yaml",
		"target: box\nremote_port: 1\nlocal_port: 1\nactor: bot\n");
	scratch_write(&scratch, "cat/domains/a/bridges/bad.yaml", "a: [\n");
	open_with("tunnels:\n  mine: {" INLINE "}\n");

	expect_names(NULL, false, "api mine");
	expect_finding(&diags, RULE_SCHEMA_TYPE, "targets/box.yaml:1");
	expect_finding(&diags, RULE_REFERENCE_TARGET,
		"web.yaml:1: error: bridge 'web' is left out: the target 'box' "
		"has errors");
	expect_finding(&diags, RULE_REFERENCE_TARGET, "'two' is left out");
	expect_finding(&diags, RULE_YAML_SYNTAX, "bridges/bad.yaml");
}

static void a_broken_tunnel_loses_only_itself(void **state)
{
	(void)state;
	write_config("tunnels:\n"
		     "  bad: {host: 17}\n"
		     "  mine: {" INLINE "}\n");
	assert_true(open_resolver());

	expect_names(NULL, false, "api mine web");
	expect_finding(&diags, RULE_SCHEMA_TYPE, "tunnels.yaml:4");
	expect_finding(
		&diags, RULE_BRIDGE_INCOMPLETE, "tunnel 'bad' is left out");
}

static void of_two_bridges_with_one_id_the_first_is_kept(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/domains/b/bridges/web.yaml",
		"host: h\nremote_port: 1\nlocal_port: 1\nactor: bot\n"
		"ssh_user: u\n");
	open_with("");

	expect_names(NULL, false, "api web");

	expect_finding(&diags, RULE_ID_DUPLICATE, "domains/b/bridges/web.yaml");
	assert_string_equal(bridges.list[1].domain, "a");
}

static void broken_settings_lose_the_catalogs_bridges_alone(void **state)
{
	(void)state;
	scratch_write(&scratch, "cat/catalog.yaml", "defaults: 17\n");
	write_config("tunnels:\n  mine: {" INLINE "}\n");
	assert_true(open_resolver());

	expect_names(NULL, false, "mine");
	expect_finding(&diags, RULE_BRIDGE_INCOMPLETE,
		"bridge 'web' is left out: 'catalog.yaml' has errors");
}

static void a_catalog_that_cannot_be_opened_leaves_the_tunnels(void **state)
{
	(void)state;
	scratch_write(&scratch, "home/.config/bridge/tunnels.yaml",
		"catalog_path: /nowhere/at/all\n"
		"tunnels:\n  mine: {" INLINE "}\n");

	assert_true(open_resolver());

	assert_true(resolver.catalog_failed);
	assert_int_not_equal(diags.errors, 0);
	expect_names(NULL, false, "mine");
	assert_null(bridges.list[0].actor_class);
}

static void without_tunnels_such_a_catalog_is_the_end(void **state)
{
	(void)state;
	scratch_write(&scratch, "home/.config/bridge/tunnels.yaml",
		"catalog_path: /nowhere/at/all\n");

	assert_false(open_resolver());

	assert_true(resolver.catalog_failed);
}

static void with_neither_configuration_nor_catalog_there_is_nothing(
	void **state)
{
	(void)state;
	assert_false(open_resolver());
	expect_finding(&diags, RULE_CONFIG_MISSING, "tunnels.yaml'");
}

static bool discover(const char *folder)
{
	const struct resolver_options options = {
		.discover = true, .need_catalog = true};

	assert_int_equal(chdir(scratch_path(&scratch, folder)), 0);
	resolver_release(&resolver);
	return resolver_open(&resolver, &options, &diags);
}

static void a_catalog_is_discovered_at_or_above_the_current_folder(void **state)
{
	(void)state;
	scratch_write(
		&scratch, "repo/opscatalog/domains/a/domain.yaml", "name: A\n");
	scratch_write(&scratch, "repo/deep/er/file", "x\n");
	scratch_commit(&scratch, "repo");
	/* Not of this repository. */
	scratch_write(&scratch, "domains/a/domain.yaml", "name: A\n");
	scratch_write(&scratch, "empty/x", "x\n");
	scratch_commit(&scratch, "empty");

	assert_true(discover("repo/deep/er"));
	assert_non_null(strstr(resolver.catalog_path, "repo/opscatalog"));
	assert_int_equal(
		revision_kind(resolver.catalog->revision), REVISION_COMMIT);
	assert_true(discover("repo/opscatalog"));
	assert_true(discover("repo/opscatalog/domains/a"));
	expect_no_findings(&diags);

	assert_false(discover("empty"));
	expect_finding(&diags, RULE_CATALOG_MISSING, "no catalog at or above");
}

static void outside_of_a_repository_only_the_current_folder_counts(void **state)
{
	(void)state;
	assert_true(discover("cat"));
	assert_int_equal(
		revision_kind(resolver.catalog->revision), REVISION_WORKTREE);
	assert_false(discover("cat/domains"));
}

static void a_hook_of_a_bare_repository_discovers_its_catalog(void **state)
{
	(void)state;
	scratch_write(
		&scratch, "repo/opscatalog/domains/a/domain.yaml", "name: A\n");
	scratch_commit(&scratch, "repo");
	scratch_git(
		&scratch, "", "clone", "-q", "--bare", "repo", "ops.git", NULL);

	assert_true(discover("ops.git"));

	assert_string_equal(
		revision_prefix(resolver.catalog->revision), "opscatalog/");
}

static void expect_opened(
	const struct resolver_options *options, const char *revision)
{
	resolver_release(&resolver);
	assert_true(resolver_open(&resolver, options, &diags));
	assert_string_equal(
		revision_name(resolver.catalog->revision), revision);
}

static void the_revision_is_the_closest_that_was_named(void **state)
{
	struct resolver_options options = {.need_catalog = true};

	(void)state;
	scratch_commit(&scratch, "cat");
	scratch_git(&scratch, "cat", "tag", "one", NULL);
	scratch_git(&scratch, "cat", "tag", "two", NULL);
	write_config("");

	expect_opened(&options, "WORKTREE");
	setenv("BRIDGE_CATALOG_REV", "one", 1);
	expect_opened(&options, "one");
	options.revision = "two";
	expect_opened(&options, "two");
	unsetenv("BRIDGE_CATALOG_REV");
	options.revision = NULL;
	/* catalog_revision is about catalog_path alone. */
	options.catalog = scratch_path(&scratch, "cat");
	expect_opened(&options, "HEAD");
}

static void all_names_are_listed_once(void **state)
{
	char **names;
	size_t count;

	(void)state;
	open_with("tunnels:\n"
		  "  zed: {" INLINE "}\n"
		  "  web: {extends: web}\n");

	names = resolve_names(&resolver, &count);

	assert_int_equal(count, 3);
	assert_string_equal(names[0], "api");
	assert_string_equal(names[1], "web");
	assert_string_equal(names[2], "zed");
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	assert_int_equal(resolver.catalog->files, 1);
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
		TEST(jump_hosts_in_a_circle_end_with_an_error),
		TEST(nothing_by_that_name_is_not_found_and_no_error),
		TEST(all_bridges_come_in_the_order_of_their_names),
		TEST(the_selection_is_domains_and_tags_and_labels),
		TEST(a_broken_document_loses_only_what_needs_it),
		TEST(a_broken_tunnel_loses_only_itself),
		TEST(of_two_bridges_with_one_id_the_first_is_kept),
		TEST(broken_settings_lose_the_catalogs_bridges_alone),
		TEST(a_catalog_that_cannot_be_opened_leaves_the_tunnels),
		TEST(without_tunnels_such_a_catalog_is_the_end),
		TEST(with_neither_configuration_nor_catalog_there_is_nothing),
		TEST(a_catalog_is_discovered_at_or_above_the_current_folder),
		TEST(outside_of_a_repository_only_the_current_folder_counts),
		TEST(a_hook_of_a_bare_repository_discovers_its_catalog),
		TEST(the_revision_is_the_closest_that_was_named),
		TEST(all_names_are_listed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
