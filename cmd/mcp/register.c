/*
 * `bridge mcp register`: tell Claude Code of this server, through its own
 * command where there is one, else in the project's .mcp.json.
 */
#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/write_file.h"
#include "schema/own.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char file[] = ".mcp.json";

/* Where the shell would find it, or NULL; malloc'd. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t length = strcspn(path, ":");
		AUTO(text) candidate = TEXT_INIT;
		struct stat status;

		text_append_bytes(&candidate, path, length);
		text_format(&candidate, "%s%s", length ? "/" : "./", name);
		if (!stat(candidate.data, &status) && S_ISREG(status.st_mode) &&
			!access(candidate.data, X_OK))
			return text_detach(&candidate);
		path += length + (path[length] == ':');
	}
	return NULL;
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat x;
	struct stat y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/*
 * How others call this program: a project's file is shared, so by name where
 * that finds us; else by our own path.
 */
static char *own_command(bool shared)
{
	char self[PATH_MAX] = "";
	AUTO_FREE char *found = find_program("bridge");
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0 || (shared && found && is_same_file(found, self)))
		return own_strdup("bridge");
	return own_strdup(self);
}

static json_t *entry(const char *command)
{
	return json_pack("{s:s, s:s, s:[s]}", "type", "stdio", "command",
		command, "args", "mcp");
}

/* What claude says goes to stderr: our answer is ours. Its exit status. */
static int run_claude(const char *claude, const char *const *words, bool quiet)
{
	const char *argv[16] = {claude, "mcp"};
	posix_spawn_file_actions_t actions;
	int status = -1;
	size_t count = 2;
	pid_t pid;

	for (; *words && count < COUNT(argv) - 1; words++)
		argv[count++] = *words;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(
		&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (quiet) {
		posix_spawn_file_actions_addopen(
			&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
		posix_spawn_file_actions_addopen(
			&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	} else {
		posix_spawn_file_actions_adddup2(
			&actions, STDERR_FILENO, STDOUT_FILENO);
	}
	if (!posix_spawn(&pid, claude, &actions, NULL,
		    (char *const *)(uintptr_t)argv, environ))
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
	posix_spawn_file_actions_destroy(&actions);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One that is there already is replaced: twice is no error. */
static enum exit_status tell_claude(
	const char *claude, const char *scope, const char *command)
{
	const char *const removal[] = {
		"remove", "--scope", scope, "bridge", NULL};
	const char *const adding[] = {
		"add", "--scope", scope, "bridge", "--", command, "mcp", NULL};

	run_claude(claude, removal, true);
	if (!run_claude(claude, adding, false))
		return EXIT_YES;
	output_error("'%s mcp add' has failed; `bridge mcp register --print` "
		     "shows what to tell it",
		claude);
	return EXIT_UNABLE;
}

/* The file's object; an empty one where there is none. NULL after an error. */
static json_t *read_file(struct diags *diags)
{
	json_error_t error;
	json_t *json;

	if (access(file, F_OK))
		return json_object();
	json = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
	if (json_is_object(json) &&
		(!json_object_get(json, "mcpServers") ||
			json_is_object(json_object_get(json, "mcpServers"))))
		return json;
	if (json)
		diag_error(diags, NULL, RULE_IO_READ,
			"'%s' is no object with mcpServers in it; it was left "
			"as it is",
			file);
	else
		diag_error(diags, NULL, RULE_IO_READ,
			"'%s' is no JSON (line %d: %s); it was left as it is",
			file, error.line, error.text);
	json_decref(json);
	return NULL;
}

static enum exit_status merge(const char *command, struct diags *diags)
{
	json_auto_t *json = read_file(diags);
	json_t *servers = json_object_get(json, "mcpServers");
	json_auto_t *ours = entry(command);
	AUTO(text) text = TEXT_INIT;
	AUTO_FREE char *dump = NULL;

	if (!json)
		return EXIT_UNABLE;
	if (json_equal(json_object_get(servers, "bridge"), ours)) {
		output_note("'%s' has it already", file);
		return EXIT_YES;
	}
	if (!servers) {
		servers = json_object();
		json_object_set_new(json, "mcpServers", servers);
	}
	json_object_set(servers, "bridge", ours);
	dump = json_dumps(json, JSON_INDENT(2));
	text_format(&text, "%s\n", dump);
	if (!write_file(file, &text, diags))
		return EXIT_UNABLE;
	output_note("'%s' tells of it now", file);
	return EXIT_YES;
}

static void print(const char *scope, const char *command)
{
	json_t *json = json_pack(
		"{s:{s:o}}", "mcpServers", "bridge", entry(command));
	AUTO_FREE char *dump = json_dumps(json, JSON_INDENT(2));

	printf("# claude mcp add --scope %s bridge -- %s mcp\n"
	       "# or, in %s:\n%s\n",
		scope, command, file, dump);
	json_decref(json);
}

enum exit_status command_mcp_register(const struct options *options)
{
	const char *scope = options->scope ? options->scope : "local";
	bool shared = !strcmp(scope, "project");
	AUTO_FREE char *command = own_command(shared);
	AUTO_FREE char *claude = find_program("claude");
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = EXIT_UNABLE;

	if (options->print && options->json) {
		output_json(entry(command));
		return EXIT_YES;
	}
	if (options->print) {
		print(scope, command);
		return EXIT_YES;
	}
	if (claude)
		return tell_claude(claude, scope, command);
	if (shared)
		status = merge(command, &diags);
	else
		output_error("there is no 'claude' here to tell; --scope "
			     "project writes %s, and --print shows what to "
			     "put elsewhere",
			file);
	output_diags(&diags, options->verbose);
	return status;
}
