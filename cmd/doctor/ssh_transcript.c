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
	snprintf(to, SSH_TRANSCRIPT_MAX_FACT, "%s",
		visible.data ? visible.data : "");
	return true;
}

static bool begins(const char *line, const char *start)
{
	return !strncmp(line, start, strlen(start));
}

/* "debug1: Remote: /home/x/.ssh/authorized_keys:1: key options: a b" */
static void take_remote(struct ssh_transcript *transcript, const char *line)
{
	if (fact(transcript->options, line, ": key options:")) {
		size_t space = strspn(transcript->options, " ");

		memmove(transcript->options, transcript->options + space,
			strlen(transcript->options + space) + 1);
		transcript->options_seen = true;
		transcript->forced_command = strstr(transcript->options,
						     "command") != NULL;
		return;
	}
	if (strcasestr(line, "port forwarding refused") ||
		strcasestr(line, "disabled port forwarding")) {
		transcript->forbidden = true;
		fact(transcript->refusal, line, "debug1: Remote: ");
	}
}

static void take_debug(struct ssh_transcript *transcript, const char *line)
{
	static const char host[] = "debug1: Host '";

	if (begins(line, "debug1: Connection established"))
		transcript->connected = true;
	else if (begins(line, "debug1: Remote: "))
		take_remote(transcript, line);
	else if (begins(line, host) && strstr(line, " is known and matches"))
		transcript->key_known = true;
	else if (strstr(line, "remote forward success for"))
		transcript->forwarded = true;
	else if (strstr(line, "remote forward failure for"))
		transcript->forward_refused = true;
	fact(transcript->software, line, "remote software version ");
	fact(transcript->found_in, line, "debug1: Found key in ");
	if (fact(transcript->fingerprint, line, "debug1: Server host key: ") ||
		fact(transcript->fingerprint, line,
			"debug1: Server host certificate: "))
		transcript->key_seen = true;
}

/*
 * "No ED25519 host key is known for HOST and ...", "Host key for HOST has
 * changed and ...". What comes before our own ssh has seen a key is about a
 * host on the way.
 */
static void take_refusal(struct ssh_transcript *transcript, const char *line)
{
	static const char *const marks[][2] = {
		{" host key is known for ", " and "},
		{"Host key for ", " has changed"},
	};

	if (transcript->key_seen)
		return;
	for (size_t i = 0; i < COUNT(marks); i++) {
		char *plus;
		char *end;

		if (!fact(transcript->jump_refused, line, marks[i][0]))
			continue;
		/* "1+ops@door:22" (tunnel/ssh/proxy_command.c) */
		plus = strchr(transcript->jump_refused, '+');
		if (plus && strspn(transcript->jump_refused, "0123456789") ==
				    (size_t)(plus - transcript->jump_refused))
			memmove(transcript->jump_refused, plus + 1,
				strlen(plus + 1) + 1);
		end = strstr(transcript->jump_refused, marks[i][1]);
		if (end)
			*end = '\0';
	}
}

static void take_line(struct ssh_transcript *transcript, const char *line)
{
	enum ssh_cause cause = ssh_classify(line);

	if (begins(line, "debug1: "))
		take_debug(transcript, line);
	if (begins(line, "Authenticated to "))
		transcript->authenticated = true;
	take_refusal(transcript, line);
	if (begins(line, "No ") && strstr(line, " host key is known for "))
		transcript->key_unknown = true;
	if (strstr(line, "REMOTE HOST IDENTIFICATION HAS CHANGED") ||
		strstr(line, "Host key for ") == line)
		transcript->key_changed = true;
	if (begins(line, "Offending "))
		fact(transcript->offending, line, " in ");
	if (cause < transcript->cause) {
		transcript->cause = cause;
		fact(transcript->said, line, "");
	}
}

void ssh_transcript_read(struct ssh_transcript *transcript, const char *text)
{
	*transcript = (struct ssh_transcript){.cause = SSH_UNKNOWN};
	while (*text) {
		size_t length = strcspn(text, "\r\n");
		AUTO_FREE char *line = own_strndup(text, length);

		take_line(transcript, line);
		text += length;
		text += strspn(text, "\r\n");
	}
}
