#include "catalog/document/secrets.h"

#include "schema/base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* "-----BEGIN RSA PRIVATE KEY-----", also without the name of the cipher. */
static bool has_private_key(const char *text)
{
	const char *begin = strstr(text, "-----BEGIN ");
	const char *end = begin ? strstr(begin + 11, "-----") : NULL;
	const char *words = begin ? strstr(begin, "PRIVATE KEY") : NULL;

	return end && words && words < end;
}

/* "scheme://user:password@host" */
static bool has_password(const char *text)
{
	const char *start = strstr(text, "://");
	const char *end;
	const char *colon;

	if (!start || start == text || !isalnum((unsigned char)start[-1]))
		return false;
	start += 3;
	end = start + strcspn(start, "/?# \t\n");
	colon = memchr(start, ':', (size_t)(end - start));
	for (const char *at = colon; at && at < end; at++)
		if (*at == '@')
			return at > colon + 1;
	return false;
}

/* "password", "db_password", "x-api-token" */
static bool names_a_secret(const char *key)
{
	static const char *const words[] = {
		"password", "passwd", "passphrase", "secret", "token"};
	size_t length = strlen(key);

	/* What the words end in; nearly all keys end here. */
	if (!length || !strchr("dDeEtTnN", key[length - 1]))
		return false;
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t size = strlen(words[i]);

		if (length < size || strcasecmp(key + length - size, words[i]))
			continue;
		if (length == size || strchr("_-.", key[length - size - 1]))
			return true;
	}
	return false;
}

static bool report_secret(
	const struct origin *at, const char *what, struct diags *diags)
{
	struct source blind = {.path = ""};
	struct origin place = *at;

	if (at->source) {
		blind = *at->source;
		blind.bytes = NULL; /* no excerpt */
		place.source = &blind;
	}
	return diag_report(diags, &place, RULE_SECRET, "%s", what);
}

static bool check_text(const struct node *node, struct diags *diags)
{
	const char *text = node->string.bytes;
	size_t length = node->string.length;

	/* Nearly all texts end here. */
	if (length < 10 ||
		(!memchr(text, '@', length) && !memchr(text, '-', length)))
		return true;
	if (has_private_key(text))
		return report_secret(
			&node->at, "a private key stands here", diags);
	if (has_password(text))
		return report_secret(
			&node->at, "a URL with a password stands here", diags);
	return true;
}

static bool check_member(const struct member *member, struct diags *diags)
{
	const struct node *value = member->value;
	AUTO(text) what = TEXT_INIT;

	if (value->kind != NODE_STRING || !value->string.length ||
		!names_a_secret(member->key->string.bytes))
		return true;
	text_format(&what, "the value of '%s' looks like a secret",
		member->key->string.bytes);
	return report_secret(&value->at, what.data, diags);
}

/* The parser has bounded depth and size, aliases expanded. */
bool secrets_check(const struct node *root, struct diags *diags)
{
	bool good = true;

	if (!root)
		return true;
	switch (root->kind) {
	case NODE_STRING:
		return check_text(root, diags);
	case NODE_LIST:
		for (size_t i = 0; i < root->list.count; i++)
			good &= secrets_check(root->list.items[i], diags);
		return good;
	case NODE_MAP:
		for (size_t i = 0; i < root->map.count; i++) {
			const struct member *member = &root->map.members[i];

			good &= check_member(member, diags);
			good &= secrets_check(member->value, diags);
		}
		return good;
	case NODE_NULL:
	case NODE_BOOL:
	case NODE_INT:
	case NODE_FLOAT:
		return true;
	}
	return true;
}
