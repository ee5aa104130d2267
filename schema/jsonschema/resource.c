#include "schema/jsonschema/compiled.h"
#include "schema/jsonschema/keyword.h"

#include "schema/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The parts of a URI reference: RFC 3986, appendix B. */
struct uri {
	const char *scheme, *authority, *path, *query, *fragment;
	size_t scheme_length, authority_length, path_length, query_length;
	bool has_authority, has_query, has_fragment;
};

static struct uri split(const char *text)
{
	struct uri uri = {.scheme = text};
	const char *at = text;
	size_t colon = strcspn(at, ":/?#");

	if (at[colon] == ':' && isalpha((unsigned char)at[0])) {
		uri.scheme_length = colon;
		at += colon + 1;
	}
	if (at[0] == '/' && at[1] == '/') {
		uri.has_authority = true;
		uri.authority = at + 2;
		uri.authority_length = strcspn(at + 2, "/?#");
		at += 2 + uri.authority_length;
	}
	uri.path = at;
	uri.path_length = strcspn(at, "?#");
	at += uri.path_length;
	if (*at == '?') {
		uri.has_query = true;
		uri.query = at + 1;
		uri.query_length = strcspn(at + 1, "#");
		at += 1 + uri.query_length;
	}
	if (*at == '#') {
		uri.has_fragment = true;
		uri.fragment = at + 1;
	}
	return uri;
}

/* RFC 3986, section 5.2.4 */
static void append_without_dots(
	struct text *out, const char *path, size_t length)
{
	size_t base = out->length;
	const char *end = path + length;

	while (path < end) {
		const char *slash = memchr(
			path + 1, '/', (size_t)(end - path - 1));
		const char *next = slash ? slash : end;
		size_t segment = (size_t)(next - path);

		if (segment == 3 && !memcmp(path, "/..", 3)) {
			while (out->length > base &&
				out->data[--out->length] != '/')
				continue;
			out->data[out->length] = '\0';
			if (next == end)
				text_append_char(out, '/');
		} else if (segment == 2 && !memcmp(path, "/.", 2)) {
			if (next == end)
				text_append_char(out, '/');
		} else {
			text_append_bytes(out, path, segment);
		}
		path = next;
	}
}

static void append_path(
	struct text *out, const struct uri *base, const struct uri *reference)
{
	AUTO(text) merged = TEXT_INIT;
	size_t keep = base->path_length;

	if (reference->path_length && reference->path[0] == '/') {
		append_without_dots(
			out, reference->path, reference->path_length);
		return;
	}
	while (keep && base->path[keep - 1] != '/')
		keep--;
	if (!keep && base->has_authority)
		text_append_char(&merged, '/');
	text_append_bytes(&merged, base->path, keep);
	text_append_bytes(&merged, reference->path, reference->path_length);
	append_without_dots(out, merged.data, merged.length);
}

static void append_authority(struct text *out, const struct uri *uri)
{
	if (!uri->has_authority)
		return;
	text_append(out, "//");
	text_append_bytes(out, uri->authority, uri->authority_length);
}

static void append_query(struct text *out, const struct uri *uri)
{
	if (!uri->has_query)
		return;
	text_append_char(out, '?');
	text_append_bytes(out, uri->query, uri->query_length);
}

const char *resource_resolve_uri(
	struct arena *arena, const char *base_text, const char *text)
{
	struct uri base = split(base_text);
	struct uri reference = split(text);
	const struct uri *scheme = reference.scheme_length ? &reference : &base;
	AUTO(text) out = TEXT_INIT;

	if (scheme->scheme_length) {
		text_append_bytes(&out, scheme->scheme, scheme->scheme_length);
		text_append_char(&out, ':');
	}
	if (reference.scheme_length || reference.has_authority) {
		append_authority(&out, &reference);
		text_append_bytes(&out, reference.path, reference.path_length);
		append_query(&out, &reference);
	} else {
		append_authority(&out, &base);
		if (reference.path_length)
			append_path(&out, &base, &reference);
		else
			text_append_bytes(&out, base.path, base.path_length);
		append_query(&out, reference.path_length || reference.has_query
					   ? &reference
					   : &base);
	}
	if (reference.has_fragment)
		text_format(&out, "#%s", reference.fragment);
	return arena_strndup(arena, out.data, out.length);
}

