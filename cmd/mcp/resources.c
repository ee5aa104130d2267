#include "cmd/mcp/resources.h"

#include "cmd/context/answer.h"
#include "cmd/context/candidates.h"
#include "cmd/mcp/methods.h"
#include "cmd/mcp/pagination.h"
#include "cmd/mcp/sanitize.h"
#include "cmd/mcp/session.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_LINES = 100 };

static json_t *target_ids(const struct options *options)
{
	return candidates_ids(options, DOCUMENT_TARGET);
}

const struct mcp_resource mcp_resources[] = {
	{"bridge://status", "status", "Status of all bridges",
		"Every bridge that runs, has run or is defined, and how it "
		"is, as bridge_status says it.",
		answer_status, NULL},
	{"catalog://domains", "domains", "The catalog's domains",
		"Domains with the ids of their targets and bridges.",
		answer_domains, NULL},
	{"catalog://targets", "targets", "The catalog's targets",
		"The machines that bridges lead to.", answer_targets, NULL},
	{"bridge://status/{bridge}", "bridge-status", "Status of a bridge",
		"How one bridge is.", answer_status, candidates_bridges},
	{"bridge://logs/{bridge}", "bridge-logs", "Log of a bridge",
		"The last 100 events of one bridge.", answer_logs,
		candidates_bridges},
	{"catalog://targets/{id}", "target", "A target",
		"What the catalog says of one target.", answer_target,
		target_ids},
};

const size_t mcp_resource_count = COUNT(mcp_resources);

static const char *variable(const struct mcp_resource *resource)
{
	return strchr(resource->uri, '{');
}

static int hex(char digit)
{
	return isdigit((unsigned char)digit)
		       ? digit - '0'
		       : tolower((unsigned char)digit) - 'a' + 10;
}

/* RFC 3986, 2.1. NULL when it is wrong, or hides a NUL. */
static char *decode(const char *text)
{
	AUTO(text) decoded = TEXT_INIT;

	for (; *text; text++) {
		int byte = *text;

		if (*text == '%') {
			if (!isxdigit((unsigned char)text[1]) ||
				!isxdigit((unsigned char)text[2]))
				return NULL;
			byte = hex(text[1]) * 16 + hex(text[2]);
			text += 2;
		}
		if (!byte)
			return NULL;
		text_append_char(&decoded, (char)byte);
	}
	return text_detach(&decoded);
}

const struct mcp_resource *mcp_resource_find(const char *uri, char **name)
{
	*name = NULL;
	for (size_t i = 0; i < mcp_resource_count; i++) {
		const struct mcp_resource *row = &mcp_resources[i];
		const char *brace = variable(row);
		size_t fixed = brace ? (size_t)(brace - row->uri) : 0;

		if (!brace && !strcmp(row->uri, uri))
			return row;
		if (!brace || strncmp(row->uri, uri, fixed) || !uri[fixed])
			continue;
		*name = decode(uri + fixed);
		return *name ? row : NULL;
	}
	return NULL;
}

char *mcp_resource_canonical(const char *uri)
{
	AUTO_FREE char *name = NULL;
	const struct mcp_resource *row = mcp_resource_find(uri, &name);
	AUTO(text) text = TEXT_INIT;

	if (!row)
		return NULL;
	if (!name)
		return own_strdup(row->uri);
	text_append_bytes(&text, row->uri, (size_t)(variable(row) - row->uri));
	text_append(&text, name);
	return text_detach(&text);
}

static void list(struct call *call, const char *key, bool templates)
{
	json_t *all = json_array();

	for (size_t i = 0; i < mcp_resource_count; i++) {
		const struct mcp_resource *row = &mcp_resources[i];
		json_t *item;

		if ((variable(row) != NULL) != templates)
			continue;
		item = json_pack("{s:s, s:s, s:s, s:s}",
			templates ? "uriTemplate" : "uri", row->uri, "name",
			row->name, "description", row->description, "mimeType",
			"application/json");
		if (call->version >= MCP_2025_06_18)
			json_object_set_new(
				item, "title", json_string(row->title));
		json_array_append_new(all, item);
	}
	pagination_answer(call, key, all);
}

void method_resources_list(struct call *call)
{
	list(call, "resources", false);
}

void method_resources_templates(struct call *call)
{
	list(call, "resourceTemplates", true);
}

static void not_found(struct call *call, const char *uri)
{
	call_fail(call,
		call_is_modern(call) ? MCP_INVALID_PARAMS : MCP_NO_RESOURCE,
		json_pack("{s:s}", "uri", uri), "no resource is at '%.200s'",
		uri);
}

static bool is_unknown(const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		if (diags->list[i].rule == RULE_BRIDGE_UNKNOWN)
			return true;
	return false;
}

static void read_it(struct call *call, const struct mcp_resource *row,
	char *name, const char *uri)
{
	struct options options = *call->session->options;
	char *names[] = {name, NULL};
	AUTO(diags) diags = DIAGS_INIT;
	json_auto_t *answer = NULL;
	json_auto_t *plain = NULL;
	char *text;

	options.json = options.quiet = true;
	options.lines = LOG_LINES;
	options.waiting = &call->waiting;
	options.arguments = names;
	options.count = name ? 1 : 0;
	row->answer(&options, &answer, &diags);
	if (name && is_unknown(&diags)) {
		not_found(call, uri);
		return;
	}
	if (!answer) {
		call_fail(call, MCP_INTERNAL_ERROR, NULL, "%s",
			diags.count ? diags.list[0].message
				    : "it cannot be read");
		return;
	}
	plain = sanitize_json(answer);
	text = json_dumps(plain, JSON_INDENT(2));
	call->result = json_pack("{s:[{s:s, s:s, s:s}]}", "contents", "uri",
		uri, "mimeType", "application/json", "text", text ? text : "");
	free(text);
}

void method_resources_read(struct call *call)
{
	const char *uri = call_text(call, "uri");
	AUTO_FREE char *name = NULL;
	const struct mcp_resource *row;

	if (!uri) {
		call_fail(call, MCP_INVALID_PARAMS, NULL,
			"resources/read wants uri, a string");
		return;
	}
	row = mcp_resource_find(uri, &name);
	if (row)
		read_it(call, row, name, uri);
	else
		not_found(call, uri);
}
