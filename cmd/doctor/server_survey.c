#include "cmd/doctor/server_survey.h"

#include "schema/base/alloc.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* As schema/embedded.c does it, and why. */
__asm__(".pushsection .rodata\n"
	"survey_sh:\n"
	".incbin \"cmd/doctor/server_survey.sh\"\n"
	".byte 0\n"
	".popsection\n");
extern const char survey_sh[];

const char *server_survey_script(void)
{
	return survey_sh;
}

enum { MAX_DEPTH = 16, MAX_MATCHED = 16 };

enum part { PART_NONE, PART_LISTENERS, PART_SESSIONS, PART_SETTINGS };

enum keyword { ALIVE_INTERVAL, ALIVE_COUNT_MAX, GATEWAY_PORTS, KEYWORDS };

static const struct {
	const char *word;
	const char *fallback; /* sshd_config(5) */
} keywords[KEYWORDS] = {
	[ALIVE_INTERVAL] = {"clientaliveinterval", "0"},
	[ALIVE_COUNT_MAX] = {"clientalivecountmax", "3"},
	[GATEWAY_PORTS] = {"gatewayports", "no"},
};

struct reading {
	struct server_survey *survey;
	enum part part;
	bool whole;      /* the settings are all there */
	bool unreadable; /* or a part of a file is not */
	bool in_match[MAX_DEPTH];
	size_t depth; /* of included files */
	char values[KEYWORDS][SERVER_SURVEY_MAX_WORD];
	bool conditional[KEYWORDS]; /* set for some, perhaps for us */
};

/* The next word of a line, made printable and cut; false at its end. */
static bool take_word(const char **line, char word[SERVER_SURVEY_MAX_WORD])
{
	size_t length;

	*line += strspn(*line, " \t");
	length = strcspn(*line, " \t");
	snprintf(word, SERVER_SURVEY_MAX_WORD, "%.*s", (int)length, *line);
	for (char *at = word; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	*line += length;
	return length != 0;
}

static long number_after(const char *line, const char *mark)
{
	const char *found = strstr(line, mark);
	long number = found ? strtol(found + strlen(mark), NULL, 10) : 0;

	return number > 0 && number < LONG_MAX ? number : 0;
}

/*
 * "LISTEN 0 128 127.0.0.1:18081 0.0.0.0:* users:(("sshd",pid=12,fd=8)) uid:7".
 * No uid is root's.
 */
static void take_listener(struct server_survey *survey, const char *line)
{
	static const char mark[] = "users:((\"";
	const char *users = strstr(line, mark);
	struct holder *holder = &survey->holders[survey->count];
	char word[SERVER_SURVEY_MAX_WORD];

	if (survey->count == SERVER_SURVEY_MAX_HOLDERS)
		return;
	*holder = (struct holder){.uid = number_after(line, " uid:")};
	if (users) {
		const char *name = users + sizeof(mark) - 1;

		holder->pid = number_after(users, "pid=");
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(name, "\""),
			name);
		name = word;
		take_word(&name, holder->program);
	}
	for (int i = 0; i < 3; i++)
		if (!take_word(&line, word))
			return;
	if (take_word(&line, holder->address))
		survey->count++;
}

/* "0 0 10.0.0.1:22 10.0.0.9:53098 users:(("sshd",pid=12,fd=4))" */
static void take_session(struct server_survey *survey, const char *line)
{
	const char *pid = line;
	char word[SERVER_SURVEY_MAX_WORD];

	for (int i = 0; i < 4; i++)
		if (!take_word(&line, word))
			return;
	while ((pid = strstr(pid, "pid="))) {
		long number = number_after(pid, "pid=");

		for (size_t i = 0; number && i < survey->count; i++)
			if (survey->holders[i].pid == number)
				memcpy(survey->holders[i].peer, word,
					sizeof(word));
		pid++;
	}
}