struct jsonschema_resource *resource_at(
	const struct jsonschema_set *set, const struct node *node)
{
	struct jsonschema_resource *resource = set->resources;

	while (resource && resource->root != node)
		resource = resource->next;
	return resource;
}

static bool is_uri(const char *known, const char *uri, size_t length)
{
	return strlen(known) == length && !memcmp(known, uri, length);
}

static struct jsonschema_resource *by_uri(
	const struct jsonschema_set *set, const char *uri, size_t length)
{
	struct jsonschema_resource *resource = set->resources;

	while (resource && !is_uri(resource->uri, uri, length) &&
		!is_uri(resource->retrieved, uri, length))
		resource = resource->next;
	return resource;
}

struct anchor *resource_anchor(
	const struct jsonschema_resource *resource, const char *name)
{
	struct anchor *anchor = resource->anchors;

	while (anchor && strcmp(anchor->name, name))
		anchor = anchor->next;
	return anchor;
}

static struct jsonschema_resource *add_resource(
	struct jsonschema_set *set, const char *uri, const struct node *root)
{
	struct jsonschema_resource *resource = arena_alloc(
		&set->arena, sizeof(*resource));
	size_t length = strcspn(uri, "#");

	resource->uri = arena_strndup(&set->arena, uri, length);
	resource->duplicate = by_uri(set, uri, length) != NULL;
	resource->retrieved = resource->uri;
	resource->document = resource;
	resource->root = root;
	resource->next = set->resources;
	resource->number = set->resources ? set->resources->number + 1 : 1;
	set->resources = resource;
	return resource;
}

struct jsonschema_resource *resource_add(
	struct jsonschema_set *set, const char *uri, const struct node *root)
{
	const char *id = node_string(node_get(root, "$id"));
	struct jsonschema_resource *resource = resource_at(set, root);

	if (resource)
		return resource;
	resource = add_resource(set, uri, root);
	/* Only an $id is the schema's own mistake. */
	resource->duplicate = false;
	if (id) {
		const char *absolute = resource_resolve_uri(
			&set->arena, uri, id);
		size_t length = strcspn(absolute, "#");
		const struct jsonschema_resource *other = by_uri(
			set, absolute, length);

		resource->duplicate = other && other != resource;
		resource->uri = arena_strndup(&set->arena, absolute, length);
	}
	resource_index(set, root, resource);
	return resource;
}

static void add_anchor(struct jsonschema_set *set,
	struct jsonschema_resource *resource, const struct node *node,
	const char *keyword, bool dynamic)
{
	const char *name = node_string(node_get(node, keyword));
	struct anchor *anchor;
	bool duplicate;

	if (!name)
		return;
	anchor = resource_anchor(resource, name);
	if (anchor && anchor->node == node) {
		anchor->dynamic |= dynamic;
		return;
	}
	duplicate = anchor != NULL;
	anchor = arena_alloc(&set->arena, sizeof(*anchor));
	anchor->duplicate = duplicate;
	anchor->name = name;
	anchor->node = node;
	anchor->dynamic = dynamic;
	anchor->next = resource->anchors;
	resource->anchors = anchor;
}

static void index_value(struct jsonschema_set *set, const struct node *value,
	enum shape shape, struct jsonschema_resource *resource)
{
	switch (shape) {
	case SHAPE_SCHEMA:
		resource_index(set, value, resource);
		return;
	case SHAPE_SCHEMA_LIST:
		for (size_t i = 0;
			value->kind == NODE_LIST && i < value->list.count; i++)
			resource_index(set, value->list.items[i], resource);
		return;
	case SHAPE_DEPENDENCIES:
	case SHAPE_PATTERN_MAP:
	case SHAPE_SCHEMA_MAP:
		for (size_t i = 0;
			value->kind == NODE_MAP && i < value->map.count; i++)
			resource_index(
				set, value->map.members[i].value, resource);
		return;
	default: /* no schema in it */
		return;
	}
}

