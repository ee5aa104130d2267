/*
 * The state directory as somebody else may have left it: every part is a
 * file, its first line the name.
 */
#include "tests/fuzz/fuzz.h"
#include "tunnel/state/state_status.h"

#include "schema/base/alloc.h"
#include "tunnel/state/audit_log.h"
#include "tunnel/state/state_dir.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_folder();
	return 0;
}

static void read_bridge(int directory, const char *name, const json_t *desired)
{
	json_auto_t *status = state_status(directory, name, desired);
	size_t end = 0;
	AUTO_FREE char *tail = audit_log_tail(directory, name, 3, &end);
	const char *state = json_string_value(json_object_get(status, "state"));
	size_t lines = 0;

	REQUIRE(state);
	REQUIRE(!strcmp(state, "failed") || !strcmp(state, "stopped"));
	for (const char *at = tail; at && *at; at++)
		lines += *at == '\n';
	REQUIRE(lines <= 3);
}

static void read_all(int directory)
{
	json_auto_t *desired = state_desired(directory);
	size_t count;
	char **names = state_names(directory, &count);

	REQUIRE(json_is_object(desired));
	for (size_t i = 0; i < count; i++) {
		read_bridge(directory, names[i], desired);
		free(names[i]);
	}
	free(names);
	state_clean(directory);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct part rest = {(const char *)bytes, length};
	struct part part;
	AUTO(diags) diags = DIAGS_INIT;
	char path[128];
	int files = 0;

	snprintf(path, sizeof(path), "%s/state", fuzz_folder());
	AUTO_CLOSE int directory = state_open(path, true, &diags);
	REQUIRE(directory >= 0);
	while (files++ < 8 && fuzz_part(&rest, &part)) {
		AUTO_FREE char *name = fuzz_string(fuzz_line(&part));
		char file[160];

		if (!*name || strlen(name) > 100 || strchr(name, '/'))
			continue;
		snprintf(file, sizeof(file), "state/%s", name);
		fuzz_write(file, part);
	}
	read_all(directory);
	fuzz_remove("state");
	return 0;
}
