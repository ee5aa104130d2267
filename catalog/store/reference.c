#include "catalog/store/reference.h"

#include "catalog/store/catalog.h"
#include "catalog/store/list.h"
#include "schema/base/suggest.h"

#include <stdlib.h>
#include <string.h>

/* A thousand wrong names in ten thousand are compared no more than these. */
enum { MAX_SUGGESTIONS = 100 };

const struct node *reference_jump(const struct node *value, size_t index)
{
	if (value && value->kind == NODE_LIST)
		return index < value->list.count ? value->list.items[index]
						 : NULL;
	return index ? NULL : value;
}

bool reference_jump_target(struct catalog *catalog, const char *jump,
	struct document **target, struct diags *diags)
{
	*target = NULL;
	if (!catalog || strpbrk(jump, "@:"))
		return true;
	return catalog_locate(catalog, DOCUMENT_TARGET, jump, target, diags);
}

bool reference_jump_is_host(const char *jump)
{
	return strpbrk(jump, "@:") || (strchr(jump, '.') && !strchr(jump, '/'));
}

void reference_suggest(struct text *message, struct catalog *catalog,
	enum document_kind kind, const char *id)
{
	AUTO(diags) unheard = DIAGS_INIT;
	const struct documents *of = &catalog->of[kind];
	const char *slash = strchr(id, '/');
	AUTO_FREE const char **ids = NULL;
	const char *near;

	if (catalog->suggestions == MAX_SUGGESTIONS)
		return;
	catalog->suggestions++;
	list_catalog(catalog, &unheard);
	ids = own_alloc(of->count * sizeof(*ids));
	for (size_t i = 0; i < of->count; i++)
		ids[i] = of->list[i]->id;
	near = suggest_nearest(slash ? slash + 1 : id, ids, of->count);
	if (!near)
		return;
	text_format(message, "; did you mean '%s'?", near);
	for (size_t i = 0; i < of->count; i++)
		of->list[i]->references += ids[i] == near;
}

struct document *reference_find(struct catalog *catalog,
	enum document_kind kind, const struct node *reference)
{
	AUTO(diags) none = DIAGS_INIT;
	const char *id = node_string(reference);
	struct document *document = NULL;

	if (id)
		catalog_locate(catalog, kind, id, &document, &none);
	return document;
}

static struct document *count_reference(struct catalog *catalog,
	enum document_kind kind, const struct node *reference)
{
	struct document *document = reference_find(catalog, kind, reference);

	if (document)
		document->references++;
	return document;
}

/*
 * Also of documents that are not valid: what they name is in use. A key in a
 * kind that does not have it names nothing.
 */
void reference_link(struct catalog *catalog, struct document *document,
	const struct node *map)
{
	const struct node *jumps = node_get(map, "proxy_jump");
	const struct node *jump;

	if (document->kind == DOCUMENT_DOMAIN ||
		document->kind == DOCUMENT_ACTOR)
		return;
	if (document->kind != DOCUMENT_TARGET) {
		document->target = count_reference(
			catalog, DOCUMENT_TARGET, node_get(map, "target"));
		document->actor = count_reference(
			catalog, DOCUMENT_ACTOR, node_get(map, "actor"));
	}
	for (size_t i = 0; (jump = reference_jump(jumps, i)); i++)
		count_reference(catalog, DOCUMENT_TARGET, jump);
}