void resource_index(struct jsonschema_set *set, const struct node *node,
	struct jsonschema_resource *resource)
{
	const char *id = node_string(node_get(node, "$id"));

	if (node->kind != NODE_MAP || set->resources->number > MAX_RESOURCES)
		return;
	if (id && node != resource->root) {
		struct jsonschema_resource *document = resource->document;

		if (resource_at(set, node))
			return;
		resource = add_resource(set,
			resource_resolve_uri(&set->arena, resource->uri, id),
			node);
		resource->document = document;
	}
	add_anchor(set, resource, node, "$anchor", false);
	add_anchor(set, resource, node, "$dynamicAnchor", true);
	for (size_t i = 0; i < node->map.count; i++) {
		const struct member *member = &node->map.members[i];
		const struct keyword *keyword = keyword_find(
			member->key->string.bytes, member->key->string.length);

		if (keyword)
			index_value(
				set, member->value, keyword->shape, resource);
	}
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void percent_decode(struct text *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '%' && hex(text[1]) >= 0 && hex(text[2]) >= 0) {
			text_append_char(
				out, (char)(hex(text[1]) * 16 + hex(text[2])));
			text += 2;
		} else {
			text_append_char(out, *text);
		}
	}
}

/* One reference token of a JSON pointer (RFC 6901); *at moves behind it. */
static void next_token(struct text *token, const char **at)
{
	text_clear(token);
	for (++*at; **at && **at != '/'; ++*at) {
		if ((*at)[0] == '~' && ((*at)[1] == '0' || (*at)[1] == '1')) {
			text_append_char(token, (*at)[1] == '0' ? '~' : '/');
			++*at;
		} else {
			text_append_char(token, **at);
		}
	}
}

static const struct node *child(
	const struct node *node, const struct text *token)
{
	size_t index = 0;

	if (node->kind == NODE_MAP)
		return node_get_bytes(node, token->data, token->length);
	if (node->kind != NODE_LIST || !token->length || token->length > 9)
		return NULL;
	for (size_t i = 0; i < token->length; i++) {
		if (!isdigit((unsigned char)token->data[i]))
			return NULL;
		index = index * 10 + (size_t)(token->data[i] - '0');
	}
	return index < node->list.count ? node->list.items[index] : NULL;
}

static bool follow_pointer(struct jsonschema_set *set, const char *pointer,
	struct reference *found)
{
	AUTO(text) token = TEXT_INIT;

	while (*pointer) {
		struct jsonschema_resource *inner;

		next_token(&token, &pointer);
		found->node = child(found->node, &token);
		if (!found->node)
			return false;
		inner = resource_at(set, found->node);
		if (inner)
			found->resource = inner;
	}
	return true;
}

static struct jsonschema_resource *load(
	struct jsonschema_set *set, const char *uri, size_t length)
{
	struct jsonschema_resource *resource = by_uri(set, uri, length);

	if (resource || length != strlen(METASCHEMA_URI) ||
		memcmp(uri, METASCHEMA_URI, length) != 0)
		return resource;
	return resource_add(set, METASCHEMA_URI, metaschema_root(&set->arena));
}

bool resource_find(struct jsonschema_set *set, struct jsonschema_resource *base,
	const char *text, struct reference *found)
{
	const char *uri = resource_resolve_uri(&set->arena, base->uri, text);
	size_t length = strcspn(uri, "#");
	AUTO(text) fragment = TEXT_INIT;

	found->anchor = NULL;
	found->resource = load(set, uri, length);
	if (!found->resource) {
		/* A file beside this one, though it has an $id of its own. */
		uri = resource_resolve_uri(
			&set->arena, base->document->retrieved, text);
		length = strcspn(uri, "#");
		found->resource = load(set, uri, length);
	}
	if (!found->resource)
		return false;
	found->node = found->resource->root;
	if (!uri[length])
		return true;
	percent_decode(&fragment, uri + length + 1);
	if (!fragment.length || fragment.data[0] == '/')
		return follow_pointer(set, fragment.data, found);
	found->anchor = resource_anchor(found->resource, fragment.data);
	if (!found->anchor)
		return false;
	found->node = found->anchor->node;
	return true;
}
