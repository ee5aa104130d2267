/*
 * What `catalog validate` takes of a value and what `up` takes of it, at the
 * door to ssh's command line, are the same.
 */
#include "tests/unit/unit.h"

#include "catalog/document/schemas.h"
#include "schema/bridge/bridge.h"
#include "schema/yaml/parse.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static bool schema_takes_json(const json_t *json)
{
	AUTO(schemas) schemas = SCHEMAS_INIT;
	AUTO(arena) arena = ARENA_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO_FREE char *text = json_dumps(json, JSON_ENSURE_ASCII);
	struct source source = {
		.path = "b.yaml", .bytes = text, .length = strlen(text)};
	struct node *root = yaml_parse(&arena, &source, &diags);

	assert_non_null(root);
	assert_true(schemas_prepare(&schemas, DOCUMENT_BRIDGE, &diags));
	return schemas_validate(&schemas, DOCUMENT_BRIDGE, root, &diags);
}

/* Is a bridge document with this value valid? */
static bool schema_takes(const char *key, json_t *value)
{
	json_auto_t *json = json_pack("{s:s, s:i, s:i, s:s, s:o}", "target",
		"t", "remote_port", 1, "local_port", 1, "actor", "a", key,
		value);

	return schema_takes_json(json);
}

static bool schema_takes_url(const char *url)
{
	return schema_takes("health_check", json_pack("{s:s}", "url", url));
}

static bool door_takes(const char *key, json_t *value)
{
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *json = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:s}",
		"name", "hub", "host", "h", "ssh_user", "u", "ssh_key", "/k",
		"remote_port", 1, "local_port", 1, "actor", "a");

	json_object_set_new(json, key, value);
	return bridge_from_json(&bridge, json, &diags);
}

struct sample {
	const char *value;
	bool fine;
};

static void compare(const char *key, const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = samples[i].value;
		bool is_jump = !strcmp(key, "proxy_jump");
		bool schema = schema_takes(key, json_string(value));
		bool door = door_takes(key,
			is_jump ? json_pack("[s]", value) : json_string(value));

		if (schema != samples[i].fine || door != samples[i].fine)
			fail_msg("%s '%s': schema %d, door %d, wanted %d", key,
				value, schema, door, samples[i].fine);
	}
}

static void a_jump_has_a_host_and_a_port_that_can_be(void **state)
{
	static const struct sample samples[] = {{"gw.example.org", true},
		{"ops@door:2222", true}, {"[::1]:22", true},
		{"u@[fe80::1%eth0]", true}, {"a@realm@host", true},
		{"host:65535", true}, {"user@", false}, {":22", false},
		{"x@y:0", false}, {"a:65536", false}, {"a:99999", false},
		{"a:b", false}, {"a:022", false}, {"[::1]x", false},
		{"[]:22", false}, {"-x", false}, {"u@-x", false},
		{"-u@x", false}, {"a b", false}, {"a\nb", false},
		{"a,b", false}, {"$(id)@x", false}, {"u\\v@x", false},
		{"@x", false}, {"", false}};

	(void)state;
	compare("proxy_jump", samples, COUNT(samples));
}

static void a_host_is_no_option_and_no_second_word(void **state)
{
	static const struct sample samples[] = {{"h", true}, {"h_1.x-y", true},
		{"::1", true}, {"fe80::1%eth0", true}, {"-h", false},
		{".h", false}, {"a b", false}, {"a;b", false},
		{"h\303\244", false}, {"a\nb", false}, {"", false}};

	(void)state;
	compare("host", samples, COUNT(samples));
}

static void a_user_is_no_option_and_no_second_word(void **state)
{
	static const struct sample samples[] = {{"u", true}, {"D\\u", true},
		{"u@REALM", true}, {"m$", true}, {"-u", false}, {"a b", false},
		{"u\n", false}, {"", false}};

	(void)state;
	compare("ssh_user", samples, COUNT(samples));
}

static void a_key_is_a_path_that_ssh_takes_as_it_is(void **state)
{
	static const struct sample samples[] = {{"/k", true},
		{"/home/\303\244/k y", true}, {"/k%h", false}, {"/$K", false},
		{"/k\"", false}, {"/k\n", false}, {"/k\302\205", false},
		{"/k\342\200\256", false}, {"/k\357\273\277", false}};

	(void)state;
	compare("ssh_key", samples, COUNT(samples));
}

static void a_bind_address_is_a_host_or_a_star(void **state)
{
	static const struct sample samples[] = {{"*", true}, {"0.0.0.0", true},
		{"::1", true}, {"**", false}, {"-1", false}, {"a b", false}};

	(void)state;
	compare("remote_bind", samples, COUNT(samples));
}

static void a_local_end_is_a_host_or_a_socket(void **state)
{
	static const struct sample samples[] = {{"10.0.0.7", true},
		{"/run/x.sock", true}, {"/run/a b", true}, {"/run/a:b", false},
		{"/run/\302\237", false}, {"run/x", false}, {"-x", false}};

	(void)state;
	compare("local_host", samples, COUNT(samples));
}

static void a_url_is_ascii(void **state)
{
	static const struct sample samples[] = {
		{"http://127.0.0.1:8000/health?x=%20#y", true},
		{"https://[::1]/", true}, {"ftp://x/", false},
		{"http://", false}, {"http://x y", false},
		{"http://x\\y", false}, {"http://x\302\205", false},
		{"http://x\342\200\256", false}, {"http://\303\244/", false},
		{"http://x\n", false}};
	char url[2002] = "http://x/";

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		const char *value = samples[i].value;
		bool schema = schema_takes_url(value);
		bool door = door_takes(
			"health_check", json_pack("{s:s}", "url", value));

		if (schema != samples[i].fine || door != samples[i].fine)
			fail_msg("'%s': schema %d, door %d", value, schema,
				door);
	}
	memset(url + 9, 'x', 2001 - 9);
	assert_false(schema_takes_url(url));
	assert_false(
		door_takes("health_check", json_pack("{s:s}", "url", url)));
	url[2000] = '\0';
	assert_true(schema_takes_url(url));
	assert_true(door_takes("health_check", json_pack("{s:s}", "url", url)));
}

static void status_codes_are_three_digits_in_order(void **state)
{
	static const struct sample samples[] = {{"200", true},
		{"200-399,418", true}, {"100-599", true}, {"200-200", true},
		{"", false}, {"20", false}, {"2000", false}, {"600", false},
		{"099", false}, {"300-200", false}, {"200-", false},
		{"-200", false}, {"200,", false}, {"200-300-400", false},
		{"200,,300", false}, {"+20", false}};

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++)
		if (bridge_status_list_is_valid(samples[i].value) !=
			samples[i].fine)
			fail_msg("'%s'", samples[i].value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_jump_has_a_host_and_a_port_that_can_be),
		cmocka_unit_test(a_host_is_no_option_and_no_second_word),
		cmocka_unit_test(a_user_is_no_option_and_no_second_word),
		cmocka_unit_test(a_key_is_a_path_that_ssh_takes_as_it_is),
		cmocka_unit_test(a_bind_address_is_a_host_or_a_star),
		cmocka_unit_test(a_local_end_is_a_host_or_a_socket),
		cmocka_unit_test(a_url_is_ascii),
		cmocka_unit_test(status_codes_are_three_digits_in_order),
	};

	return cmocka_run_group_tests_name("agreement", tests, NULL, NULL);
}
