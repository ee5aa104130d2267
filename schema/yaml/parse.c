#include "schema/yaml/parse.h"

#include "schema/base/utf8.h"
#include "schema/yaml/error.h"
#include "schema/yaml/input.h"
#include "schema/yaml/scalar.h"
#include "schema/yaml/tag.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct anchor {
	struct anchor *next;
	const char *name;
	struct node *node;
	bool complete; /* false while the parser is still inside it */
};

/*
 * One list for all open collections: each collection takes the tail of it
 * when it closes, so children are gathered without a list per level.
 */
struct reader {
	yaml_parser_t parser;
	struct arena *arena;
	const struct source *source;
	struct yaml_text text;
	struct diags *diags;
	struct anchor *anchors;
	size_t anchor_count;
	struct node **open;
	size_t open_count, open_capacity;
	size_t depth;
	size_t weight; /* of all nodes so far, aliases expanded */
};

static struct origin event_place(
	const struct reader *reader, const yaml_event_t *event)
{
	return yaml_place(reader->source, event->start_mark, event->end_mark);
}

static bool next(struct reader *reader, yaml_event_t *event)
{
	if (yaml_parser_parse(&reader->parser, event))
		return true;
	return yaml_syntax_error(
		&reader->parser, &reader->text, reader->source, reader->diags);
}

static bool check_weight(
	struct reader *reader, size_t more, const struct origin *at)
{
	reader->weight += more;
	if (reader->anchor_count > YAML_MAX_ANCHORS)
		return diag_error(reader->diags, at, RULE_YAML_LIMIT,
			"more than %d anchors", YAML_MAX_ANCHORS);
	if (reader->weight <= YAML_MAX_NODES)
		return true;
	return diag_error(reader->diags, at, RULE_YAML_LIMIT,
		"the document expands to more than %d values; use fewer "
		"aliases",
		YAML_MAX_NODES);
}

static struct anchor *add_anchor(
	struct reader *reader, const yaml_char_t *name, struct node *node)
{
	struct anchor *anchor;

	if (!name)
		return NULL;
	reader->anchor_count++;
	anchor = arena_alloc(reader->arena, sizeof(*anchor));
	anchor->name = arena_strdup(reader->arena, (const char *)name);
	anchor->node = node;
	anchor->next = reader->anchors;
	reader->anchors = anchor;
	return anchor;
}

static struct node *follow_alias(
	struct reader *reader, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	struct origin at = event_place(reader, event);

	for (struct anchor *a = reader->anchors; a; a = a->next) {
		if (strcmp(a->name, name))
			continue;
		if (!a->complete) {
			diag_error(reader->diags, &at, RULE_YAML_ALIAS,
				"alias '%s' stands inside its own anchor",
				name);
			return NULL;
		}
		if (!check_weight(reader, a->node->weight, &at))
			return NULL;
		return a->node;
	}
	diag_error(reader->diags, &at, RULE_YAML_ALIAS,
		"alias '%s' has no anchor before it", name);
	return NULL;
}

static void push(struct reader *reader, struct node *node)
{
	if (reader->open_count == reader->open_capacity) {
		reader->open_capacity = reader->open_capacity
						? reader->open_capacity * 2
						: 64;
		reader->open = own_realloc(reader->open, reader->open_capacity,
			sizeof(struct node *));
	}
	reader->open[reader->open_count++] = node;
}

static void warn_ambiguous(struct reader *reader, const struct node *node,
	const char *bytes, size_t length)
{
	const char *other = yaml_1_1_reading(bytes, length);

	if (other)
		diag_report(reader->diags, &node->at, RULE_YAML_AMBIGUOUS,
			"'%s' is %s here, but %s to YAML 1.1 tools; quote it "
			"or write it otherwise",
			bytes,
			node->kind == NODE_INT ? "a decimal number" : "a text",
			other);
}

static struct node *read_scalar(
	struct reader *reader, const yaml_event_t *event)
{
	const char *bytes = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	const char *tag = (const char *)event->data.scalar.tag;
	struct origin at = event_place(reader, event);
	struct node *node = node_new(reader->arena, NODE_STRING, &at);
	struct anchor *anchor = add_anchor(
		reader, event->data.scalar.anchor, node);
	bool typed = yaml_tag_read(tag) == YAML_TAG_CORE;