/* "90", "90s", "1m30": sshd_config(5), TIME FORMATS. -1 for anything else. */
static long seconds(const char *text)
{
	static const struct {
		char letter;
		long seconds;
	} units[] = {
		{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	long total = 0;

	while (isdigit((unsigned char)*text)) {
		char *end;
		long number = strtol(text, &end, 10);
		long unit = 1;

		for (size_t i = 0; i < COUNT(units); i++)
			if (*end &&
				tolower((unsigned char)*end) == units[i].letter)
				unit = units[i].seconds;
		end += isalpha((unsigned char)*end) != 0;
		if (number > INT_MAX || total > INT_MAX)
			return -1;
		total += number * unit;
		text = end;
	}
	return *text ? -1 : total;
}

static bool *matching(struct reading *reading)
{
	return &reading->in_match[reading->depth];
}

/* The first value counts; one in a Match block, for some, over all others. */
static void take_value(
	struct reading *reading, enum keyword keyword, const char *value)
{
	char word[SERVER_SURVEY_MAX_WORD];

	if (!take_word(&value, word))
		return;
	word[strcspn(word, "\"")] = '\0';
	if (*matching(reading))
		reading->conditional[keyword] = true;
	else if (!*reading->values[keyword])
		memcpy(reading->values[keyword], word, sizeof(word));
}

static void take_setting(struct reading *reading, const char *line)
{
	line += strspn(line, " \t");
	line += *line == '"';
	/* Match all comes before what was said for all, too. */
	if (!strncasecmp(line, "match", 5) && strchr(" \t=\"", line[5])) {
		*matching(reading) = true;
		return;
	}
	for (int i = 0; i < KEYWORDS; i++) {
		size_t length = strlen(keywords[i].word);

		if (!strncasecmp(line, keywords[i].word, length) &&
			line[length] && strchr(" \t=\"", line[length]))
			take_value(reading, (enum keyword)i,
				line + length +
					strspn(line + length, " \t=\""));
	}
}

/* What is included within a Match block is within it, too. */
static void enter_part(struct reading *reading)
{
	if (reading->depth + 1 == MAX_DEPTH) {
		reading->unreadable = true;
		return;
	}
	reading->in_match[reading->depth + 1] = *matching(reading);
	reading->depth++;
}

/* What -o said is in there, as far as it counts. */
static void begin_effective(struct reading *reading)
{
	for (int i = 0; i < KEYWORDS; i++) {
		reading->values[i][0] = '\0';
		reading->conditional[i] = false;
	}
	reading->whole = true;
}

static void leave(struct reading *reading)
{
	reading->depth -= reading->depth != 0;
}

static void begin_file(struct reading *reading)
{
	reading->whole = true;
}

static void miss(struct reading *reading)
{
	reading->unreadable = true;
}

static void begin_listeners(struct reading *reading)
{
	reading->part = PART_LISTENERS;
	reading->survey->listed = true;
}

static void begin_sessions(struct reading *reading)
{
	reading->part = PART_SESSIONS;
}

static void begin_settings(struct reading *reading)
{
	reading->part = PART_SETTINGS;
}

static void note_fail2ban(struct reading *reading)
{
	reading->survey->fail2ban = true;
}

static const struct {
	const char *line;
	void (*take)(struct reading *reading);
} marks[] = {
	{"bridge-listeners", begin_listeners},
	{"bridge-sessions", begin_sessions},
	{"bridge-settings", begin_settings},
	{"bridge-fail2ban", note_fail2ban},
	{"bridge-effective", begin_effective},
	{"bridge-file", begin_file},
	{"bridge-unreadable", miss},
	{"bridge-enter", enter_part},
	{"bridge-leave", leave},
};

static bool take_mark(struct reading *reading, const char *line)
{
	static const char uid[] = "bridge-uid ";
	static const char from[] = "bridge-from ";
	struct server_survey *survey = reading->survey;

	for (size_t i = 0; i < COUNT(marks); i++)
		if (!strcmp(line, marks[i].line)) {
			marks[i].take(reading);
			return true;
		}
	if (!strncmp(line, uid, sizeof(uid) - 1)) {
		survey->ran = true;
		survey->uid = strtol(line + sizeof(uid) - 1, NULL, 10);
		return true;
	}
	if (strncmp(line, from, sizeof(from) - 1) != 0)
		return false;
	line += sizeof(from) - 1;
	take_word(&line, survey->from);
	return true;
}

static void take_line(struct reading *reading, const char *line)
{
	if (take_mark(reading, line))
		return;
	if (reading->part == PART_LISTENERS)
		take_listener(reading->survey, line);
	else if (reading->part == PART_SESSIONS)
		take_session(reading->survey, line);
	else if (reading->part == PART_SETTINGS)
		take_setting(reading, line);
}

/*
 * A value that is set for some may be meant for us, and what is not read, too.
 * "" for one that cannot be told.
 */
static const char *setting_value(
	const struct reading *reading, enum keyword keyword)
{
	if (reading->conditional[keyword] || reading->unreadable ||
		!reading->whole)
		return "";
	if (!*reading->values[keyword])
		return keywords[keyword].fallback;
	return reading->values[keyword];
}

static long setting_number(const struct reading *reading, enum keyword keyword)
{
	const char *value = setting_value(reading, keyword);

	return *value ? seconds(value) : -1;
}

void server_survey_read(struct server_survey *survey, const char *text)
{
	struct reading reading = {.survey = survey};

	*survey = (struct server_survey){.uid = -1};
	while (*text) {
		size_t length = strcspn(text, "\r\n");
		AUTO_FREE char *line = own_strndup(text, length);

		take_line(&reading, line);
		text += length;
		text += strspn(text, "\r\n");
	}
	survey->alive_interval = setting_number(&reading, ALIVE_INTERVAL);
	survey->alive_count_max = setting_number(&reading, ALIVE_COUNT_MAX);
	snprintf(survey->gateway_ports, sizeof(survey->gateway_ports), "%s",
		setting_value(&reading, GATEWAY_PORTS));
}

/* Of a listener, or of what a forward asks for. */
struct place {
	char host[SERVER_SURVEY_MAX_WORD];
	bool ipv4, ipv6; /* it is of these families, or may be */
	bool any;        /* every address of them */
	bool name;       /* a host's name: any address, perhaps */
};

/* One spelling of an address, or a name in lower case. */
static void normalize(char host[SERVER_SURVEY_MAX_WORD])
{
	struct in6_addr ipv6;
	struct in_addr ipv4;

	if (inet_pton(AF_INET6, host, &ipv6) == 1)
		inet_ntop(AF_INET6, &ipv6, host, SERVER_SURVEY_MAX_WORD);
	else if (inet_aton(host, &ipv4))
		inet_ntop(AF_INET, &ipv4, host, SERVER_SURVEY_MAX_WORD);
	for (; *host; host++)
		*host = (char)tolower((unsigned char)*host);
}

/* "127.0.0.1", "::1", "*", "::ffff:127.0.0.1", "fe80::1%eth0" */
static struct place read_place(const char *text, size_t length)
{
	static const char mapped[] = "::ffff:";
	struct place place = {.any = false};
	char *host = place.host;
	bool is_mapped = length > sizeof(mapped) - 1 &&
			 !strncmp(text, mapped, sizeof(mapped) - 1) &&
			 memchr(text, '.', length);

	if (is_mapped) {
		text += sizeof(mapped) - 1;
		length -= sizeof(mapped) - 1;
	}
	snprintf(host, SERVER_SURVEY_MAX_WORD, "%.*s", (int)length, text);
	host[strcspn(host, "%")] = '\0';
	normalize(host);
	place.any = !strcmp(host, "*") || !strcmp(host, "0.0.0.0") ||
		    !strcmp(host, "::");
	place.name = *host != '*' && !strchr(host, ':') &&
		     host[strspn(host, "0123456789.")];
	place.ipv6 = *host == '*' || place.name || strchr(host, ':');
	place.ipv4 = *host == '*' || place.name || !place.ipv6;
	return place;
}

/* Without a port and brackets. */
static struct place place_of_holder(const struct holder *holder)
{
	const char *address = holder->address;
	const char *end;

	if (*address == '[') {
		address++;
		end = strchr(address, ']');
	} else {
		end = strrchr(address, ':');
	}
	return read_place(
		address, end ? (size_t)(end - address) : strlen(address));
}

static struct place place_of_bind(const char *bind)
{
	bind += *bind == '[';
	return read_place(bind, strcspn(bind, "]"));
}

static bool share_family(const struct place *a, const struct place *b)
{
	return (a->ipv4 && b->ipv4) || (a->ipv6 && b->ipv6);
}

static bool is_bound(const struct place *place, const struct place *wanted)
{
	if (!share_family(place, wanted))
		return false;
	if (place->any || !strcmp(place->host, wanted->host))
		return true;
	if (!strcmp(wanted->host, "localhost"))
		return !strcmp(place->host, "127.0.0.1") ||
		       !strcmp(place->host, "::1");
	return wanted->name;
}

bool server_survey_can_place(const char *bind)
{
	struct place wanted = place_of_bind(bind);

	return !wanted.name || !strcmp(wanted.host, "localhost");
}

bool server_survey_is_loopback(const char *bind)
{
	struct place wanted = place_of_bind(bind);

	return !strcmp(wanted.host, "127.0.0.1") ||
	       !strcmp(wanted.host, "::1") || !strcmp(wanted.host, "localhost");
}

bool server_survey_is_bound(const struct holder *holder, const char *bind)
{
	struct place place = place_of_holder(holder);
	struct place wanted = place_of_bind(bind);

	return is_bound(&place, &wanted);
}

bool server_survey_is_in_the_way(const struct holder *holder, const char *bind)
{
	struct place place = place_of_holder(holder);
	struct place wanted = place_of_bind(bind);

	return (wanted.any && share_family(&place, &wanted)) ||
	       is_bound(&place, &wanted);
}

/*
 * A session's own process may not be looked into by its user (PR_SET_DUMPABLE,
 * prctl(2)), while that user's other processes may.
 */
bool server_survey_is_session(
	const struct server_survey *survey, const struct holder *holder)
{
	if (*holder->program)
		return !strncmp(holder->program, "sshd", 4);
	return holder->uid == survey->uid && survey->uid > 0;
}
