#include "tunnel/health/health.h"

#include "tunnel/health/round_trip_schedule.h"

#include "schema/base/alloc.h"
#include "schema/base/version.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_BODY = 64 * 1024 };

struct health_pool {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer;
	struct round_trip_schedule *looks; /* of those that have a way */
	unsigned sizes;
};

/* One for each socket that libcurl wants watched. */
struct watch {
	uv_poll_t poll;
	struct health_pool *pool;
	curl_socket_t socket;
};

struct health_check {
	struct health_pool *pool;
	uv_timer_t timer;
	CURL *easy; /* while a request runs */
	char *url, *expect;
	char *socket_path; /* the way to the remote end, or NULL */
	struct round_trip_schedule look;
	uint64_t interval_ms, timeout_ms;
	struct health_result result;
	bool decided; /* enough was received: end it, it is a success */
	bool stream;
	size_t body;
	void (*changed)(const struct health_result *result, void *data);
	void *data;
};

bool health_status_expected(const char *list, long code)
{
	while (*list) {
		char *end;
		long first = strtol(list, &end, 10);
		long last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (code >= first && code <= last)
			return true;
		if (*end != ',')
			return false;
		list = end + 1;
	}
	return false;
}

/* Each of the connections that are one behind the other may be refused. */
static bool is_hung_up(CURLcode code)
{
	return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
	       code == CURLE_GOT_NOTHING;
}

/*
 * A connection to a socket here that is closed before curl looks at it counts
 * as not made, with no error of connect(2).
 */
static CURLcode final_code(const struct health_check *check, CURLcode code)
{
	long error = 0;

	curl_easy_getinfo(check->easy, CURLINFO_OS_ERRNO, &error);
	if (code == CURLE_COULDNT_CONNECT && check->socket_path && !error)
		return CURLE_GOT_NOTHING;
	return code;
}

static void judge(struct health_check *check, CURLcode code)
{
	struct health_result *result = &check->result;

	if (code == CURLE_WRITE_ERROR && check->decided)
		code = CURLE_OK;
	result->ok = code == CURLE_OK &&
		     health_status_expected(check->expect, result->status);
	result->message[0] = '\0';
	if (round_trip_schedule_is_missed(&check->look)) {
		result->ok = false;
		snprintf(result->message, sizeof(result->message),
			"something else answers at the remote end: the request "
			"did not come back through this bridge");
	} else if (check->socket_path && !result->status && is_hung_up(code)) {
		snprintf(result->message, sizeof(result->message),
			"hung up: the service here is down, nothing listens at "
			"the remote end, or its sshd forbids the way "
			"(AllowTcpForwarding, permitopen)");
	} else if (code != CURLE_OK) {
		snprintf(result->message, sizeof(result->message), "%s: %s",
			check->url, curl_easy_strerror(code));
	} else if (!result->ok) {
		snprintf(result->message, sizeof(result->message),
			"%s: HTTP status %ld, expected %s", check->url,
			result->status, check->expect);
	}
}

static void on_interval(uv_timer_t *timer);

static void start_now(struct health_check *check)
{
	uv_timer_start(&check->timer, on_interval, 0, check->interval_ms);
}

static void ask(void *check)
{
	start_now(check);
}

static void finish(struct health_check *check, CURLcode code)
{
	struct health_result *result = &check->result;
	curl_off_t total_us = 0;
	bool again = round_trip_schedule_end(&check->look);

	curl_easy_getinfo(check->easy, CURLINFO_RESPONSE_CODE, &result->status);
	curl_easy_getinfo(check->easy, CURLINFO_TOTAL_TIME_T, &total_us);
	code = final_code(check, code);
	curl_multi_remove_handle(check->pool->multi, check->easy);
	curl_easy_cleanup(check->easy);
	check->easy = NULL;
	if (again) {
		start_now(check);
		return;
	}
	round_trip_schedule_wake(&check->look);
	result->latency_ms = (uint64_t)total_us / 1000;
	result->stream = check->stream;
	result->endless = check->body > MAX_BODY;
	judge(check, code);
	if (result->ok && round_trip_schedule_is_in_doubt(&check->look))
		return;
	result->known = true;
	result->failures = result->ok ? 0 : result->failures + 1;
	check->changed(result, check->data);
}

