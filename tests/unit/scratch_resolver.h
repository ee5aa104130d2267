/*
 * A tunnels.yaml and a catalog with two bridges, and what is resolved of them.
 */
#ifndef TESTS_SCRATCH_RESOLVER_H
#define TESTS_SCRATCH_RESOLVER_H

#include "tests/unit/scratch.h"

#include "catalog/resolve/resolve.h"

#define INLINE                                                                 \
	"host: m.example.com, remote_port: 1, local_port: 2, ssh_user: u, "    \
	"ssh_key: /k, actor: bot"

static struct scratch scratch;
static struct diags diags;
static struct resolver resolver;
static struct bridge bridge;
static struct bridges bridges;

static inline int make(void **state)
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

static inline int clean(void **state)
{
	(void)state;
	bridge_release(&bridge);
	bridges_release(&bridges);
	resolver_release(&resolver);
	diags_release(&diags);
	scratch_remove(&scratch);
	return 0;
}

static inline void write_config(const char *rest)
{
	AUTO(text) text = TEXT_INIT;

	text_format(&text, "catalog_path: %s\ncatalog_revision: WORKTREE\n%s",
		scratch_path(&scratch, "cat"), rest);
	scratch_write(&scratch, "home/.config/bridge/tunnels.yaml", text.data);
}

static inline bool open_resolver(void)
{
	const struct resolver_options options = {.need_config = true};

	return resolver_open(&resolver, &options, &diags);
}

static inline void open_with(const char *rest)
{
	bool good;

	write_config(rest);
	good = open_resolver();
	expect_no_findings(&diags);
	assert_true(good);
}

#endif