	if (anchor)
		anchor->complete = true;
	if (!yaml_tag_check(tag, YAML_TAG_CORE, &at, reader->diags) ||
		!check_weight(reader, 1, &at))
		return NULL;
	if (typed ||
		(!tag && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)) {
		yaml_core_scalar(node, bytes, length);
		if (!typed)
			warn_ambiguous(reader, node, bytes, length);
	}
	if (typed && !yaml_tag_check_value(tag, node, bytes, reader->diags))
		return NULL;
	if (node->kind == NODE_STRING) {
		char *copy = arena_strndup(reader->arena, bytes, length);

		yaml_text_restore(&reader->text, copy, length);
		node->string.bytes = copy;
		node->string.length = length;
	}
	return node;
}

static struct node *read_node(struct reader *reader, yaml_event_t *event);

static bool enter(struct reader *reader, const struct origin *at)
{
	if (++reader->depth <= YAML_MAX_DEPTH)
		return check_weight(reader, 1, at);
	return diag_error(reader->diags, at, RULE_YAML_LIMIT,
		"nested more than %d deep", YAML_MAX_DEPTH);
}

/*
 * Read children until the closing event and leave them on the open list.
 * The collection ends where its last child ends: libyaml puts the end mark
 * of a block collection at the next token, which may be lines below.
 */
static bool read_children(
	struct reader *reader, yaml_event_type_t closing, struct node *parent)
{
	for (;;) {
		yaml_event_t event;
		struct node *child;

		if (!next(reader, &event))
			return false;
		if (event.type == closing) {
			if (event.start_mark.index != event.end_mark.index) {
				struct origin at = event_place(reader, &event);

				parent->at.end_line = at.end_line;
				parent->at.end_column = at.end_column;
			}
			yaml_event_delete(&event);
			return true;
		}
		child = read_node(reader, &event);
		if (event.type != YAML_ALIAS_EVENT && child) {
			parent->at.end_line = child->at.end_line;
			parent->at.end_column = child->at.end_column;
		}
		yaml_event_delete(&event);
		if (!child)
			return false;
		parent->weight += child->weight;
		push(reader, child);
	}
}

static struct node *read_list(struct reader *reader, const yaml_event_t *event)
{
	size_t base = reader->open_count;
	const char *tag = (const char *)event->data.sequence_start.tag;
	struct origin at = event_place(reader, event);
	struct node *node = node_new(reader->arena, NODE_LIST, &at);
	struct anchor *anchor = add_anchor(
		reader, event->data.sequence_start.anchor, node);

	if (!yaml_tag_check(tag, YAML_TAG_LIST, &at, reader->diags) ||
		!enter(reader, &at) ||
		!read_children(reader, YAML_SEQUENCE_END_EVENT, node))
		return NULL;
	node->list.count = reader->open_count - base;
	node->list.items = arena_alloc(
		reader->arena, node->list.count * sizeof(struct node *));
	if (node->list.count)
		memcpy(node->list.items, reader->open + base,
			node->list.count * sizeof(struct node *));
	reader->open_count = base;
	reader->depth--;
	if (anchor)
		anchor->complete = true;
	return node;
}

/* A key as text: JSON has only string keys, and 1: is as good as "1":. */
static struct node *key_text(struct reader *reader, struct node *key)
{
	const char *word = NULL;
	char digits[40];

	switch (key->kind) {
	case NODE_STRING:
		return key;
	case NODE_NULL:
		word = "";
		break;
	case NODE_BOOL:
		word = key->boolean ? "true" : "false";
		break;
	case NODE_INT:
		snprintf(digits, sizeof(digits), "%lld",
			(long long)key->integer);
		word = digits;
		break;
	case NODE_FLOAT:
		snprintf(digits, sizeof(digits), "%.17g", key->number);
		word = digits;
		break;
	case NODE_LIST:
	case NODE_MAP:
		diag_error(reader->diags, &key->at, RULE_YAML_KEY,
			"a key must be a text, not %s",
			key->kind == NODE_LIST ? "a list" : "a map");
		return NULL;
	}
	return node_new_string(reader->arena, word, strlen(word), &key->at);
}