static void collect(struct health_pool *pool)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(pool->multi, &left))) {
		struct health_check *check;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(
			message->easy_handle, CURLINFO_PRIVATE, &check);
		finish(check, message->data.result);
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct health_pool *pool = timer->data;
	int running;

	curl_multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(pool);
}

static int set_timer(CURLM *multi, long timeout_ms, void *data)
{
	struct health_pool *pool = data;

	(void)multi;
	if (timeout_ms < 0)
		uv_timer_stop(&pool->timer);
	else
		uv_timer_start(&pool->timer, on_timer, (uint64_t)timeout_ms, 0);
	return 0;
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = poll->data;
	struct health_pool *pool = watch->pool;
	int running;
	int mask = 0;

	if (status < 0)
		mask = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		mask |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		mask |= CURL_CSELECT_OUT;
	curl_multi_socket_action(pool->multi, watch->socket, mask, &running);
	collect(pool);
}

static void free_watch(uv_handle_t *handle)
{
	free(handle->data);
}

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *data,
	void *socket_data)
{
	struct health_pool *pool = data;
	struct watch *watch = socket_data;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch) {
			uv_poll_stop(&watch->poll);
			uv_close((uv_handle_t *)&watch->poll, free_watch);
		}
		curl_multi_assign(pool->multi, socket, NULL);
		return 0;
	}
	if (!watch) {
		watch = own_alloc(sizeof(*watch));
		watch->pool = pool;
		watch->socket = socket;
		if (uv_poll_init_socket(pool->loop, &watch->poll, socket) < 0) {
			free(watch);
			return -1;
		}
		watch->poll.data = watch;
		curl_multi_assign(pool->multi, socket, watch);
	}
	if (what != CURL_POLL_IN)
		events |= UV_WRITABLE;
	if (what != CURL_POLL_OUT)
		events |= UV_READABLE;
	uv_poll_start(&watch->poll, events, on_socket);
	return 0;
}

struct health_pool *health_pool_create(uv_loop_t *loop)
{
	struct health_pool *pool;
	CURLM *multi;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return NULL;
	multi = curl_multi_init();
	if (!multi)
		return NULL;
	pool = own_alloc(sizeof(*pool));
	pool->loop = loop;
	pool->multi = multi;
	uv_timer_init(loop, &pool->timer);
	pool->timer.data = pool;
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, pool);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, pool);
	return pool;
}

static void free_pool(uv_handle_t *handle)
{
	free(handle->data);
}

void health_pool_destroy(struct health_pool *pool)
{
	if (!pool)
		return;
	curl_multi_cleanup(pool->multi);
	uv_close((uv_handle_t *)&pool->timer, free_pool);
	curl_global_cleanup();
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data)
{
	static const char type[] = "content-type:";
	static const char stream[] = "text/event-stream";
	struct health_check *check = data;
	size_t length = size * count;
	size_t at = sizeof(type) - 1;
	long sent = 0;

	curl_easy_getinfo(check->easy, CURLINFO_REQUEST_SIZE, &sent);
	round_trip_schedule_at(&check->look, sent > 0 ? (size_t)sent : 0);
	if (length > at && !strncasecmp(bytes, type, at)) {
		while (at < length && (bytes[at] == ' ' || bytes[at] == '\t'))
			at++;
		check->stream = length - at >= sizeof(stream) - 1 &&
				!strncasecmp(
					bytes + at, stream, sizeof(stream) - 1);
	}
	/* The empty line: an event stream has said all it needs to. */
	if (length <= 2 && check->stream) {
		check->decided = true;
		return 0;
	}
	return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
	struct health_check *check = data;

	(void)bytes;
	check->body += size * count;
	if (check->body <= MAX_BODY)
		return size * count;
	check->decided = true;
	return 0;
}

