#include "cmd/bridges/bring_up.h"

#include "cmd/bridges/bring_up_report.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"
#include "cmd/ui/progress.h"
#include "schema/base/json_line.h"

#include <stdlib.h>
#include <string.h>

/* A supervisor that ends just as we come is asked again, this often. */
enum { TRIES = 5 };

/* How long after its time `up` waits for the supervisor to have heard it. */
enum { ANSWERS_MS = 10000 };

enum conversation { TALK_ENDED, TALK_LOST };

static struct bring_up_entry *find_entry(
	struct bring_up *settling, const char *name)
{
	for (size_t i = 0; name && i < settling->count; i++)
		if (!strcmp(settling->entries[i].name, name))
			return &settling->entries[i];
	return NULL;
}

static struct bring_up_entry *find_id(struct bring_up *settling, json_int_t id)
{
	for (size_t i = 0; id && i < settling->count; i++)
		if (settling->entries[i].id == id)
			return &settling->entries[i];
	return NULL;
}

/* `up` came while it was being stopped: it starts anew after that. */
static bool is_stopping(const struct bring_up_entry *entry)
{
	const char *state = json_text(entry->status, "state");

	return state && !strcmp(state, "stopping");
}

static void take_status(struct bring_up_entry *entry, json_t *status)
{
	json_decref(entry->status);
	entry->status = json_incref(status);
	entry->settled = bring_up_entry_has_result(entry) ||
			 bring_up_entry_is_stopped(entry);
}

static void take_reply(struct bring_up *settling, struct bring_up_entry *entry,
	const json_t *message)
{
	const json_t *error = json_object_get(message, "error");
	const char *why = json_text(error, "message");

	entry->answered = true;
	if (error) {
		entry->refusal = own_strdup(why ? why : "refused");
		entry->settled = true;
		return;
	}
	entry->already = json_is_true(json_object_get(message, "already"));
	entry->changed = json_is_true(json_object_get(message, "changed"));
	if (json_object_get(message, "bridge"))
		take_status(entry, json_object_get(message, "bridge"));
	if (is_stopping(entry))
		entry->restarts = true;
	/*
	 * A bridge that was waiting for its next attempt is attempting now:
	 * its state is the same word, but the attempt's end is yet to come.
	 */
	if (entry->already && !bring_up_entry_is_up(entry))
		entry->settled = false;
	if (settling->options->no_wait || settling->op == CONTROL_UPDATE)
		entry->settled = true;
}

/* Events of before our restart do not count. */
static void take_event(struct bring_up *settling, struct bring_up_entry *entry,
	const json_t *message)
{
	const char *event = json_text(message, "event");
	json_t *bridge = json_object_get(message, "bridge");

	if (!event || (entry->restarts && strcmp(event, "bridge_started") != 0))
		return;
	entry->restarts = false;
	take_status(entry, bridge);
	if (settling->options->no_wait)
		entry->settled = entry->answered;
}

static unsigned count_settled(const struct bring_up *settling)
{
	unsigned count = 0;

	for (size_t i = 0; i < settling->count; i++)
		count += settling->entries[i].settled &&
			 settling->entries[i].answered;
	return count;
}

/* One more has come up, or has failed. */
static void tell_progress(struct bring_up *settling,
	const struct bring_up_entry *entry, unsigned before)
{
	const struct waiting *waiting = settling->options->waiting;
	unsigned now = waiting && waiting->progress ? count_settled(settling)
						    : 0;
	AUTO(text) text = TEXT_INIT;
	const char *state = json_text(entry->status, "state");

	if (now <= before)
		return;
	text_format(&text, "%s: %s", entry->name,
		entry->refusal ? "refused"
		: state        ? state
			       : "starting");
	waiting->progress(
		waiting->data, now, (unsigned)settling->count, text.data);
}

static void take_message(struct bring_up *settling, const json_t *message)
{
	unsigned before = settling->options->waiting ? count_settled(settling)
						     : 0;

	struct bring_up_entry *entry = find_id(
		settling, json_integer_value(json_object_get(message, "id")));

	if (entry) {
		take_reply(settling, entry, message);
		tell_progress(settling, entry, before);
		return;
	}
	entry = find_entry(settling,
		json_text(json_object_get(message, "bridge"), "name"));
	if (!entry)
		return;
	take_event(settling, entry, message);
	tell_progress(settling, entry, before);
}

static bool all_settled(const struct bring_up *settling)
{
	return count_settled(settling) == settling->count;
}

/*
 * Hanging up before an `up` is answered might take it back. The answer to a
 * restart takes as long as the old process does, and is not waited for.
 */
static bool may_leave(const struct bring_up *settling)
{
	if (settling->op != CONTROL_UP)
		return true;
	for (size_t i = 0; i < settling->count; i++)
		if (!settling->entries[i].answered)
			return false;
	return true;
}

static bool any_answered(const struct bring_up *settling)
{
	for (size_t i = 0; i < settling->count; i++)
		if (settling->entries[i].answered)
			return true;
	return false;
}

