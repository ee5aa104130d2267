/*
 * The audit log: its form, its rotation, its end.
 */
#include "tests/unit/unit.h"

#include "schema/base/text.h"
#include "tunnel/state/audit_log.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
	char path[64];
	int fd;
};

static int make_folder(void **state)
{
	struct folder *folder = own_alloc(sizeof(*folder));

	snprintf(
		folder->path, sizeof(folder->path), "/tmp/bridge-audit.XXXXXX");
	if (!mkdtemp(folder->path))
		return -1;
	folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = folder;
	return folder->fd < 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = {
		"hub.log", "hub.log.1", "hub.log.2", "hub.log.3", "hub.log.4"};
	struct folder *folder = *state;

	for (size_t i = 0; i < COUNT(names); i++)
		unlinkat(folder->fd, names[i], 0);
	close(folder->fd);
	rmdir(folder->path);
	free(folder);
	return 0;
}

static void a_line_has_the_promised_keys_in_order_and_stays_one_line(
	void **state)
{
	struct bridge bridge = {
		.name = (char *)"hub", .actor = (char *)"agent.x"};
	const struct audit_record record = {
		.event = AUDIT_CONNECTED,
		.when = {.tv_sec = 1773325381, .tv_nsec = 456789123},
		.detail = "a\n\x1b[31m\"b\xff",
	};
	AUTO_FREE char *line = audit_log_line(&bridge, &record);
	json_auto_t *json = json_loads(line, 0, NULL);
	static const char start[] =
		"{\"ts\":\"2026-03-12T14:23:01.456789\",\"tunnel\":\"hub\","
		"\"event\":\"bridge_connected\",\"actor\":\"agent.x\","
		"\"actor_class\":null,\"detail\":\"";

	(void)state;
	assert_non_null(json);
	assert_memory_equal(line, start, sizeof(start) - 1);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	assert_string_equal(json_string_value(json_object_get(json, "detail")),
		"a\\x0a\\x1b[31m\"b\\xff");
}

static void a_line_without_a_detail_has_an_empty_string(void **state)
{
	struct bridge bridge = {
		.name = (char *)"hub", .actor = (char *)"agent.x"};
	const struct audit_record record = {.event = AUDIT_CONNECTED};
	AUTO_FREE char *line = audit_log_line(&bridge, &record);
	AUTO_FREE char *after = audit_log_line_after(line, &record);

	(void)state;
	assert_non_null(strstr(line, "\"detail\":\"\","));
	assert_non_null(strstr(after, "\"detail\":\"\","));
}

static void append(struct folder *folder, const char *line)
{
	assert_true(audit_log_append(folder->fd, "hub", line, strlen(line)));
}

static void a_full_log_is_rotated_and_three_are_kept(void **state)
{
	struct folder *folder = *state;
	AUTO_FREE char *large = own_alloc(AUDIT_MAX_BYTES + 1);
	AUTO_FREE char *tail = NULL;
	struct stat status;

	memset(large, 'x', AUDIT_MAX_BYTES - 1);
	large[AUDIT_MAX_BYTES - 1] = '\n';
	for (int i = 0; i < 6; i++)
		append(folder, large);
	append(folder, "{\"event\":\"last\"}\n");

	assert_int_equal(fstatat(folder->fd, "hub.log.3", &status, 0), 0);
	assert_int_not_equal(fstatat(folder->fd, "hub.log.4", &status, 0), 0);
	assert_int_equal(fstatat(folder->fd, "hub.log", &status, 0), 0);
	assert_int_equal(status.st_size, strlen("{\"event\":\"last\"}\n"));
	tail = audit_log_tail(folder->fd, "hub", 1, NULL);
	assert_string_equal(tail, "{\"event\":\"last\"}\n");
}

static void the_tail_goes_on_in_older_files(void **state)
{
	struct folder *folder = *state;
	AUTO_FREE char *tail = NULL;
	AUTO_FREE char *none = audit_log_tail(folder->fd, "hub", 3, NULL);

	assert_null(none);
	append(folder, "1\n");
	append(folder, "2\n");
	renameat(folder->fd, "hub.log", folder->fd, "hub.log.1");
	append(folder, "3\n");
	append(folder, "4\n");
	tail = audit_log_tail(folder->fd, "hub", 3, NULL);

	assert_string_equal(tail, "2\n3\n4\n");
}

static void a_torn_last_line_is_not_the_last_event(void **state)
{
	struct folder *folder = *state;
	json_t *last;

	append(folder, "{\"event\":\"a\"}\n");
	append(folder, "{\"event\":\"b");
	last = audit_log_last(folder->fd, "hub");

	assert_string_equal(
		json_string_value(json_object_get(last, "event")), "a");
	json_decref(last);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_line_has_the_promised_keys_in_order_and_stays_one_line),
		cmocka_unit_test(a_line_without_a_detail_has_an_empty_string),
		cmocka_unit_test_setup_teardown(
			a_full_log_is_rotated_and_three_are_kept, make_folder,
			remove_folder),
		cmocka_unit_test_setup_teardown(the_tail_goes_on_in_older_files,
			make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			a_torn_last_line_is_not_the_last_event, make_folder,
			remove_folder),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