/* One that looks has a size of its own. */
static void set_agent(struct health_check *check)
{
	static const char dots[] = "................................"
				   "................................";
	int count = check->look.looking ? 1 + (int)(check->pool->sizes++ %
						      (sizeof(dots) - 1))
					: 0;
	char agent[128];

	snprintf(agent, sizeof(agent), "bridge/%s%s%.*s%s", bridge_version,
		count ? " (" : "", count, dots, count ? ")" : "");
	curl_easy_setopt(check->easy, CURLOPT_USERAGENT, agent);
}

static void set_options(struct health_check *check)
{
	CURL *easy = check->easy;

	curl_easy_setopt(easy, CURLOPT_URL, check->url);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, check);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* Ending a request must not wait for a resolver that hangs. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	set_agent(check);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)check->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, check);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, check);
	/* Each check proves that a new connection can be made. */
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	if (check->socket_path)
		curl_easy_setopt(
			easy, CURLOPT_UNIX_SOCKET_PATH, check->socket_path);
}

static void on_interval(uv_timer_t *timer)
{
	struct health_check *check = timer->data;

	if (check->easy)
		return;
	if (!round_trip_schedule_begin(
		    &check->look, uv_now(check->pool->loop) + 1))
		return;
	check->easy = curl_easy_init();
	if (!check->easy) {
		round_trip_schedule_end(&check->look);
		return;
	}
	check->decided = false;
	check->stream = false;
	check->body = 0;
	set_options(check);
	curl_multi_add_handle(check->pool->multi, check->easy);
}

static char *copy(const char *string)
{
	return string ? own_strdup(string) : NULL;
}

struct health_check *health_start(struct health_pool *pool,
	const struct bridge *bridge, const struct health_way *way,
	void (*changed)(const struct health_result *result, void *data),
	void *data)
{
	struct health_check *check = own_alloc(sizeof(*check));

	check->pool = pool;
	check->url = copy(bridge->health_url);
	check->expect = copy(bridge->health_expect_status);
	if (way) {
		check->socket_path = copy(way->socket);
		check->look.ssh = way->ssh;
		if (!bridge_leads_to_socket(bridge))
			check->look.port = bridge->local_port;
		check->look.measured = check->look.port &&
				       !strncasecmp(check->url, "http:", 5);
		check->look.ask = ask;
		check->look.data = check;
		round_trip_schedule_join(&check->look, &pool->looks);
	}
	check->interval_ms = bridge->health_interval_ms;
	check->timeout_ms = bridge->health_timeout_ms;
	check->changed = changed;
	check->data = data;
	uv_timer_init(pool->loop, &check->timer);
	check->timer.data = check;
	start_now(check);
	return check;
}

static void free_check(uv_handle_t *handle)
{
	struct health_check *check = handle->data;

	free(check->url);
	free(check->expect);
	free(check->socket_path);
	free(check);
}

void health_stop(struct health_check *check)
{
	if (!check)
		return;
	round_trip_schedule_leave(&check->look);
	if (check->easy) {
		curl_multi_remove_handle(check->pool->multi, check->easy);
		curl_easy_cleanup(check->easy);
		check->easy = NULL;
	}
	uv_close((uv_handle_t *)&check->timer, free_check);
}

void health_probe(struct health_check *check)
{
	if (check)
		start_now(check);
}

struct asked {
	uv_loop_t *loop;
	struct health_result result;
};

static void on_asked(const struct health_result *result, void *data)
{
	struct asked *asked = data;

	asked->result = *result;
	uv_stop(asked->loop);
}

bool health_ask(const struct bridge *bridge, struct health_result *result)
{
	uv_loop_t loop;
	struct asked asked = {.loop = &loop};
	struct health_pool *pool;
	struct health_check *check;

	if (uv_loop_init(&loop))
		return false;
	pool = health_pool_create(&loop);
	if (pool) {
		check = health_start(pool, bridge, NULL, on_asked, &asked);
		uv_run(&loop, UV_RUN_DEFAULT);
		health_stop(check);
		health_pool_destroy(pool);
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	uv_loop_close(&loop);
	*result = asked.result;
	return result->known;
}