static bool is_merge(const struct node *key)
{
	return key->kind == NODE_STRING && key->string.length == 2 &&
	       !memcmp(key->string.bytes, "<<", 2) &&
	       /* written plain: two characters wide, no quotes */
	       key->at.end_line == key->at.line &&
	       key->at.end_column == key->at.column + 2;
}

static void merge_map(
	struct reader *reader, size_t base, const struct node *from)
{
	for (size_t i = 0; i < from->map.count; i++) {
		const struct member *member = &from->map.members[i];
		bool present = false;

		for (size_t k = base; k < reader->open_count; k += 2)
			if (node_equal(reader->open[k], member->key))
				present = true;
		if (present)
			continue;
		push(reader, member->key);
		push(reader, member->value);
	}
}

/* Looking for keys that are there already is quadratic. */
static bool check_merged(
	struct reader *reader, size_t base, const struct node *from)
{
	size_t keys = (reader->open_count - base) / 2;

	if (keys + from->map.count <= YAML_MAX_MERGED_KEYS)
		return true;
	return diag_error(reader->diags, &from->at, RULE_YAML_LIMIT,
		"'<<' makes a map of more than %d keys", YAML_MAX_MERGED_KEYS);
}

/* Replace `<<: value` by what it stands for, behind the map's own keys. */
static bool merge(struct reader *reader, size_t base, const struct node *value)
{
	if (value->kind == NODE_MAP) {
		if (!check_merged(reader, base, value))
			return false;
		merge_map(reader, base, value);
		return true;
	}
	for (size_t i = 0; value->kind == NODE_LIST && i < value->list.count;
		i++) {
		if (value->list.items[i]->kind != NODE_MAP)
			break;
		if (!check_merged(reader, base, value->list.items[i]))
			return false;
		merge_map(reader, base, value->list.items[i]);
		if (i + 1 == value->list.count)
			return true;
	}
	if (value->kind == NODE_LIST && !value->list.count)
		return true;
	return diag_error(reader->diags, &value->at, RULE_YAML_ALIAS,
		"'<<' needs a map or a list of maps");
}

/* Take the merge keys out of the open list, then append what they mean. */
static bool expand_merges(struct reader *reader, size_t base)
{
	AUTO_FREE struct node **merges = NULL;
	size_t count = 0;
	size_t kept = base;

	for (size_t i = base; i < reader->open_count; i += 2) {
		if (is_merge(reader->open[i])) {
			merges = own_realloc(
				merges, count + 1, sizeof(*merges));
			merges[count++] = reader->open[i + 1];
			continue;
		}
		reader->open[kept++] = reader->open[i];
		reader->open[kept++] = reader->open[i + 1];
	}
	reader->open_count = kept;
	for (size_t i = 0; i < count; i++)
		if (!merge(reader, base, merges[i]))
			return false;
	return true;
}

static bool fill_map(struct reader *reader, struct node *node, size_t base)
{
	bool merges = false;
	const struct member *twice;

	for (size_t i = base; i < reader->open_count; i += 2) {
		reader->open[i] = key_text(reader, reader->open[i]);
		if (!reader->open[i])
			return false;
		merges = merges || is_merge(reader->open[i]);
	}
	if (merges && !expand_merges(reader, base))
		return false;
	node->map.count = (uint32_t)((reader->open_count - base) / 2);
	node->map.members = arena_alloc(
		reader->arena, node->map.count * sizeof(struct member));
	for (size_t i = 0; i < node->map.count; i++) {
		node->map.members[i].key = reader->open[base + 2 * i];
		node->map.members[i].value = reader->open[base + 2 * i + 1];
	}
	reader->open_count = base;
	twice = node_index(reader->arena, node);
	if (twice) {
		const struct node *first = twice->key;
		char shown[NODE_SHOWN_SIZE];

		for (size_t i = 0; i < node->map.count; i++)
			if (node_equal(node->map.members[i].key, first)) {
				first = node->map.members[i].key;
				break;
			}
		return diag_error(reader->diags, &twice->key->at,
			RULE_YAML_DUPLICATE_KEY,
			"key '%s' stands already in line %u; remove one",
			node_show(shown, twice->key, NODE_MOST_SHOWN),
			first->at.line);
	}
	return true;
}

