#include "tunnel/state/audit_log.h"

#include "schema/base/text.h"
#include "tunnel/state/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void audit_log_time(char text[AUDIT_TIME_SIZE], const struct timespec *when)
{
	struct tm tm;
	size_t length;

	gmtime_r(&when->tv_sec, &tm);
	length = strftime(text, AUDIT_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + length, AUDIT_TIME_SIZE - length, ".%06ld",
		when->tv_nsec / 1000 % 1000000);
}

static void set_text(json_t *json, const char *key, const char *text)
{
	if (text)
		json_object_set_new(json, key, json_string(text));
}

/*
 * Always a string: readers need not ask for its type. json_string() refuses
 * what is not UTF-8, and ssh may say anything.
 */
static json_t *detail_to_json(const char *detail)
{
	AUTO(text) text = TEXT_INIT;

	if (detail)
		text_append_visible(&text, detail, strlen(detail));
	return json_string(text.data);
}

char *audit_log_line(
	const struct bridge *bridge, const struct audit_record *record)
{
	json_auto_t *json = json_object();
	AUTO(text) line = TEXT_INIT;
	AUTO_FREE char *dump = NULL;
	char when[AUDIT_TIME_SIZE];

	audit_log_time(when, &record->when);
	set_text(json, "ts", when);
	set_text(json, "tunnel", bridge->name);
	set_text(json, "event", audit_event_name(record->event));
	set_text(json, "actor", bridge->actor);
	json_object_set_new(json, "actor_class",
		bridge->actor_class ? json_string(bridge->actor_class)
				    : json_null());
	json_object_set_new(json, "detail", detail_to_json(record->detail));
	set_text(json, "reason", record->reason);
	if (record->pid)
		json_object_set_new(json, "pid", json_integer(record->pid));
	set_text(json, "source",
		bridge->source == BRIDGE_FROM_INLINE ? "inline" : "catalog");
	set_text(json, "revision", bridge->revision);
	dump = json_dumps(json, JSON_COMPACT);
	text_format(&line, "%s\n", dump);
	return text_detach(&line);
}

char *audit_log_line_after(const char *line, const struct audit_record *record)
{
	json_auto_t *json = json_loads(line, 0, NULL);
	AUTO(text) text = TEXT_INIT;
	AUTO_FREE char *dump = NULL;
	char when[AUDIT_TIME_SIZE];

	if (!json_is_object(json))
		return NULL;
	audit_log_time(when, &record->when);
	set_text(json, "ts", when);
	set_text(json, "event", audit_event_name(record->event));
	json_object_set_new(json, "detail", detail_to_json(record->detail));
	json_object_del(json, "reason");
	json_object_del(json, "pid");
	dump = json_dumps(json, JSON_COMPACT);
	text_format(&text, "%s\n", dump);
	return text_detach(&text);
}

static void rotate(int directory, const char *name)
{
	for (int i = AUDIT_KEPT; i > 0; i--) {
		char older[16];
		char newer[16] = ".log";
		AUTO_FREE char *from = NULL;
		AUTO_FREE char *to = NULL;

		snprintf(older, sizeof(older), ".log.%d", i);
		if (i > 1)
			snprintf(newer, sizeof(newer), ".log.%d", i - 1);
		from = state_file(name, newer);
		to = state_file(name, older);
		renameat(directory, from, directory, to);
	}
}

bool audit_log_append(
	int directory, const char *name, const char *line, size_t length)
{
	const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
			  O_NOFOLLOW;
	AUTO_FREE char *file = state_file(name, ".log");
	AUTO_CLOSE int fd = openat(directory, file, flags, 0600);
	struct stat status;
	ssize_t wrote;

	if (fd < 0 || fstat(fd, &status))
		return false;
	if (status.st_size &&
		status.st_size + (off_t)length > AUDIT_MAX_BYTES) {
		close(fd);
		rotate(directory, name);
		fd = openat(directory, file, flags, 0600);
		if (fd < 0 || fstat(fd, &status))
			return false;
	}
	do
		wrote = write(fd, line, length);
	while (wrote < 0 && errno == EINTR);
	if (wrote == (ssize_t)length)
		return true;
	if (wrote > 0) {
		/* A torn line would spoil the next one, too. */
		if (ftruncate(fd, status.st_size))
			return false;
		errno = ENOSPC;
	}
	return false;
}

/* The newest `most` bytes of a file; *start is where they begin in it. */
static bool read_end(int directory, const char *file, size_t most,
	struct text *text, size_t *start)
{
	AUTO_CLOSE int fd = openat(directory, file,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;

	*start = 0;
	if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode))
		return false;
	if ((size_t)status.st_size > most) {
		*start = (size_t)status.st_size - most;
		if (lseek(fd, (off_t)*start, SEEK_SET) < 0)
			return false;
	}
	return text_read(text, fd, AUDIT_MAX_BYTES + AUDIT_MAX_LINE);
}

json_t *audit_log_last(int directory, const char *name)
{
	AUTO_FREE char *file = state_file(name, ".log");
	AUTO(text) text = TEXT_INIT;
	size_t start;
	char *newline;

	if (!read_end(directory, file, 8192, &text, &start))
		return NULL;
	while (text.length && text.data[text.length - 1] != '\n')
		text.length--;
	if (!text.length)
		return NULL;
	text.data[text.length - 1] = '\0';
	newline = strrchr(text.data, '\n');
	return json_loads(newline ? newline + 1 : text.data, 0, NULL);
}

/* Where the last `count` lines of the text begin; count is what is missing. */
static size_t last_lines(const struct text *text, size_t *count)
{
	size_t at = text->length;

	while (at && *count) {
		at--;
		while (at && text->data[at - 1] != '\n')
			at--;
		--*count;
	}
	return at;
}

char *audit_log_tail(int directory, const char *name, size_t count, size_t *end)
{
	AUTO(text) all = TEXT_INIT;
	bool any = false;

	for (int i = 0; i <= AUDIT_KEPT && (count || !i); i++) {
		char suffix[16] = ".log";
		AUTO_FREE char *file = NULL;
		AUTO(text) text = TEXT_INIT;
		AUTO(text) joined = TEXT_INIT;
		size_t start;
		size_t from;

		if (i)
			snprintf(suffix, sizeof(suffix), ".log.%d", i);
		file = state_file(name, suffix);
		if (!read_end(directory, file, AUDIT_MAX_BYTES, &text, &start))
			continue;
		any = true;
		while (text.length && text.data[text.length - 1] != '\n')
			text.length--;
		if (!i && end)
			*end = start + text.length;
		from = last_lines(&text, &count);
		text_append_bytes(
			&joined, text.data + from, text.length - from);
		text_append_bytes(&joined, all.data, all.length);
		text_release(&all);
		all = joined;
		joined = (struct text)TEXT_INIT;
	}
	return any ? text_detach(&all) : NULL;
}
