/*
 * A bridge, resolved: everything the supervisor needs to keep it up, with the
 * place each field was set. The catalog side makes it, the tunnel side runs
 * it, and its JSON form is what travels between them and what --json prints.
 *
 * A `struct bridge` owns its strings. Start from BRIDGE_INIT, end with
 * bridge_release().
 */
#ifndef SCHEMA_BRIDGE_H
#define SCHEMA_BRIDGE_H

#include "schema/diag/diag.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BRIDGE_MAX_NAME = 63 };

enum bridge_field {
#define FIELD(kind, member, path, fallback) BRIDGE_##member,
#include "schema/bridge/fields.def"
#undef FIELD
	BRIDGE_FIELDS
};

enum field_kind {
	FIELD_STRING,
	FIELD_PORT,
	FIELD_COUNT,
	FIELD_SECONDS,
	FIELD_BOOL,
	FIELD_STRINGS,
};

struct strings {
	char **items;
	size_t count;
};

/* One row per field, in the order of fields.def. */
struct field_row {
	enum field_kind kind;
	size_t offset; /* in struct bridge */
	const char *path;
	const char *fallback; /* JSON text, or NULL */
};

extern const struct field_row bridge_field_rows[BRIDGE_FIELDS];

enum { BRIDGE_IDENTITIES = 6 };

/* What identifies a bridge, beside the fields a document can set: texts. */
struct bridge_identity {
	const char *key;
	size_t offset;
};

extern const struct bridge_identity bridge_identities[BRIDGE_IDENTITIES];

enum bridge_source { BRIDGE_FROM_INLINE, BRIDGE_FROM_CATALOG };

struct bridge {
	char *name;
	enum bridge_source source;
	char *origin;      /* "path:line" of the definition */
	char *revision;    /* full hex id, "WORKTREE", "INDEX", or NULL */
	char *shadows;     /* "path:line" of a definition this replaces */
	char *domain;      /* the catalog domain, or NULL */
	char *actor_class; /* "human", "automation", or NULL when unknown */

	char *description;
	char *target;
	char *host;
	unsigned ssh_port; /* 0: what ssh itself would take */
	char *ssh_user;
	char *ssh_key;             /* absolute path */
	struct strings host_keys;  /* "type base64", as in known_hosts */
	struct strings proxy_jump; /* "[user@]host[:port]" each */
	/* Which of them, from 1, a space and what belongs to it. */
	struct strings jump_host_keys; /* "1 type base64" */
	struct strings jump_ssh_keys;  /* "1 /absolute/path" */
	char *remote_bind;
	unsigned remote_port;
	char *local_host;
	unsigned local_port;
	char *actor;
	bool enabled;
	bool share_connection;
	struct strings tags;
	struct strings on_event; /* an argument vector; tunnels.yaml alone
				    sets it */
	char *health_url;        /* NULL: no health check */
	uint64_t health_interval_ms;
	uint64_t health_timeout_ms;
	char *health_from; /* "local" or "remote" */
	unsigned health_failures;
	char *health_expect_status; /* "200-399,418" */
	unsigned max_attempts;      /* 0: for ever */
	uint64_t backoff_initial_ms;
	uint64_t backoff_max_ms;

	/*
	 * Who set each field: "tunnels.yaml:12", "domains/x/domain.yaml:3",
	 * "default". NULL throughout in the supervisor, which does not care.
	 */
	char *set_by[BRIDGE_FIELDS];
};

#define BRIDGE_INIT                                                            \
	{                                                                      \
		.name = NULL                                                   \
	}

void bridge_release(struct bridge *bridge);

/*
 * 1 to 63 of [A-Za-z0-9._-], the first a letter or a digit: a name that is
 * safe as a file name, as an argument and on a terminal.
 */
bool bridge_name_is_valid(const char *name);

/*
 * The last check before a value can reach ssh's command line or a file name,
 * whatever checked it before: required fields are there, nothing starts with
 * a dash, nothing holds spaces, control characters or newlines, ports and
 * times are in range, the URL is http or https.
 */
bool bridge_check(const struct bridge *bridge, struct diags *diags);

/* "200-399,418": codes of 100 to 599, no range that ends before it begins. */
bool bridge_status_list_is_valid(const char *list);

/*
 * Set one field from its JSON form. False after a diagnostic when the value
 * does not have the field's type or range; the bridge is unchanged then.
 */
bool bridge_set(struct bridge *bridge, enum bridge_field field,
	const json_t *value, const struct origin *at, struct diags *diags);

/*
 * The JSON form; a new reference. Absent fields are left out. The key paths
 * of fields.def, plus name, source, origin, revision, shadows, domain
 * and actor_class; with `origins`, also "origins": {path: set_by}.
 */
json_t *bridge_to_json(const struct bridge *bridge, bool origins);

/* A field of the JSON form, borrowed; NULL where it is absent. */
json_t *bridge_json_field(const json_t *json, enum bridge_field field);

/*
 * Back from the JSON form, checked with bridge_check(). Input may be hostile.
 * *bridge must be BRIDGE_INIT; release it whatever is returned.
 */
bool bridge_from_json(
	struct bridge *bridge, const json_t *json, struct diags *diags);

/*
 * What belongs to the jump host at `hop`, from 0, in an item of jump_host_keys
 * or jump_ssh_keys; NULL when that is about another.
 */
const char *bridge_of_jump(const char *item, size_t hop);

/* Is the local service a Unix socket? local_port says nothing then. */
bool bridge_leads_to_socket(const struct bridge *bridge);

/* Is its health asked for from the remote end? */
bool bridge_checks_remotely(const struct bridge *bridge);

/* Whether both would run the same: provenance does not count. */
bool bridge_same_definition(const struct bridge *a, const struct bridge *b);

/*
 * Whether one that runs as `a` could go on as `b`: what ssh is told is the
 * same. The rest (who, why, how often to check and to retry) can be taken over
 * while it runs.
 */
bool bridge_same_connection(const struct bridge *a, const struct bridge *b);

/*
 * What differs, as [{"field", "old", "new"}] with null for an absent value; a
 * new reference, empty for the same definition. The fields of
 * fields.def, and actor_class.
 */
json_t *bridge_differences(const struct bridge *a, const struct bridge *b);

/* Several bridges, in the order of their names. */
struct bridges {
	struct bridge *list;
	size_t count, capacity;
};

#define BRIDGES_INIT                                                           \
	{                                                                      \
		.list = NULL                                                   \
	}

void bridges_release(struct bridges *bridges);

/* A new BRIDGE_INIT at the end; valid until the next call. */
struct bridge *bridges_add(struct bridges *bridges);

/* For schema/bridge/ alone. */
static inline void *bridge_member(const struct bridge *bridge, size_t offset)
{
	return (char *)(uintptr_t)bridge + offset;
}

void bridge_strings_release(struct strings *strings);

#endif
