/*
 * One validation. Private to this folder.
 */
#ifndef SCHEMA_JSONSCHEMA_RUN_H
#define SCHEMA_JSONSCHEMA_RUN_H

#include "schema/jsonschema/compiled.h"

/* Resources entered so far, for $dynamicRef: core, section 8.2.3.2. */
struct scope {
	const struct scope *outer;
	const struct jsonschema_resource *resource;
};

struct run {
	struct diags *diags; /* NULL: only the answer is wanted */
	const struct scope *scope;
	unsigned depth;
	unsigned long steps;
	uint64_t regex_budget;
	bool exhausted;           /* over a limit: nothing counts any more */
	struct origin limit;      /* where that was */
	const struct regex *hard; /* the pattern it was, or NULL */
};

/* The instance with the key it stands under, for messages. */
struct instance {
	const struct node *node;
	const struct node *key; /* or NULL: the document itself */
	bool is_item;           /* of the list under that key */
};

/*
 * Members or items that some keyword has evaluated: for unevaluated*. NULL
 * where nobody asks.
 */
struct seen {
	unsigned char *marks;
	size_t count;
};

/* validate.c */
bool check(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen);

/* assert.c: the keywords that look at one value alone. */
bool check_assertions(struct run *run, const struct jsonschema *schema,
	const struct instance *instance);

/* Every one of the keys is there. `because` is the key that needs them. */
bool check_keys(struct run *run, const struct instance *instance,
	const struct node *keys, const char *because);

/* apply.c: the keywords that apply other schemas to the same value. */
bool check_in_place(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen);

/* explain.c: each is false, and adds a finding when findings are wanted. */
bool fail(struct run *run, const struct instance *instance, enum rule rule,
	const char *format, ...) PRINTF(4, 5);
bool fail_type(
	struct run *run, const struct instance *instance, unsigned types);
bool fail_range(struct run *run, const struct jsonschema *schema,
	const struct instance *instance);
bool fail_choice(struct run *run, const struct jsonschema *schema,
	const struct instance *instance);
bool fail_too_hard(struct run *run, const struct instance *instance,
	const struct regex *regex);
bool fail_missing(struct run *run, const struct instance *instance,
	const struct node *key, const char *because);

/* False only where an unknown key is an error: it may be a warning. */
bool fail_unknown(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, const struct member *member);

/* "'remote_port'", or "this value". Text into a buffer of the caller's. */
enum { SUBJECT_SIZE = 100 };
const char *subject(char buffer[SUBJECT_SIZE], const struct instance *instance);

#endif
