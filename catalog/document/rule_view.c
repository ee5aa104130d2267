#include "catalog/document/rule_view.h"

#include <stdlib.h>
#include <string.h>

/* The longest that a schema allows: a URL, and a list of jump hosts. */
enum { MAX_TEXT = 2000 * 4, MAX_ITEMS = 16 };

#define BIT(kind) (1u << DOCUMENT_##kind)
#define ANY_KIND  (~0u)

/*
 * The keys that rules look at, and in which kinds; those of a map stand in it
 * without its name, as no two are confused by it.
 */
static struct kept {
	unsigned kinds;
	struct node key;
} kept[] = {
#define KEY(name, kinds)                                                       \
	{                                                                      \
		kinds,                                                         \
		{                                                              \
			.kind = NODE_STRING, .weight = 1, .string = {          \
				name,                                          \
				sizeof(name) - 1                               \
			}                                                      \
		}                                                              \
	}
	KEY("actor", BIT(BRIDGE)),
	KEY("enabled", BIT(BRIDGE)),
	KEY("expect_status", BIT(BRIDGE)),
	KEY("from", BIT(BRIDGE)),
	KEY("health_check", BIT(BRIDGE)),
	KEY("host", BIT(BRIDGE) | BIT(TARGET)),
	KEY("id", ANY_KIND),
	KEY("local_host", BIT(BRIDGE)),
	KEY("local_port", BIT(BRIDGE)),
	KEY("proxy_jump", BIT(BRIDGE) | BIT(TARGET)),
	KEY("remote_bind", BIT(BRIDGE)),
	KEY("remote_port", BIT(BRIDGE)),
	KEY("ssh_port", BIT(BRIDGE) | BIT(TARGET)),
	KEY("target", BIT(BRIDGE)),
	KEY("type", ANY_KIND),
	KEY("url", BIT(BRIDGE)),
#undef KEY
};

struct copying {
	struct arena *arena;
	const struct source *source;
	unsigned kind; /* its bit */
};

/* Of a node whose children are too deep, or too many, nothing is kept. */
static struct node *copy_node(struct copying *copying, const struct node *from)
{
	struct origin at = from->at;
	struct node *node;

	at.source = copying->source;
	node = node_new(copying->arena, NODE_NULL, &at);
	switch (from->kind) {
	case NODE_BOOL:
		node->boolean = from->boolean;
		break;
	case NODE_INT:
		node->integer = from->integer;
		break;
	case NODE_FLOAT:
		node->number = from->number;
		break;
	case NODE_STRING:
		node->string.length = from->string.length < MAX_TEXT
					      ? from->string.length
					      : MAX_TEXT;
		node->string.bytes = arena_strndup(copying->arena,
			from->string.bytes, node->string.length);
		break;
	case NODE_NULL:
	case NODE_LIST:
	case NODE_MAP:
		return node;
	}
	node->kind = from->kind;
	return node;
}

static void copy_list(
	struct copying *copying, struct node *to, const struct node *from)
{
	size_t count = from->list.count < MAX_ITEMS ? from->list.count
						    : MAX_ITEMS;

	to->kind = NODE_LIST;
	to->list.count = count;
	to->list.items = arena_alloc(
		copying->arena, count * sizeof(*to->list.items));
	for (size_t i = 0; i < count; i++)
		to->list.items[i] = copy_node(copying, from->list.items[i]);
}

static struct node *copy_map(
	struct copying *copying, const struct node *from, unsigned depth);

static struct node *copy(
	struct copying *copying, const struct node *from, unsigned depth)
{
	struct node *to;

	if (from->kind == NODE_MAP && depth)
		return copy_map(copying, from, depth - 1);
	to = copy_node(copying, from);
	if (from->kind == NODE_LIST)
		copy_list(copying, to, from);
	return to;
}

static struct node *copy_map(
	struct copying *copying, const struct node *from, unsigned depth)
{
	struct node *to = copy_node(copying, from);
	struct node *values[COUNT(kept)];
	uint32_t count = 0;

	for (size_t i = 0; i < COUNT(kept); i++) {
		const struct node *key = &kept[i].key;

		values[i] = kept[i].kinds & copying->kind
				    ? node_get_bytes(from, key->string.bytes,
					      key->string.length)
				    : NULL;
		count += values[i] != NULL;
	}
	to->kind = NODE_MAP;
	to->map.members = arena_alloc(
		copying->arena, count * sizeof(*to->map.members));
	for (size_t i = 0; i < COUNT(kept); i++)
		if (values[i])
			to->map.members[to->map.count++] = (struct member){
				.key = &kept[i].key,
				.value = copy(copying, values[i], depth)};
	node_index(copying->arena, to);
	return to;
}

struct node *digest(struct arena *arena, enum document_kind kind,
	const struct node *root, const struct source *source)
{
	struct copying copying = {
		.arena = arena, .source = source, .kind = 1u << kind};

	return copy(&copying, root, 2);
}
