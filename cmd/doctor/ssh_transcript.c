#include "cmd/doctor/ssh_transcript.h"

#include "schema/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What follows `mark` in a line, made visible; false when it is not there. */
static bool fact(char *to, const char *line, const char *mark)
{
	const char *found = strstr(line, mark);
	AUTO(text) visible = TEXT_INIT;

	if (!found)
		return false;
	found += strlen(mark);
	text_append_visible(&visible, found, strlen(found));
	snprintf(to, STORY_MAX_FACT, "%s", visible.data ? visible.data : "");
	return true;
}

static bool begins(const char *line, const char *start)
{
	return !strncmp(line, start, strlen(start));
}

/* "debug1: Remote: /home/x/.ssh/authorized_keys:1: key options: a b" */
static void take_remote(struct story *story, const char *line)
{
	if (fact(story->options, line, ": key options:")) {
		size_t space = strspn(story->options, " ");

		memmove(story->options, story->options + space,
			strlen(story->options + space) + 1);
		story->options_seen = true;
		story->forced_command = strstr(story->options, "command") !=
					NULL;
		return;
	}
	if (strcasestr(line, "port forwarding refused") ||
		strcasestr(line, "disabled port forwarding")) {
		story->forbidden = true;
		fact(story->refusal, line, "debug1: Remote: ");
	}
}

static void take_debug(struct story *story, const char *line)
{
	static const char host[] = "debug1: Host '";

	if (begins(line, "debug1: Connection established"))
		story->connected = true;
	else if (begins(line, "debug1: Remote: "))
		take_remote(story, line);
	else if (begins(line, host) && strstr(line, " is known and matches"))
		story->key_known = true;
	else if (strstr(line, "remote forward success for"))
		story->forwarded = true;
	else if (strstr(line, "remote forward failure for"))
		story->forward_refused = true;
	fact(story->software, line, "remote software version ");
	fact(story->found_in, line, "debug1: Found key in ");
	if (fact(story->fingerprint, line, "debug1: Server host key: ") ||
		fact(story->fingerprint, line,
			"debug1: Server host certificate: "))
		story->key_seen = true;
}

/*
 * "No ED25519 host key is known for HOST and ...", "Host key for HOST has
 * changed and ...". What comes before our own ssh has seen a key is about a
 * host on the way.
 */
static void take_refusal(struct story *story, const char *line)
{
	static const char *const marks[][2] = {
		{" host key is known for ", " and "},
		{"Host key for ", " has changed"},
	};

	if (story->key_seen)
		return;
	for (size_t i = 0; i < COUNT(marks); i++) {
		char *plus;
		char *end;

		if (!fact(story->jump_refused, line, marks[i][0]))
			continue;
		/* "1+ops@door:22" (tunnel/ssh/proxy_command.c) */
		plus = strchr(story->jump_refused, '+');
		if (plus && strspn(story->jump_refused, "0123456789") ==
				    (size_t)(plus - story->jump_refused))
			memmove(story->jump_refused, plus + 1,
				strlen(plus + 1) + 1);
		end = strstr(story->jump_refused, marks[i][1]);
		if (end)
			*end = '\0';
	}
}

static void take_line(struct story *story, const char *line)
{
	enum ssh_cause cause = ssh_classify(line);

	if (begins(line, "debug1: "))
		take_debug(story, line);
	if (begins(line, "Authenticated to "))
		story->authenticated = true;
	take_refusal(story, line);
	if (begins(line, "No ") && strstr(line, " host key is known for "))
		story->key_unknown = true;
	if (strstr(line, "REMOTE HOST IDENTIFICATION HAS CHANGED") ||
		strstr(line, "Host key for ") == line)
		story->key_changed = true;
	if (begins(line, "Offending "))
		fact(story->offending, line, " in ");
	if (cause < story->cause) {
		story->cause = cause;
		fact(story->said, line, "");
	}
}

void story_read(struct story *story, const char *text)
{
	*story = (struct story){.cause = SSH_UNKNOWN};
	while (*text) {
		size_t length = strcspn(text, "\r\n");
		AUTO_FREE char *line = own_strndup(text, length);

		take_line(story, line);
		text += length;
		text += strspn(text, "\r\n");
	}
}
