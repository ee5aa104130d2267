/*
 * One evaluation of a document by a schema. Internal to this folder.
 */
#ifndef SCHEMA_JSONSCHEMA_EVALUATION_H
#define SCHEMA_JSONSCHEMA_EVALUATION_H

#include "schema/base/text.h"
#include "schema/jsonschema/compiled.h"
#include "schema/jsonschema/regex/regex.h"

#define REJECTED(schema, keyword, instance)                                    \
	(&(const struct rejected){(instance), (schema), (keyword)})

/* What is told of one document; more are counted. Each typo costs a run. */
enum { MAX_FINDINGS = 100, MAX_TYPOS = 4 };

/* Resources entered so far, for $dynamicRef: core, section 8.2.3.2. */
struct scope {
	const struct scope *outer;
	const struct jsonschema_resource *resource;
};

/* The limit that ended a run. */
struct limit {
	struct origin at;
	char *instance, *keyword;
	const struct regex *hard; /* the pattern that was too hard, or NULL */
};

/* An unknown key, and the key that was meant. */
struct typo {
	const struct node *map;
	const struct member *member;
	const struct jsonschema *schema; /* which does not know it */
	const char *meant;
};

struct run {
	struct diags *diags; /* NULL: only the answer is wanted */
	const struct scope *scope;
	unsigned depth;
	unsigned long steps;
	uint64_t regex_budget;
	bool exhausted; /* over a limit: nothing counts any more */
	size_t base;    /* findings before this run */
	size_t more; /* findings too many to tell, and whether one is an error
		      */
	bool more_errors;
	struct limit limit; /* when exhausted */
	struct typo typos[MAX_TYPOS];
	size_t typo_count;
};

/*
 * Pay for a loop over what the schema lists, which costs a hundred times
 * less a turn than a evaluate(): the next evaluate() ends the run when it is
 * over the limit. A long list times a long document would take minutes.
 */
static inline void spend(struct run *run, size_t turns)
{
	run->steps += turns / 4;
}

/* The instance with the key it stands under, for messages. */
struct instance {
	const struct node *node;
	const struct node *key;        /* or NULL: the document itself */
	bool is_item;                  /* of the list under that key */
	bool is_name;                  /* the key itself is the value */
	const struct instance *parent; /* NULL: the document itself */
	size_t index;                  /* in a list */
};

/* A value and the keyword that does not allow it; NULL: the schema `false`. */
struct rejected {
	const struct instance *instance;
	const struct jsonschema *schema;
	const char *keyword;
};

/*
 * Members or items that some keyword has evaluated: for unevaluated*. NULL
 * where nobody asks.
 */
struct seen {
	unsigned char *marks;
	size_t count;
};

/* evaluate.c */
bool evaluate(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen);

/* The schema a key has in `properties`, or NULL. */
const struct jsonschema *evaluate_find_property(
	const struct jsonschema *schema, const struct node *key);

/* assert.c: the keywords that look at one value alone. */
bool assert_value(struct run *run, const struct jsonschema *schema,
	const struct instance *instance);

/* Every one of the keys is there. `because` is the key that needs them. */
bool assert_keys(struct run *run, const struct rejected *rejected,
	const struct node *keys, const char *because);

/* Do const and enum allow it? */
bool assert_is_chosen(
	const struct jsonschema *schema, const struct node *value);

/* apply.c: the keywords that apply other schemas to the same value. */
bool apply_in_place(struct run *run, const struct jsonschema *schema,
	const struct instance *instance, struct seen *seen);

/* fail.c: each is false, and adds a finding when findings are wanted. */
bool fail_with(struct run *run, const struct rejected *rejected, enum rule rule,
	const char *format, ...) PRINTF(4, 5);
/*
 * A text that is not what is wanted, in words, or does not match the pattern.
 * Of a key its name is said once.
 */
bool fail_text(struct run *run, const struct rejected *rejected,
	const char *wanted, const char *pattern);

bool fail_type(
	struct run *run, const struct rejected *rejected, unsigned types);
bool fail_range(struct run *run, const struct rejected *rejected);

/* It is none of the values. */
bool fail_choice(struct run *run, const struct rejected *rejected,
	const struct node *const *values, size_t count);

/* The values of a schema's const and enum behind those there are. */
size_t fail_add_choices(const struct node ***values, size_t count,
	const struct jsonschema *schema);

bool fail_missing(struct run *run, const struct rejected *rejected,
	const struct node *key, const char *because);

/* Ends the run: inside `not`, "no" would be an answer like another. */
bool fail_too_hard(struct run *run, const struct rejected *rejected,
	const struct regex *regex);
void fail_set_limit(struct run *run, const struct rejected *rejected);

/* False only where an unknown key is an error: it may be a warning. */
bool fail_unknown(struct run *run, const struct rejected *rejected,
	const struct member *member);

/*
 * typo.c, after the run: where a typo is why a required key is missing, let one
 * error say so, at the typo.
 */
void typo_explain_all(struct run *run, const struct jsonschema *schema,
	const struct node *document);

/*
 * branches.c: the value fits no branch of an anyOf or oneOf; add what is said
 * by the one that fits best. True when that are warnings alone.
 */
bool branches_explain(struct run *run, const struct rejected *rejected,
	const struct schema_list *list);

/* Does x-message say what is wrong, for this keyword? See jsonschema.h. */
bool fail_has_own_message(const struct rejected *rejected);

/* Whose schema it was, when findings cite: " (schemas/x.yaml:12)". */
void fail_append_citation(struct text *message, const struct jsonschema *schema,
	const char *keyword);

/* "'remote_port'", or "this value". Text into a buffer of the caller's. */
enum { SUBJECT_SIZE = NODE_SHOWN_SIZE + 20 };
const char *fail_subject(
	char buffer[SUBJECT_SIZE], const struct instance *instance);

#endif
