#include "cmd/bridges/logs.h"

#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"
#include "schema/base/json_line.h"
#include "tunnel/state/audit_log.h"
#include "tunnel/state/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static enum paint event_paint(const char *event)
{
	static const struct {
		const char *event;
		enum paint paint;
	} paints[] = {
		{"bridge_connected", PAINT_GOOD},
		{"health_check_recovered", PAINT_GOOD},
		{"bridge_disconnected", PAINT_WARN},
		{"bridge_reconnecting", PAINT_WARN},
		{"health_check_failed", PAINT_WARN},
		{"bridge_failed", PAINT_BAD},
	};

	for (size_t i = 0; event && i < COUNT(paints); i++)
		if (!strcmp(paints[i].event, event))
			return paints[i].paint;
	return PAINT_NONE;
}

static void print_visible(const char *text)
{
	AUTO(text) visible = TEXT_INIT;

	text_append_visible(&visible, text, strlen(text));
	fputs(visible.data, stdout);
}

/* A line that is no audit line is shown as it is, made visible. */
static void print_line(const char *line, const struct options *options)
{
	json_auto_t *json = json_loads(line, 0, NULL);
	const char *event = json_text(json, "event");
	const char *detail = json_text(json, "detail");
	const char *actor = json_text(json, "actor");
	const char *ts = json_text(json, "ts");
	enum paint paint = event_paint(event);

	if (options->json || !event || !ts) {
		print_visible(line);
		putchar('\n');
		return;
	}
	print_visible(ts);
	printf("  %s", output_paint(stdout, paint));
	print_visible(event);
	if (paint != PAINT_NONE)
		fputs(output_plain(stdout), stdout);
	if (actor) {
		fputs("  ", stdout);
		print_visible(actor);
	}
	if (detail && *detail) {
		fputs("  ", stdout);
		print_visible(detail);
	}
	putchar('\n');
}

/* Print the whole lines at the start of text; how many bytes they are. */
static size_t print_lines(struct text *text, const struct options *options)
{
	size_t at = 0;
	char *newline;

	while ((newline = memchr(text->data + at, '\n', text->length - at))) {
		*newline = '\0';
		print_line(text->data + at, options);
		at = (size_t)(newline - text->data) + 1;
	}
	return at;
}

struct tail {
	int directory;
	char *file;
	int fd;
	ino_t inode;
	struct text pending;
};

static bool reopen(struct tail *tail, off_t offset)
{
	struct stat status;

	if (tail->fd >= 0)
		close(tail->fd);
	tail->fd = openat(tail->directory, tail->file,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (tail->fd < 0 || fstat(tail->fd, &status))
		return false;
	tail->inode = status.st_ino;
	lseek(tail->fd, offset, SEEK_SET);
	return true;
}

static void drain(struct tail *tail, const struct options *options)
{
	if (tail->fd < 0 || !text_read(&tail->pending, tail->fd,
				    AUDIT_MAX_BYTES + AUDIT_MAX_LINE))
		return;
	text_consume(&tail->pending, print_lines(&tail->pending, options));
	fflush(stdout);
}

/* The file may have been rotated away: finish it, then go on with the new. */
static void catch_up(struct tail *tail, const struct options *options)
{
	struct stat status;

	drain(tail, options);
	if (fstatat(tail->directory, tail->file, &status,
		    AT_SYMLINK_NOFOLLOW) ||
		(tail->fd >= 0 && status.st_ino == tail->inode))
		return;
	drain(tail, options);
	text_clear(&tail->pending);
	if (reopen(tail, 0))
		drain(tail, options);
}

static enum exit_status follow(struct tail *tail, const char *path,
	const struct options *options, struct diags *diags)
{
	AUTO_CLOSE int notify = inotify_init1(IN_CLOEXEC);
	char buffer[sizeof(struct inotify_event) + NAME_MAX + 1]
		__attribute__((aligned(__alignof__(struct inotify_event))));

	if (notify < 0 || inotify_add_watch(notify, path,
				  IN_MODIFY | IN_CREATE | IN_MOVED_TO |
					  IN_DELETE_SELF) < 0) {
		diag_errno(
			diags, NULL, RULE_IO_READ, "cannot watch '%s'", path);
		return EXIT_UNABLE;
	}
	for (;;) {
		ssize_t got;

		catch_up(tail, options);
		if (ferror(stdout))
			return EXIT_UNABLE;
		got = read(notify, buffer, sizeof(buffer));
		if (got < 0 && errno != EINTR)
			return EXIT_UNABLE;
		if (got > 0 && (((struct inotify_event *)buffer)->mask &
				       (IN_DELETE_SELF | IN_IGNORED)))
			return EXIT_YES;
	}
}

bool logs_is_known(const char *name, const struct options *options,
	const struct client *client, struct diags *diags)
{
	struct supervisor_query query = {.client = {.fd = -1, .directory = -1}};
	size_t count;
	char **known;
	bool exists = false;

	query.bridges = json_array();
	if (client->directory >= 0) {
		char **left = state_names(client->directory, &count);

		for (size_t i = 0; i < count; i++)
			json_array_append_new(query.bridges,
				json_pack("{s:s}", "name", left[i]));
		bridge_names_free(left, count);
	}
	known = supervisor_query_names(&query, options, &count);
	for (size_t i = 0; i < count; i++)
		exists = exists || !strcmp(known[i], name);
	if (!exists)
		bridge_names_unknown(diags, "bridge", name,
			(const char *const *)known, count);
	bridge_names_free(known, count);
	json_decref(query.bridges);
	return exists;
}

/* Has this bridge never run, or is there no such bridge? */
static enum exit_status no_log(const struct options *options,
	const struct client *client, struct diags *diags)
{
	const char *name = options->arguments[0];

	if (!logs_is_known(name, options, client, diags))
		return EXIT_NO;
	if (!options->quiet)
		output_note("'%s' has no log yet", name);
	return EXIT_YES;
}

enum exit_status command_logs(const struct options *options)
{
	const char *name = options->arguments[0];
	AUTO(client) client = CLIENT_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) text = TEXT_INIT;
	enum exit_status status = EXIT_UNABLE;
	struct tail tail = {.fd = -1, .pending = TEXT_INIT};
	size_t end = 0;
	char *lines = NULL;

	if (!state_path(&client.path, &diags))
		goto done;
	client.directory = state_open(client.path, false, &diags);
	if (diags.errors)
		goto done;
	if (client.directory >= 0 && bridge_name_is_valid(name))
		lines = audit_log_tail(
			client.directory, name, options->lines, &end);
	if (!lines) {
		status = no_log(options, &client, &diags);
		if (status != EXIT_YES || !options->follow ||
			client.directory < 0)
			goto done;
	}
	if (lines)
		text_append(&text, lines);
	print_lines(&text, options);
	status = EXIT_YES;
	if (options->follow) {
		tail.directory = client.directory;
		tail.file = state_file(name, ".log");
		reopen(&tail, (off_t)end);
		status = follow(&tail, client.path, options, &diags);
	}
done:
	output_diags(&diags, options->verbose);
	if (tail.fd >= 0)
		close(tail.fd);
	free(tail.file);
	text_release(&tail.pending);
	free(lines);
	return status;
}
