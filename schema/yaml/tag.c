#include "schema/yaml/tag.h"

#include <string.h>
#include <yaml.h>

enum yaml_tag yaml_tag_read(const char *tag)
{
	static const struct {
		const char *name;
		enum yaml_tag tag;
	} known[] = {
		{"!", YAML_TAG_STRING},
		{YAML_STR_TAG, YAML_TAG_STRING},
		{YAML_INT_TAG, YAML_TAG_CORE},
		{YAML_FLOAT_TAG, YAML_TAG_CORE},
		{YAML_BOOL_TAG, YAML_TAG_CORE},
		{YAML_NULL_TAG, YAML_TAG_CORE},
		{YAML_MAP_TAG, YAML_TAG_MAP},
		{YAML_SEQ_TAG, YAML_TAG_LIST},
	};

	if (!tag)
		return YAML_TAG_NONE;
	for (size_t i = 0; i < COUNT(known); i++)
		if (!strcmp(tag, known[i].name))
			return known[i].tag;
	return YAML_TAG_UNKNOWN;
}

bool yaml_tag_check(const char *tag, enum yaml_tag wanted,
	const struct origin *at, struct diags *diags)
{
	enum yaml_tag found = yaml_tag_read(tag);

	if (found == YAML_TAG_NONE || found == wanted)
		return true;
	if (wanted == YAML_TAG_CORE && found == YAML_TAG_STRING)
		return true;
	/* "!" on a collection is the non-specific tag: no tag at all. */
	if (found == YAML_TAG_STRING && !strcmp(tag, "!"))
		return true;
	return diag_error(diags, at, RULE_YAML_TAG,
		found == YAML_TAG_UNKNOWN ? "unknown tag '%s'; remove it"
					  : "tag '%s' does not fit this value",
		tag);
}

/* Does the core schema agree that this value is what the tag says? */
static bool agrees(const char *tag, const struct node *node)
{
	switch (node->kind) {
	case NODE_NULL:
		return !strcmp(tag, YAML_NULL_TAG);
	case NODE_BOOL:
		return !strcmp(tag, YAML_BOOL_TAG);
	case NODE_INT:
		return !strcmp(tag, YAML_INT_TAG) ||
		       !strcmp(tag, YAML_FLOAT_TAG);
	case NODE_FLOAT:
		return !strcmp(tag, YAML_FLOAT_TAG);
	case NODE_STRING:
	case NODE_LIST:
	case NODE_MAP:
		break;
	}
	return false;
}

bool yaml_tag_check_value(const char *tag, const struct node *node,
	const char *bytes, struct diags *diags)
{
	if (agrees(tag, node))
		return true;
	return diag_error(diags, &node->at, RULE_YAML_TAG,
		"'%s' is not what its tag '%s' says", bytes, tag);
}
