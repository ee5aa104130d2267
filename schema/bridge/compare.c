#include "schema/bridge/bridge.h"

/* Taken over while ssh runs: all that it is not told. */
static const enum bridge_field live[] = {
	BRIDGE_description,
	BRIDGE_target,
	BRIDGE_actor,
	BRIDGE_enabled,
	BRIDGE_tags,
	BRIDGE_on_event,
	BRIDGE_health_url,
	BRIDGE_health_interval_ms,
	BRIDGE_health_timeout_ms,
	BRIDGE_health_from,
	BRIDGE_health_failures,
	BRIDGE_health_expect_status,
	BRIDGE_max_attempts,
	BRIDGE_backoff_initial_ms,
	BRIDGE_backoff_max_ms,
};

static bool is_live(enum bridge_field field)
{
	for (size_t i = 0; i < COUNT(live); i++)
		if (live[i] == field)
			return true;
	return false;
}

static bool same(const json_t *x, const json_t *y, enum bridge_field field)
{
	const json_t *old = bridge_json_field(x, field);
	const json_t *now = bridge_json_field(y, field);

	return old == now || (old && now && json_equal(old, now));
}

bool bridge_same_connection(const struct bridge *a, const struct bridge *b)
{
	json_auto_t *x = bridge_to_json(a, false);
	json_auto_t *y = bridge_to_json(b, false);

	for (int i = 0; i < BRIDGE_FIELDS; i++)
		if (!is_live((enum bridge_field)i) &&
			!same(x, y, (enum bridge_field)i))
			return false;
	/* The way back for a check from the remote end is ssh's business. */
	return bridge_checks_remotely(a) == bridge_checks_remotely(b);
}

static void add_difference(
	json_t *list, const char *field, json_t *old, json_t *now)
{
	json_t *change = json_pack("{s:s}", "field", field);

	json_object_set(change, "old", old ? old : json_null());
	json_object_set(change, "new", now ? now : json_null());
	json_array_append_new(list, change);
}

json_t *bridge_differences(const struct bridge *a, const struct bridge *b)
{
	static const char class[] = "actor_class";
	json_auto_t *x = bridge_to_json(a, false);
	json_auto_t *y = bridge_to_json(b, false);
	json_t *list = json_array();
	json_t *old = json_object_get(x, class);
	json_t *now = json_object_get(y, class);

	for (int i = 0; i < BRIDGE_FIELDS; i++) {
		enum bridge_field field = (enum bridge_field)i;

		if (!same(x, y, field))
			add_difference(list, bridge_field_rows[i].path,
				bridge_json_field(x, field),
				bridge_json_field(y, field));
	}
	if (old != now && !(old && now && json_equal(old, now)))
		add_difference(list, class, old, now);
	return list;
}

bool bridge_same_definition(const struct bridge *a, const struct bridge *b)
{
	json_auto_t *differences = bridge_differences(a, b);

	return !json_array_size(differences);
}