static struct node *read_map(struct reader *reader, const yaml_event_t *event)
{
	size_t base = reader->open_count;
	const char *tag = (const char *)event->data.mapping_start.tag;
	struct origin at = event_place(reader, event);
	struct node *node = node_new(reader->arena, NODE_MAP, &at);
	struct anchor *anchor = add_anchor(
		reader, event->data.mapping_start.anchor, node);

	if (!yaml_tag_check(tag, YAML_TAG_MAP, &at, reader->diags) ||
		!enter(reader, &at) ||
		!read_children(reader, YAML_MAPPING_END_EVENT, node) ||
		!fill_map(reader, node, base))
		return NULL;
	reader->depth--;
	if (anchor)
		anchor->complete = true;
	return node;
}

static struct node *read_node(struct reader *reader, yaml_event_t *event)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return follow_alias(reader, event);
	case YAML_SCALAR_EVENT:
		return read_scalar(reader, event);
	case YAML_SEQUENCE_START_EVENT:
		return read_list(reader, event);
	case YAML_MAPPING_START_EVENT:
		return read_map(reader, event);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		break;
	}
	return NULL;
}

static struct node *read_document(struct reader *reader)
{
	struct node *root = NULL;
	bool started = false;

	for (;;) {
		yaml_event_t event;
		yaml_event_type_t type;
		struct origin at;

		if (!next(reader, &event))
			return NULL;
		type = event.type;
		at = event_place(reader, &event);
		if (type == YAML_DOCUMENT_START_EVENT && root) {
			yaml_event_delete(&event);
			diag_error(reader->diags, &at, RULE_YAML_DOCUMENTS,
				"a second document begins here; one file "
				"holds one document");
			return NULL;
		}
		if (type != YAML_STREAM_START_EVENT &&
			type != YAML_STREAM_END_EVENT &&
			type != YAML_DOCUMENT_START_EVENT &&
			type != YAML_DOCUMENT_END_EVENT) {
			root = read_node(reader, &event);
			started = true;
		}
		yaml_event_delete(&event);
		if (type == YAML_STREAM_END_EVENT)
			break;
		if (started && !root)
			return NULL;
	}
	if (!root) {
		struct origin at = {.source = reader->source,
			.line = 1,
			.column = 1,
			.end_line = 1,
			.end_column = 1};

		root = node_new(reader->arena, NODE_NULL, &at);
	}
	return root;
}

struct node *yaml_parse(
	struct arena *arena, const struct source *source, struct diags *diags)
{
	struct reader reader = {
		.arena = arena, .source = source, .diags = diags};
	struct origin whole = {.source = source};
	size_t valid;
	struct node *root;

	if (source->length > YAML_MAX_BYTES) {
		diag_error(diags, &whole, RULE_LAYOUT_SIZE,
			"the document has %zu bytes, more than %d",
			source->length, YAML_MAX_BYTES);
		return NULL;
	}
	valid = utf8_valid_prefix(source->bytes, source->length);
	if (valid < source->length) {
		struct origin at = yaml_byte_place(source, valid);

		diag_error(diags, &at, RULE_YAML_ENCODING,
			"byte 0x%02x is not UTF-8; save the file as UTF-8",
			(unsigned char)source->bytes[valid]);
		return NULL;
	}
	if (!yaml_parser_initialize(&reader.parser)) {
		diag_error(diags, &whole, RULE_YAML_LIMIT,
			"no memory for the YAML parser");
		return NULL;
	}
	yaml_text_make(&reader.text, arena, source);
	yaml_parser_set_input_string(&reader.parser,
		(const unsigned char *)reader.text.bytes, reader.text.length);
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	root = read_document(&reader);
	yaml_parser_delete(&reader.parser);
	free(reader.open);
	return root;
}
