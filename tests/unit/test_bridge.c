/*
 * A bridge's JSON form: there and back, and what is refused on the way.
 */
#include "tests/unit/unit.h"

#include "schema/base/text.h"
#include "schema/bridge/bridge.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *full(void)
{
	json_t *json = json_loads(
		"{\"name\": \"hub\", \"source\": \"catalog\", \"origin\": "
		"\"a.yaml:1\", \"host\": \"gw\", \"ssh_port\": 2222, "
		"\"ssh_user\": \"ops\", \"ssh_key\": \"/k\", \"host_keys\": "
		"[\"ssh-ed25519 AAAA\"], \"proxy_jump\": [\"j\"], "
		"\"remote_bind\": \"::1\", \"remote_port\": 1, \"local_host\": "
		"\"h\", \"local_port\": 65535, \"actor\": \"a.b\", \"enabled\": "
		"false, \"share_connection\": true, \"tags\": [\"x\", \"y\"], "
		"\"description\": \"d\", \"target\": \"t\", \"health_check\": "
		"{\"url\": \"http://h/\", \"interval_seconds\": 1.5, "
		"\"timeout_seconds\": 2, \"from\": \"remote\", \"failures\": "
		"3, \"expect_status\": \"204\"}, \"reconnect\": "
		"{\"max_attempts\": 7, \"backoff_initial\": 1, "
		"\"backoff_max\": 9}}",
		0, NULL);

	assert_non_null(json);
	return json;
}

static void every_field_survives_the_way_through_json(void **state)
{
	json_auto_t *json = full();
	json_auto_t *back = NULL;
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_true(bridge_from_json(&bridge, json, &diags));
	back = bridge_to_json(&bridge, false);

	assert_true(json_equal(json, back));
	assert_int_equal(bridge.health_interval_ms, 1500);
}

static void what_is_not_said_has_its_default(void **state)
{
	json_auto_t *json = full();
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	json_object_del(json, "reconnect");
	json_object_del(json, "remote_bind");
	json_object_del(json, "enabled");
	assert_true(bridge_from_json(&bridge, json, &diags));

	assert_int_equal(bridge.backoff_initial_ms, 5000);
	assert_int_equal(bridge.backoff_max_ms, 60000);
	assert_string_equal(bridge.remote_bind, "127.0.0.1");
	assert_true(bridge.enabled);
}

static void a_field_of_the_wrong_type_is_refused(void **state)
{
	static const char *const numbers[] = {"host", "ssh_user", "actor",
		"host_keys", "enabled", "health_check.url"};

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		json_auto_t *json = full();
		AUTO(bridge) bridge = BRIDGE_INIT;
		AUTO(diags) diags = DIAGS_INIT;
		const char *dot = strchr(numbers[i], '.');
		json_t *map = dot ? json_object_get(json, "health_check")
				  : json;

		json_object_set_new(
			map, dot ? dot + 1 : numbers[i], json_integer(5));
		if (bridge_from_json(&bridge, json, &diags))
			fail_msg("%s may be a number", numbers[i]);
		assert_string_equal(
			rule_rows[diags.list[0].rule].id, "schema/type");
	}
}

static void each_required_field_is_required(void **state)
{
	static const char *const required[] = {"name", "host", "remote_port",
		"local_port", "ssh_user", "ssh_key", "actor"};

	(void)state;
	for (size_t i = 0; i < COUNT(required); i++) {
		json_auto_t *json = full();
		AUTO(bridge) bridge = BRIDGE_INIT;
		AUTO(diags) diags = DIAGS_INIT;

		json_object_del(json, required[i]);
		if (bridge_from_json(&bridge, json, &diags))
			fail_msg("%s may be missing", required[i]);
		assert_int_equal(diags.errors, 1);
	}
}

static void provenance_does_not_make_a_definition_another_one(void **state)
{
	json_auto_t *json = full();
	AUTO(bridge) one = BRIDGE_INIT;
	AUTO(bridge) two = BRIDGE_INIT;
	AUTO(bridge) three = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;

	(void)state;
	assert_true(bridge_from_json(&one, json, &diags));
	json_object_set_new(json, "origin", json_string("b.yaml:9"));
	json_object_set_new(json, "revision", json_string("0123"));
	assert_true(bridge_from_json(&two, json, &diags));
	json_object_set_new(json, "local_port", json_integer(1));
	assert_true(bridge_from_json(&three, json, &diags));

	assert_true(bridge_same_definition(&one, &two));
	assert_false(bridge_same_definition(&one, &three));
}

static void what_ssh_is_told_makes_the_connection(void **state)
{
	static const struct {
		const char *key;
		const char *value;
		bool same;
	} cases[] = {
		{"description", "\"another\"", true},
		{"actor", "\"ops.other\"", true},
		{"tags", "[\"x\"]", true},
		{"reconnect", "{\"max_attempts\": 7}", true},
		{"health_check", "{\"url\": \"http://127.0.0.1/x\"}", true},
		{"health_check",
			"{\"url\": \"http://127.0.0.1/\", \"from\": \"remote\"}",
			false},
		{"host", "\"elsewhere.example\"", false},
		{"ssh_port", "2022", false},
		{"ssh_user", "\"other\"", false},
		{"ssh_key", "\"/other\"", false},
		{"proxy_jump", "[\"a.example\"]", false},
		{"remote_bind", "\"0.0.0.0\"", false},
		{"remote_port", "4", false},
		{"local_host", "\"::1\"", false},
		{"local_port", "4", false},
		{"share_connection", "false", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		json_auto_t *json = full();
		json_auto_t *changes = NULL;
		AUTO(bridge) one = BRIDGE_INIT;
		AUTO(bridge) two = BRIDGE_INIT;
		AUTO(diags) diags = DIAGS_INIT;

		json_object_del(json, "health_check");
		assert_true(bridge_from_json(&one, json, &diags));
		json_object_set_new(json, cases[i].key,
			json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
		assert_true(bridge_from_json(&two, json, &diags));
		changes = bridge_differences(&one, &two);

		if (bridge_same_connection(&one, &two) != cases[i].same)
			fail_msg("%s", cases[i].key);
		assert_true(json_array_size(changes) > 0);
		assert_false(bridge_same_definition(&one, &two));
	}
}

static void text_becomes_json_that_says_the_same(void **state)
{
	static const char hostile[] = "a\"b\\c\n\x1b\x7f\xc3\xa4\xff";
	AUTO(text) text = TEXT_INIT;
	json_auto_t *json = NULL;

	(void)state;
	text_append_json(&text, hostile, sizeof(hostile) - 1);
	json = json_loads(text.data, JSON_DECODE_ANY, NULL);

	assert_non_null(json);
	assert_string_equal(json_string_value(json),
		"a\"b\\c\n\x1b\x7f\xc3\xa4\xef\xbf\xbd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_survives_the_way_through_json),
		cmocka_unit_test(what_is_not_said_has_its_default),
		cmocka_unit_test(a_field_of_the_wrong_type_is_refused),
		cmocka_unit_test(each_required_field_is_required),
		cmocka_unit_test(
			provenance_does_not_make_a_definition_another_one),
		cmocka_unit_test(what_ssh_is_told_makes_the_connection),
		cmocka_unit_test(text_becomes_json_that_says_the_same),
	};

	return cmocka_run_group_tests_name("bridge", tests, NULL, NULL);
}
