#include "cmd/bridges/status_watch.h"

#include "cmd/bridges/status_choose.h"
#include "cmd/bridges/status_table.h"
#include "cmd/context/defined.h"
#include "cmd/ui/screen.h"
#include "cmd/ui/terminal.h"
#include "schema/base/utf8.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
	REDRAW_MS = 1000, /* when nothing happens: times go on */
	GATHER_MS = 50,   /* of many events that come together */
	ABOVE = 2,        /* lines before the first bridge */
};

struct watching {
	struct screen screen;
	struct supervisor_query query;
	struct defined defined;
	const struct options *options;
	size_t top;   /* the first row that is seen */
	size_t count; /* of all */
	size_t seen;  /* at once */
	bool quit;
	bool unknown; /* a name is of no bridge (any more) */
};

/* A subscription tells of every change; what it tells is asked for anew. */
static bool open_client(struct watching *watching, struct diags *diags)
{
	struct supervisor_query *query = &watching->query;
	json_auto_t *reply = NULL;

	if (query->client.fd >= 0)
		return true;
	client_release(&query->client);
	/* What is typed comes before any answer. */
	query->client.cancel_fd = watching->screen.events;
	if (!client_open(&query->client, CLIENT_LOOK, diags))
		return false;
	return query->client.fd < 0 ||
	       client_call(
		       &query->client, CONTROL_SUBSCRIBE, NULL, &reply, diags);
}

static bool collect(struct watching *watching, struct status_table *table,
	struct diags *diags)
{
	struct supervisor_query *query = &watching->query;
	json_auto_t *chosen = NULL;
	size_t i;
	json_t *status;

	status_table_begin(table);
	if (!watching->options->count) {
		watching->defined.take = status_table_take;
		watching->defined.data = table;
		defined_begin(&watching->defined, watching->options);
		if (!supervisor_query_each(
			    query, defined_take, &watching->defined, diags))
			return false;
		defined_end(&watching->defined);
		return true;
	}
	if (!supervisor_query_ask(query, QUERY_LEFTOVERS | QUERY_BRIEF, diags))
		return false;
	if (!status_choose(&chosen, query, watching->options, diags)) {
		watching->unknown = true;
		return false;
	}
	json_array_foreach(chosen, i, status) status_table_take(status, table);
	return true;
}

/* What is going on, and how to leave, as far as there is room. */
static void append_title(const struct watching *watching,
	const struct status_table *table, size_t width, struct text *frame)
{
	AUTO(text) left = TEXT_INIT;
	AUTO(text) right = TEXT_INIT;
	size_t room;
	size_t shown;

	if (table->bridges || watching->query.client.fd >= 0)
		status_table_sum(table, &left);
	if (watching->query.client.fd < 0)
		text_format(
			&left, "%sno supervisor runs", left.length ? "; " : "");
	if (watching->defined.diags.errors)
		text_format(&left, "%ssome definitions cannot be read",
			left.length ? "; " : "");
	if (watching->count > watching->seen)
		text_format(&right, "%zu-%zu of %zu  ", watching->top + 1,
			watching->top + watching->seen, watching->count);
	text_append(
		&right, watching->screen.keys >= 0 ? "q quits" : "^C quits");
	/* How to leave is never what there is no room for. */
	room = width > right.length + 2 ? width - right.length - 2 : 0;
	shown = utf8_prefix(left.data, left.length, room);
	text_append_bytes(frame, left.data, shown);
	text_format(frame, "%*s%.*s\n",
		(int)(room ? room + 2 - utf8_width(left.data, shown) : 0), "",
		(int)width, right.data);
}

static void clamp(struct watching *watching, size_t bridges, size_t height)
{
	watching->count = bridges;
	watching->seen = height > ABOVE ? height - ABOVE : 1;
	if (watching->seen > bridges)
		watching->seen = bridges;
	if (watching->top > bridges - watching->seen)
		watching->top = bridges - watching->seen;
}

/* The head and the rows that are seen. */
static void append_rows(const struct watching *watching,
	const struct status_table *table, struct text *frame)
{
	char *lines = NULL;
	size_t size = 0;
	size_t row = 0;
	FILE *stream = open_memstream(&lines, &size);

	if (!stream)
		own_out_of_memory();
	table_print(&table->table, stream);
	fclose(stream);
	for (const char *line = lines; *line; row++) {
		size_t length = strcspn(line, "\n") + 1;

		if (!row || (row > watching->top &&
				    row <= watching->top + watching->seen))
			text_append_bytes(frame, line, length);
		line += length;
	}
	free(lines);
}