/* What has come so far. The supervisor cuts off who sends and never reads. */
static void take_waiting(struct bring_up *settling, struct client *client)
{
	json_t *message;

	while (client_next(client, &message, 0) == CLIENT_MESSAGE) {
		take_message(settling, message);
		json_decref(message);
	}
	json_decref(message);
}

static bool send_all(
	struct bring_up *settling, struct client *client, struct diags *diags)
{
	for (size_t i = 0; i < settling->count; i++) {
		struct bring_up_entry *entry = &settling->entries[i];

		if (entry->answered)
			continue;
		entry->id = client_send(client, settling->op,
			json_deep_copy(entry->request), diags);
		if (!entry->id)
			return false;
		take_waiting(settling, client);
	}
	return true;
}

/* "2 of 5 are up or have failed; waiting for api, db" */
static void show_progress(struct bring_up *settling)
{
	AUTO(text) line = TEXT_INIT;
	const char *before = "";

	text_format(&line, "%u of %zu settled; waiting for ",
		count_settled(settling), settling->count);
	for (size_t i = 0; i < settling->count; i++) {
		const struct bring_up_entry *entry = &settling->entries[i];

		if (entry->settled && entry->answered)
			continue;
		text_format(&line, "%s%s", before, entry->name);
		before = ", ";
	}
	progress_show(&settling->progress, &line);
}

/* client_next(), with a line for who waits. */
static enum client_answer next_message(struct bring_up *settling,
	struct client *client, json_t **message, int64_t deadline)
{
	for (;;) {
		int64_t wait = progress_next(&settling->progress);
		int64_t tick = client_now() + wait;
		bool ticks = wait >= 0 && (deadline < 0 || tick < deadline);
		enum client_answer answer = client_next(
			client, message, ticks ? tick : deadline);

		if (!ticks || answer != CLIENT_TIMEOUT || client_now() < tick)
			return answer;
		show_progress(settling);
	}
}

static void set_stopped(struct bring_up_entry *entry)
{
	json_t *status = entry->status ? json_copy(entry->status)
				       : json_object();

	if (entry->refusal) {
		json_decref(status);
		return;
	}
	json_object_set_new(status, "name", json_string(entry->name));
	json_object_set_new(status, "state", json_string("stopped"));
	entry->restarts = false;
	take_status(entry, status);
	json_decref(status);
}

/*
 * Another supervisor has taken over what this one ran: how are those by now
 * that the first had answered for? None is being stopped while that happens.
 */
static bool catch_up(
	struct bring_up *settling, struct client *client, struct diags *diags)
{
	json_auto_t *reply = NULL;
	json_t *bridge;
	size_t i;

	if (!any_answered(settling))
		return true;
	if (!client_call(client, CONTROL_STATUS, NULL, &reply, diags))
		return false;
	/* Those that it does not know have been taken down. */
	for (size_t k = 0; k < settling->count; k++)
		if (settling->entries[k].answered)
			set_stopped(&settling->entries[k]);
	json_array_foreach(json_object_get(reply, "bridges"), i, bridge)
	{
		struct bring_up_entry *entry = find_entry(
			settling, json_text(bridge, "name"));

		if (!entry || !entry->answered || entry->refusal)
			continue;
		entry->restarts = false;
		take_status(entry, bridge);
		if (settling->options->no_wait ||
			settling->op == CONTROL_UPDATE)
			entry->settled = true;
	}
	return true;
}

static enum conversation converse(struct bring_up *settling,
	struct client *client, int64_t deadline, struct diags *diags)
{
	AUTO(diags) late_news = DIAGS_INIT;
	bool late = false;
	json_t *reply;

	if (!client_call(client, CONTROL_SUBSCRIBE, NULL, &reply, diags))
		return TALK_LOST;
	json_decref(reply);
	if (!catch_up(settling, client, diags) ||
		!send_all(settling, client, diags))
		return TALK_LOST;
	if (settling->options->waiting)
		client->cancel_fd = settling->options->waiting->hurry_fd;
	while (!all_settled(settling) && !(late && may_leave(settling))) {
		json_t *message;
		enum client_answer answer = next_message(
			settling, client, &message, deadline);

		if (answer == CLIENT_MESSAGE)
			take_message(settling, message);
		json_decref(message);
		if (answer == CLIENT_LOST)
			return TALK_LOST;
		if (answer != CLIENT_TIMEOUT)
			continue;
		if (late || may_leave(settling))
			return TALK_ENDED;
		late = true;
		deadline = client_now() + ANSWERS_MS;
		client->cancel_fd = -1;
	}
	client->cancel_fd = -1;
	/* The files in the state directory agree with what we print. */
	if (client_call(client, CONTROL_FLUSH, NULL, &reply, &late_news))
		json_decref(reply);
	else if (!settling->options->quiet && late_news.count)
		output_note("the files in '%s' may not be up to date: %s",
			client->path, late_news.list[0].message);
	return TALK_ENDED;
}

/*
 * Those that have had an answer are not started again: where no supervisor is
 * any more, somebody has ended it.
 */
static bool hand_over(struct bring_up *settling, struct diags *diags)
{
	int64_t deadline = client_now() +
			   (int64_t)settling->options->wait_seconds * 1000;
	bool ended = false;

	progress_begin(&settling->progress, settling->options);
	for (int i = 0; i < TRIES && !ended; i++) {
		AUTO(client) client = CLIENT_INIT;
		AUTO(diags) passing = DIAGS_INIT;
		unsigned before = count_settled(settling);
		bool asked = any_answered(settling);

		if (settling->options->waiting)
			client.cancel_fd =
				settling->options->waiting->cancel_fd;
		if (!client_open(
			    &client, asked ? CLIENT_LOOK : CLIENT_START, diags))
			break;
		supervisor_query_note_older(&client);
		settling->gone = client.fd < 0;
		for (size_t k = 0; settling->gone && k < settling->count; k++)
			set_stopped(&settling->entries[k]);
		ended = settling->gone || converse(settling, &client, deadline,
						  &passing) == TALK_ENDED;
		if (!ended && (asked != any_answered(settling) ||
				      count_settled(settling) > before))
			i = 0;
		if (i + 1 == TRIES)
			diags_move(diags, &passing);
	}
	progress_end(&settling->progress);
	return ended;
}

static struct bring_up begin_step(
	enum control_op op, const json_t *list, const struct options *options)
{
	struct bring_up settling = {.op = op, .options = options};

	settling.count = json_array_size(list);
	settling.entries = own_alloc(
		settling.count * sizeof(*settling.entries));
	for (size_t i = 0; i < settling.count; i++) {
		const json_t *request = json_array_get(list, i);
		const json_t *bridge = json_object_get(request, "bridge");

		settling.entries[i].request = request;
		settling.entries[i].restarts = op == CONTROL_RESTART;
		settling.entries[i].name = json_text(
			bridge ? bridge : request, "name");
	}
	return settling;
}

static void free_entries(struct bring_up *settling)
{
	for (size_t i = 0; i < settling->count; i++) {
		json_decref(settling->entries[i].status);
		free(settling->entries[i].refusal);
	}
	free(settling->entries);
}

static enum exit_status judge_entries(const struct bring_up *settling)
{
	for (size_t i = 0; i < settling->count; i++) {
		const struct bring_up_entry *entry = &settling->entries[i];

		if (entry->refusal || (!settling->options->no_wait &&
					      !bring_up_entry_is_up(entry)))
			return EXIT_NO;
	}
	return EXIT_YES;
}

static int by_name(const void *a, const void *b)
{
	const struct bring_up_entry *x = a;
	const struct bring_up_entry *y = b;

	return strcmp(x->name, y->name);
}

/* Those of the second behind those of the first. */
static void join_entries(struct bring_up *to, struct bring_up *from)
{
	to->entries = own_realloc(
		to->entries, to->count + from->count + 1, sizeof(*to->entries));
	memcpy(to->entries + to->count, from->entries,
		from->count * sizeof(*from->entries));
	to->count += from->count;
	free(from->entries);
	from->entries = NULL;
	from->count = 0;
}

enum exit_status bring_up_all(const struct bring_up_step *steps, size_t count,
	const struct options *options, json_t **bridges, struct diags *diags)
{
	struct bring_up all = {.options = options};
	enum exit_status status = EXIT_YES;

	for (size_t i = 0; i < count && status != EXIT_UNABLE; i++) {
		struct bring_up one = begin_step(
			steps[i].op, steps[i].requests, options);

		if (one.count && !hand_over(&one, diags)) {
			status = EXIT_UNABLE;
			free_entries(&one);
			continue;
		}
		if (judge_entries(&one) != EXIT_YES && !steps[i].silent)
			status = EXIT_NO;
		all.gone |= one.gone;
		if (steps[i].silent)
			free_entries(&one);
		else
			join_entries(&all, &one);
	}
	if (count > 1 && all.count)
		qsort(all.entries, all.count, sizeof(*all.entries), by_name);
	bring_up_report_say_older(&all);
	if (bridges)
		*bridges = bring_up_report_json(&all);
	else if (!options->quiet && all.count)
		bring_up_report_print(&all);
	free_entries(&all);
	return status;
}

enum exit_status bring_up(enum control_op op, const json_t *list,
	const struct options *options, json_t **answer, struct diags *diags)
{
	const struct bring_up_step step = {.op = op, .requests = list};
	json_t *bridges = NULL;
	enum exit_status status = bring_up_all(
		&step, 1, options, answer ? &bridges : NULL, diags);

	if (answer && status != EXIT_UNABLE)
		*answer = json_pack("{s:o}", "bridges", bridges);
	else
		json_decref(bridges);
	return status;
}