/* The last column stays free: what is cleared behind a line begins there. */
static void size_of(size_t *width, size_t *height)
{
	terminal_size(STDOUT_FILENO, width, height);
	*width -= *width > 1;
}

static void draw(struct watching *watching, struct status_table *table)
{
	AUTO(text) frame = TEXT_INIT;
	size_t width;
	size_t height;

	size_of(&width, &height);
	table->table.width = width;
	clamp(watching, table->bridges, height);
	append_title(watching, table, width, &frame);
	if (table->bridges)
		append_rows(watching, table, &frame);
	screen_draw(&watching->screen, &frame);
}

static void take_keys(struct watching *watching)
{
	for (enum screen_key key;
		(key = screen_key(&watching->screen)) != SCREEN_NOTHING;) {
		size_t page = watching->seen;
		size_t most = watching->count - page;
		size_t *top = &watching->top;

		if (key == SCREEN_QUIT) {
			watching->quit = true;
			return;
		}
		if (key == SCREEN_DOWN)
			*top += 1;
		else if (key == SCREEN_UP)
			*top -= *top ? 1 : 0;
		else if (key == SCREEN_PAGE_DOWN)
			*top += page;
		else if (key == SCREEN_PAGE_UP)
			*top -= *top > page ? page : *top;
		else if (key == SCREEN_FIRST)
			*top = 0;
		else if (key == SCREEN_LAST)
			*top = most;
		if (*top > most)
			*top = most;
	}
}

/* What has come is asked for anew: here it only says that something has. */
static bool drain(struct client *client)
{
	enum client_answer answer;
	json_t *message;

	do {
		answer = client_next(client, &message, 0);
		json_decref(message);
	} while (answer == CLIENT_MESSAGE);
	return answer == CLIENT_TIMEOUT;
}

/* Until something is typed or happens, or a second has passed. */
static void wait_for_change(struct watching *watching)
{
	struct client *client = &watching->query.client;
	struct pollfd fds[] = {
		{.fd = watching->screen.events, .events = POLLIN},
		{.fd = client->fd, .events = POLLIN}};
	int ready = poll(fds, COUNT(fds), REDRAW_MS);

	if (ready > 0 && !fds[0].revents)
		poll(fds, 1, GATHER_MS);
	if (client->fd >= 0 && !drain(client))
		client_release(client);
}

static bool show(struct watching *watching, struct diags *diags)
{
	AUTO(status_table) table = STATUS_TABLE_INIT;

	if (!open_client(watching, diags) || !collect(watching, &table, diags))
		return false;
	draw(watching, &table);
	return true;
}

/*
 * A supervisor that ends as it is asked, or does not answer, may be back soon:
 * who watches is told and decides.
 */
static void show_trouble(struct watching *watching, const struct diags *diags)
{
	struct pollfd typed = {.fd = watching->screen.events, .events = POLLIN};
	AUTO(text) frame = TEXT_INIT;
	size_t width;
	size_t height;

	client_release(&watching->query.client);
	if (poll(&typed, 1, 0) > 0)
		return;
	if (diags->count) {
		const char *message = diags->list[0].message;

		size_of(&width, &height);
		text_append_bytes(&frame, message,
			utf8_prefix(message, strlen(message), width));
		text_append_char(&frame, '\n');
		screen_draw(&watching->screen, &frame);
	}
	poll(&typed, 1, REDRAW_MS);
}

enum exit_status status_watch(
	const struct options *options, struct diags *diags)
{
	struct watching watching = {.screen = SCREEN_INIT,
		.query = SUPERVISOR_QUERY_INIT,
		.defined = DEFINED_INIT,
		.options = options};
	enum exit_status status = EXIT_YES;

	supervisor_query_for(&watching.query, options);
	if (!screen_open(&watching.screen)) {
		diag_errno(
			diags, NULL, RULE_IO_READ, "cannot use the terminal");
		status = EXIT_UNABLE;
	}
	while (status == EXIT_YES && !watching.quit) {
		AUTO(diags) passing = DIAGS_INIT;

		if (show(&watching, &passing))
			wait_for_change(&watching);
		else
			show_trouble(&watching, &passing);
		take_keys(&watching);
		if (watching.unknown) {
			diags_move(diags, &passing);
			status = EXIT_NO;
		}
	}
	screen_release(&watching.screen);
	supervisor_query_release(&watching.query);
	defined_release(&watching.defined);
	return status;
}
